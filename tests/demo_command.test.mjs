// `spoor demo`: three services and some traffic, from one command that leaves nothing behind.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { access, readdir, readFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';

import { atEnd, BINARY, freePort, request, run, startServer, temporaryFolder, until } from './harness/server.mjs';

const FREE_PORTS = ['--frontend-port', '0', '--backend-port', '0', '--database-port', '0'];

// Starts the demo; `ready` is when it has told its addresses.
async function startDemoCommand(t, words, { env = {}, ready = true } = {}) {
  const child = spawn(BINARY, ['demo', ...FREE_PORTS, '--delay-scale', '0.05', ...words], {
    env: { ...process.env, TMPDIR: await temporaryFolder(t), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const demo = { child, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (demo.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (demo.stderr += text));
  demo.exited = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  demo.exited.then((how) => (demo.how = how));
  atEnd(t, async () => {
    if (!demo.how) child.kill('SIGKILL');
    await demo.exited;
  });
  if (!ready) return demo;
  await until(() => demo.how || demo.stdout.includes('Ctrl-C'), { what: 'the demo tells its addresses' });
  assert.equal(demo.how, undefined, demo.stderr);
  demo.ports = Object.fromEntries(
    [...demo.stdout.matchAll(/^(frontend|backend|database-service) +http:\/\/127\.0\.0\.1:(\d+)$/gm)].map(
      ([, name, port]) => [name, Number(port)],
    ),
  );
  assert.equal(Object.keys(demo.ports).length, 3, demo.stdout);
  return demo;
}

// The processes whose parent is `pid`, by the name of their program, of which the kernel keeps 15 letters.
async function childrenOf(pid) {
  const children = {};
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const status = await readFile(`/proc/${entry}/status`, 'utf8').catch(() => '');
    if (status.includes(`\nPPid:\t${pid}\n`)) children[/^Name:\t(.*)$/m.exec(status)[1]] = Number(entry);
  }
  return children;
}

const isGone = (pid) =>
  access(`/proc/${pid}`).then(
    () => false,
    () => true,
  );

test('it brings traces of every kind, and leaves nothing behind', async (t) => {
  const server = await startServer(t);
  const endpoint = `http://127.0.0.1:${server.otlpHttpPort}`;
  const temporary = await temporaryFolder(t);
  const demo = await startDemoCommand(t, ['--rate', '100'], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, TMPDIR: temporary },
  });
  assert.match(demo.stdout, new RegExp(`^spans go to +${endpoint}$`, 'm'));
  assert.match(demo.stdout, /^Try: curl 'http:\/\/127\.0\.0\.1:\d+\/api\/orders\?n_plus_one=true'/m);
  const children = await childrenOf(demo.child.pid);
  assert.deepEqual(Object.keys(children).sort(), ['backend', 'database-servic', 'frontend']);

  const services = ['backend', 'database-service', 'frontend'];
  await until(async () => `${(await server.json('/api/services')).data.sort()}` === `${services}`);
  const operations = ['GET /api/users', 'GET /api/users/{id}', 'GET /api/orders', 'GET /api/products'];
  await until(async () => {
    const { data } = await server.json('/api/services/frontend/operations');
    return operations.every((operation) => data.includes(operation));
  });
  const find = async (service, tags) => {
    const query = new URLSearchParams({ service, tags: JSON.stringify(tags), limit: '1' });
    return (await server.json(`/api/traces?${query}`)).data.length > 0;
  };
  await until(() => find('frontend', { 'http.response.status_code': '500' }), { within: 60_000 });
  await until(() => find('frontend', { 'http.response.status_code': '404' }), { within: 60_000 });
  await until(() => find('database-service', { 'db.collection.name': 'order_items' }), { within: 60_000 });

  const before = Date.now();
  demo.child.kill('SIGINT');
  assert.deepEqual(await demo.exited, { code: 0, signal: null });
  assert.ok(Date.now() - before < 15_000);
  for (const pid of Object.values(children)) assert.ok(await isGone(pid));
  assert.deepEqual(await readdir(temporary), []);
  assert.equal(demo.stderr, '');
});

test('without traffic it waits to be asked, and keeps its data where it is told', async (t) => {
  const server = await startServer(t);
  const folder = path.join(await temporaryFolder(t), 'made', 'by it');
  const endpoint = `http://127.0.0.1:${server.otlpHttpPort}`;
  const words = ['--rate', '0', '--data-dir', folder, '--endpoint', endpoint, '--logs'];
  const demo = await startDemoCommand(t, words);
  assert.equal((await request(demo.ports.frontend, 'GET', '/api/users/2')).json.data.data.name, 'Bjorn Lindqvist');
  await until(() => /^database-service +time=\S+ level=info .*path=\/db\/user\/2 /m.test(demo.stdout));
  demo.child.kill('SIGTERM');
  assert.deepEqual(await demo.exited, { code: 0, signal: null });
  assert.deepEqual(await readdir(folder), ['shop.db']);
});

test('a service that dies is told, and ends the demo', async (t) => {
  const demo = await startDemoCommand(t, ['--rate', '0', '--endpoint', 'http://127.0.0.1:1']);
  const children = await childrenOf(demo.child.pid);
  process.kill(children.backend, 'SIGKILL');
  assert.deepEqual(await demo.exited, { code: 1, signal: null });
  assert.match(demo.stderr, /^spoor: backend was ended by signal 9 \(Killed\); the last that it wrote:\nlistening on /);
  for (const pid of Object.values(children)) assert.ok(await isGone(pid));
});

test('when it is killed, its services go, too', async (t) => {
  const demo = await startDemoCommand(t, ['--rate', '0', '--endpoint', 'http://127.0.0.1:1']);
  const children = Object.values(await childrenOf(demo.child.pid));
  assert.equal(children.length, 3);
  demo.child.kill('SIGKILL');
  await demo.exited;
  for (const pid of children) await until(() => isGone(pid), { what: `${pid} is gone` });
});

test('a second signal after a while does not wait', async (t) => {
  const silent = net.createServer(() => {}); // takes spans, and never answers
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => silent.close());
  const demo = await startDemoCommand(t, ['--rate', '50', '--endpoint', `http://127.0.0.1:${silent.address().port}`]);
  demo.child.kill('SIGINT');
  const again = setInterval(() => demo.child.kill('SIGINT'), 500);
  const how = await demo.exited;
  clearInterval(again);
  assert.ok(how.code === 130 || how.code === 0, JSON.stringify(how));
});

test('a taken port, a bad flag and a missing folder are one line that says what to do', async (t) => {
  const port = await freePort();
  const holder = net.createServer();
  await new Promise((resolve) => holder.listen(port, '127.0.0.1', resolve));
  atEnd(t, () => holder.close());
  const cases = [
    [['--backend-port', port], 1, `port ${port} is taken: stop what listens there, or choose another with --back`],
    [['--data-dir', '/dev/null/x'], 1, 'choose another with --data-dir'],
    [['--rate', '-1'], 2, '--rate is a number from 0 to 1000'],
    [['--rate', 'nan'], 2, '--rate is a number from 0 to 1000'],
    [['--fault-rate', '2'], 2, '--fault-rate is a number from 0 to 1'],
    [['--endpoint', 'localhost:4318'], 2, '--endpoint is an address such as http://127.0.0.1:4318'],
    [['--frontend-port', '70000'], 2, 'see spoor demo --help'],
    [['--frontend'], 2, 'see spoor demo --help'],
  ];
  for (const [words, code, said] of cases) {
    const how = await run(['demo', ...FREE_PORTS, ...words.map(String)]);
    assert.equal(how.code, code, `${words}: ${how.stderr}`);
    assert.ok(how.stderr.includes(said) && how.stderr.trim().split('\n').length === 1, how.stderr);
  }
  const help = await run(['demo', '--help']);
  assert.equal(help.code, 0);
  for (const flag of ['--rate', '--endpoint', '--frontend-port', '--logs']) assert.ok(help.stdout.includes(flag), flag);
});
