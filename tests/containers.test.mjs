// compose.yaml and the Dockerfile, as far as a machine without a container engine can tell: what they name is there,
// what they promise is what the programs do, and the small images hold every library that the programs need.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, readFile, realpath } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';

import { parse } from 'yaml';

import { startDemo } from './harness/demo_services.mjs';
import { atEnd, BINARY, run as runSpoor, SLOW, startServer } from './harness/server.mjs';

const run = promisify(execFile);
const REPOSITORY = path.resolve(import.meta.dirname, '..');
const HEALTHY = path.join(REPOSITORY, 'tools/containers/healthy.sh');
const PORTS = { frontend: 8080, backend: 8081, 'database-service': 8082 };

let compose;
let stages; // { build: [{ word: 'RUN', text }], … }
before(async () => {
  compose = parse(await readFile(path.join(REPOSITORY, 'compose.yaml'), 'utf8'), { merge: true });
  stages = {};
  const dockerfile = (await readFile(path.join(REPOSITORY, 'Dockerfile'), 'utf8'))
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ');
  let stage;
  for (const line of dockerfile.split('\n').filter((text) => text.trim() !== '')) {
    const [, word, text] = /^([A-Z]+) +(.*)$/.exec(line);
    if (word === 'FROM') stage = stages[/ AS (\w+)$/.exec(text)[1]] = [];
    stage.push({ word, text: text.replace(/ +/g, ' ') });
  }
});

const textsOf = (stage, word) => stages[stage].filter((line) => line.word === word).map(({ text }) => text);

// What `apt-get install` of a stage names.
const INSTALLED = /apt-get install -y --no-install-recommends ([^&|]*)/g;
const packagesOf = (stage) => {
  const lists = textsOf(stage, 'RUN').flatMap((text) => [...text.matchAll(INSTALLED)]);
  return lists.flatMap(([, names]) => names.trim().split(' '));
};

test('the four containers have the ports, variables and health checks that were asked for', () => {
  assert.deepEqual(Object.keys(compose.services).sort(), ['backend', 'database-service', 'frontend', 'spoor']);
  const { spoor } = compose.services;
  const ports = (service) => service.ports.map((text) => /^127\.0\.0\.1:(\d+):\1$/.exec(text)[1]).sort();
  assert.deepEqual(ports(spoor), ['14268', '16686', '4317', '4318']);
  assert.deepEqual(spoor.healthcheck.test, ['CMD', 'healthy', '16686', '/ready']);
  for (const [name, port] of Object.entries(PORTS)) {
    const service = compose.services[name];
    assert.deepEqual(ports(service), [String(port)]);
    assert.deepEqual(service.command, [name]);
    assert.deepEqual(service.healthcheck.test, ['CMD', 'healthy', String(port), '/health']);
    const { environment } = service;
    assert.equal(environment.SERVICE_NAME, name);
    assert.equal(environment.OTEL_SERVICE_NAME, name);
    assert.equal(environment.PORT, String(port));
    assert.equal(environment.OTEL_EXPORTER_OTLP_ENDPOINT, 'http://spoor:4318');
    for (const address of [environment.BACKEND_URL, environment.DATABASE_SERVICE_URL].filter(Boolean)) {
      const { hostname, port: called } = new URL(address);
      assert.equal(Number(called), PORTS[hostname], `${name} calls ${address}`);
    }
    for (const other of Object.keys(service.depends_on)) {
      assert.ok(compose.services[other].healthcheck, `${other}, which ${name} waits for, has a health check`);
    }
  }
  assert.equal(compose.services.frontend.environment.BACKEND_URL, 'http://backend:8081');
  assert.equal(compose.services.backend.environment.DATABASE_SERVICE_URL, 'http://database-service:8082');
});

test('containers can do little: no root, no writing but to their volume, no capabilities', () => {
  for (const [name, service] of Object.entries(compose.services)) {
    assert.equal(service.read_only, true, name);
    assert.deepEqual(service.cap_drop, ['ALL']);
    assert.ok(service.security_opt.includes('no-new-privileges:true'));
    for (const volume of service.volumes ?? []) {
      const [volume_name, folder] = volume.split(':');
      assert.ok(volume_name in compose.volumes, volume);
      const made = textsOf(service.build.target, 'RUN').join(' ').match(/install -d -o (\d+) -g (\d+) (\S+)/);
      assert.deepEqual([made[1], made[3]], ['10001', folder], 'the folder is the user’s');
    }
    assert.deepEqual(textsOf(service.build.target, 'USER'), ['10001:10001']);
    const health = service.healthcheck.test[1];
    const copied = textsOf(service.build.target, 'COPY').some((text) => /\/out\/bin\/($| |healthy )/.test(text));
    assert.ok(health === 'healthy' && copied, `${name} has its health check in it`);
  }
});

test('everything that is copied is there, and let in', async () => {
  const ignored = (await readFile(path.join(REPOSITORY, '.dockerignore'), 'utf8')).split('\n');
  const sources = textsOf('build', 'COPY').flatMap((text) => text.split(' ').slice(0, -1));
  for (const source of sources) {
    await access(path.join(REPOSITORY, source));
    assert.ok(ignored.some((line) => line.startsWith('!') && `${source}/`.startsWith(`${line.slice(1)}/`)), source);
  }
  for (const line of ignored.filter((text) => text.startsWith('!'))) {
    const allowed = line.slice(1);
    assert.ok(sources.some((source) => `${source}/`.startsWith(`${allowed}/`)), `${allowed} is let in, and not copied`);
  }
  // The folders that the build adds.
  const cmake = await readFile(path.join(REPOSITORY, 'CMakeLists.txt'), 'utf8');
  for (const [, folder] of cmake.matchAll(/add_subdirectory\(([^ )]+)/g)) assert.ok(sources.includes(folder), folder);
  for (const stage of ['spoor', 'demo']) {
    for (const text of textsOf(stage, 'COPY')) assert.match(text, /^--from=build \/out\//);
  }
});

test('the server takes the flags that its container gives it', async () => {
  const help = (await runSpoor(['serve', '--help'])).stdout;
  for (const word of compose.services.spoor.command.slice(1)) {
    const [flag] = word.split('=');
    assert.ok(help.includes(`  ${flag} `), flag);
  }
});

const hasDebian = await run('dpkg-query', ['--version']).then(
  () => true,
  () => false,
);

// What Debian installs for `names`, by what each installed package depends on.
async function closureOf(names) {
  const { stdout } = await run('dpkg-query', ['-W', '-f', '${Package}\t${Pre-Depends}, ${Depends}\n'], {
    maxBuffer: 1 << 26,
  });
  const depends = new Map();
  for (const line of stdout.split('\n')) {
    const [name, list = ''] = line.split('\t');
    depends.set(name, list.split(/[,|]/).map((one) => one.trim().split(/[ :(]/)[0]));
  }
  const closure = new Set();
  const add = (name) => {
    if (closure.has(name) || !depends.has(name)) return;
    closure.add(name);
    depends.get(name).forEach(add);
  };
  names.forEach(add);
  return { closure, isKnown: (name) => depends.has(name) };
}

// The packages of the libraries that a program is linked with.
async function librariesOf(program) {
  const { stdout } = await run('ldd', [program]);
  const packages = new Set();
  for (const [, file] of stdout.matchAll(/ => (\/\S+)/g)) {
    const names = [file, await realpath(file), file.replace(/^\/usr/, ''), `/usr${file}`];
    const owners = await Promise.all(names.map((name) => run('dpkg-query', ['-S', name]).catch(() => undefined)));
    const owner = owners.find((found) => found !== undefined);
    assert.ok(owner, `${file} is of a package`);
    packages.add(owner.stdout.split(':')[0]);
  }
  return packages;
}

test('the small images hold every library that their programs need', { skip: SLOW || !hasDebian }, async () => {
  const built = path.dirname(BINARY);
  const programs = { spoor: [BINARY], demo: Object.keys(PORTS).map((name) => path.join(built, 'demo', name)) };
  for (const [stage, files] of Object.entries(programs)) {
    const { closure, isKnown } = await closureOf(packagesOf(stage));
    for (const name of packagesOf(stage)) assert.ok(isKnown(name), `${name} is a package of Debian 12`);
    for (const file of files) {
      for (const name of await librariesOf(file)) {
        assert.ok(closure.has(name), `${stage}: ${path.basename(file)} needs ${name}`);
      }
    }
  }
});

test('the health check is well where GET answers 200, and only there', async (t) => {
  const server = await startServer(t);
  const { frontend } = await startDemo(t, { services: ['frontend'], env: { OTEL_SDK_DISABLED: 'true' } });
  const check = (...words) =>
    run('bash', [HEALTHY, ...words.map(String)]).then(
      () => true,
      () => false,
    );
  assert.equal(await check(server.queryPort, '/ready'), true);
  assert.equal(await check(frontend.port), true);
  assert.equal(await check(frontend.port, '/nothing'), false);
  await frontend.stop();
  assert.equal(await check(frontend.port), false);
  const rude = net.createServer((socket) => socket.end());
  await new Promise((resolve) => rude.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => rude.close());
  assert.equal(await check(rude.address().port), false);
});
