// How the server starts, refuses to start, and stops.
import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { atEnd, freePort, request, run, startServer, temporaryFolder, until } from './harness/server.mjs';

const FREE_PORTS = ['--query-port', '0', '--otlp-http-port', '0', '--otlp-grpc-port', '0', '--jaeger-http-port', '0'];

// A start that failed: a positive status, and one line on stderr that names what it is about.
function assertFailedStart({ code, stdout, stderr }, ...words) {
  assert.ok(code > 0, `exit status ${code}`);
  assert.equal(stdout, '');
  assert.equal(stderr.trimEnd().split('\n').length, 1, `one line, not: ${stderr}`);
  for (const word of words) assert.ok(stderr.includes(word), `"${word}" in: ${stderr}`);
}

test('help is enough to work from', async () => {
  for (const words of [['--help'], ['serve', '--help']]) {
    const { code, stdout } = await run(words);
    assert.equal(code, 0);
    assert.match(stdout, /serve/);
  }
  const { stdout } = await run(['serve', '--help']);
  const flags = ['data-dir', 'config', 'listen-host', 'query-port', 'otlp-grpc-port', 'otlp-http-port', 'retention'];
  flags.push('jaeger-http-port', 'max-disk', 'memory-budget', 'fsync', 'log-level', 'log-format');
  for (const flag of flags) assert.ok(stdout.includes(`--${flag}`), flag);
  assert.match((await run(['--version'])).stdout, /\d+\.\d+\.\d+/);
});

test('ready means that every port accepts, and every address is logged', async (t) => {
  const server = await startServer(t);
  assert.equal((await server.get('/ready')).status, 200);
  assert.equal((await server.get('/healthz')).status, 200);
  for (const port of [server.queryPort, server.otlpHttpPort, server.otlpGrpcPort, server.jaegerHttpPort]) {
    await new Promise((resolve, reject) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(socket.destroy()));
      socket.on('error', reject);
    });
    await until(() => (server.stderr + server.stdout).includes(`127.0.0.1:${port}`), { what: `${port} is logged` });
  }
});

test('flags may be one word, port 0 takes a free one, off closes one', async (t) => {
  const dataDir = await temporaryFolder(t);
  const queryPort = await freePort();
  const server = await startServer(t, {
    dataDir,
    ports: { queryPort, otlpHttpPort: 0, otlpGrpcPort: 'off' },
    flags: ['--log-format=json'],
  });
  const status = await server.json('/api/spoor/v1/status');
  const url = status.endpoints.find((e) => e.name === 'otlp-http').url;
  const port = Number(new URL(url).port);
  assert.ok(port > 0);
  assert.equal(
    status.endpoints.find((e) => e.name === 'otlp-grpc'),
    undefined,
  );
  assert.equal(
    (await request(port, 'POST', '/v1/traces', { headers: { 'content-type': 'application/json' }, body: '{}' })).status,
    200,
  );
});

for (const signal of ['SIGTERM', 'SIGINT']) {
  test(`${signal} ends with status 0 and keeps what was acknowledged, open connections or not`, async (t) => {
    const server = await startServer(t);
    const span = otlp.span();
    const agent = new http.Agent({ keepAlive: true });
    atEnd(t, () => agent.destroy());
    await request(server.queryPort, 'GET', '/api/services', { agent });
    const idle = net.connect(server.otlpHttpPort, '127.0.0.1');
    atEnd(t, () => idle.destroy());
    idle.on('error', () => {});
    idle.write('POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n');
    assert.equal((await server.export(otlp.request('kept', [span]))).status, 200);
    const begin = Date.now();
    assert.deepEqual(await server.signal(signal), { code: 0, signal: null });
    assert.ok(Date.now() - begin < 10_000);
    const again = await startServer(t, { dataDir: server.dataDir });
    assert.equal((await again.get(`/api/traces/${span.traceId}`)).status, 200);
  });
}

test('a second signal ends it at once, and loses nothing that was acknowledged', async (t) => {
  const server = await startServer(t);
  const span = otlp.span();
  assert.equal((await server.export(otlp.request('kept', [span]))).status, 200);
  // A request under way, which a stop waits for.
  const client = net.connect(server.otlpHttpPort, '127.0.0.1');
  atEnd(t, () => client.destroy());
  client.on('error', () => {});
  client.write('POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
  await new Promise((resolve) => client.write('Content-Length: 100\r\n\r\n{', resolve));
  server.signal('SIGTERM');
  await until(() => isRefused(server.otlpHttpPort), { what: 'it takes no new connections' });
  assert.equal(server.how, undefined, 'it waits for the request');
  const begin = Date.now();
  await server.signal('SIGTERM');
  assert.ok(Date.now() - begin < 2_000, `${Date.now() - begin} ms`);
  const again = await startServer(t, { dataDir: server.dataDir });
  assert.equal((await again.get(`/api/traces/${span.traceId}`)).status, 200);
});

const isRefused = (port) =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(socket.destroy() && false));
    socket.on('error', () => resolve(true));
  });

test('what is under way when the signal comes is answered and kept', async (t) => {
  const server = await startServer(t);
  const span = otlp.span();
  const body = JSON.stringify(otlp.request('late', [span]));
  const client = net.connect(server.otlpHttpPort, '127.0.0.1');
  atEnd(t, () => client.destroy());
  let text = '';
  client.on('data', (data) => (text += data));
  client.on('error', () => {});
  client.write('POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n');
  client.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 20)}`);
  const half = await until(() => server.metric('spoor_http_connections'), { what: 'it is connected' });
  assert.ok(half >= 1);
  const exited = server.signal('SIGTERM');
  await until(() => isRefused(server.otlpHttpPort), { what: 'it takes no new connections' });
  client.write(body.slice(20));
  await until(() => /^HTTP\/1\.1 \d+/.test(text), { what: 'the answer' });
  assert.match(text, /^HTTP\/1\.1 200/);
  assert.deepEqual(await exited, { code: 0, signal: null });
  const again = await startServer(t, { dataDir: server.dataDir });
  assert.equal((await again.get(`/api/traces/${span.traceId}`)).status, 200);
});

test('not ready before the whole log is read, and then with all of it', async (t) => {
  const first = await startServer(t);
  for (let i = 0; i < 10; ++i) {
    const spans = Array.from({ length: 5000 }, () => otlp.span({ attributes: { a: 'b', n: i } }));
    assert.equal((await first.export(otlp.requestBytes(otlp.request(`svc-${i}`, spans)))).status, 200);
  }
  await first.kill();
  const server = await startServer(t, { dataDir: first.dataDir, ready: false });
  const early = new Set();
  const services = await until(
    async () => {
      const answer = await server.get('/api/services');
      if (answer.status !== 200) early.add(answer.status);
      return answer.status === 200 && answer.json.data;
    },
    { within: 60_000, what: 'the server is ready' },
  );
  assert.equal(services.length, 10, 'the first answer is complete');
  assert.deepEqual(
    [...early].filter((status) => status !== 503),
    [],
  );
  assert.equal((await server.json('/api/spoor/v1/status')).spansStored, '50000');
  assert.equal((await server.get('/ready')).status, 200);
  assert.equal((await server.export(otlp.request('now', [otlp.span()]))).status, 200, 'every port accepts');
});

for (const policy of ['always', 'interval', 'off']) {
  test(`--fsync ${policy}: a killed process loses nothing that was acknowledged`, async (t) => {
    const server = await startServer(t, { flags: ['--fsync', policy] });
    const spans = Array.from({ length: 20 }, () => otlp.span());
    for (const span of spans) assert.equal((await server.export(otlp.request('kept', [span]))).status, 200);
    await server.kill();
    const again = await startServer(t, { dataDir: server.dataDir, flags: ['--fsync', policy] });
    for (const { traceId } of spans) assert.equal((await again.get(`/api/traces/${traceId}`)).status, 200);
  });
}

test('several servers run side by side', async (t) => {
  const servers = await Promise.all([1, 2, 3].map(() => startServer(t)));
  await Promise.all(servers.map((server, i) => server.export(otlp.request(`only-${i}`, [otlp.span()]))));
  for (const [i, server] of servers.entries()) {
    assert.deepEqual((await server.json('/api/services')).data, [`only-${i}`]);
  }
});

test('a taken port is one sentence, and the server there goes on', async (t) => {
  const first = await startServer(t);
  for (const [flag, port] of [
    ['--query-port', first.queryPort],
    ['--otlp-http-port', first.otlpHttpPort],
    ['--otlp-grpc-port', first.otlpGrpcPort],
    ['--jaeger-http-port', first.jaegerHttpPort],
  ]) {
    const words = ['serve', '--data-dir', await temporaryFolder(t), ...FREE_PORTS, flag, String(port)];
    assertFailedStart(await run(words, { timeout: 15_000 }), String(port));
  }
  assert.equal((await first.get('/api/services')).status, 200);
  assert.equal((await first.export(otlp.request('still', [otlp.span()]))).status, 200);
});

test('a second server on the same folder is one sentence, and harms nothing', async (t) => {
  const first = await startServer(t);
  const span = otlp.span();
  await first.export(otlp.request('first', [span]));
  const words = ['serve', '--data-dir', first.dataDir, ...FREE_PORTS];
  assertFailedStart(await run(words, { timeout: 15_000 }), first.dataDir);
  assert.equal((await first.get(`/api/traces/${span.traceId}`)).status, 200);
});

test('a folder that cannot be written is one sentence', async (t) => {
  const folder = await temporaryFolder(t);
  const file = path.join(folder, 'file');
  await writeFile(file, 'x');
  const under = ['serve', '--data-dir', path.join(file, 'data'), ...FREE_PORTS];
  assertFailedStart(await run(under, { timeout: 15_000 }), file);
  if (process.getuid() !== 0) {
    const closed = path.join(folder, 'closed');
    await mkdir(closed);
    await chmod(closed, 0o500);
    assertFailedStart(await run(['serve', '--data-dir', closed, ...FREE_PORTS], { timeout: 15_000 }), closed);
  }
});

test('an unknown flag, variable or key suggests the nearest', async (t) => {
  const folder = await temporaryFolder(t);
  const base = ['serve', '--data-dir', folder, ...FREE_PORTS];
  assertFailedStart(await run([...base, '--retentoin', '7d']), 'retentoin', 'retention');
  assertFailedStart(await run(base, { env: { SPOOR_RETENTOIN: '7d' } }), 'SPOOR_RETENTOIN', 'SPOOR_RETENTION');
  const config = path.join(folder, 'spoor.yaml');
  await writeFile(config, 'retentoin: 7d\n');
  assertFailedStart(await run([...base, '--config', config]), 'retentoin', 'retention', config);
  assertFailedStart(await run([...base, '--fsync', 'sometimes']), 'sometimes', 'interval');
  assertFailedStart(await run([...base, '--memory-budget', 'lots']), 'memory-budget', 'lots');
});

test('flag beats variable beats file', async (t) => {
  const folder = await temporaryFolder(t);
  const config = path.join(folder, 'spoor.yaml');
  const [byFile, byVariable, byFlag] = [await freePort(), await freePort(), await freePort()];
  await writeFile(config, `otlp-http-port: ${byFile}\notlp-grpc-port: off\n`);
  const listening = async (env, flags) => {
    const server = await startServer(t, {
      dataDir: await temporaryFolder(t),
      ports: { queryPort: await freePort() },
      env,
      flags,
    });
    const { endpoints } = await server.json('/api/spoor/v1/status');
    assert.equal(
      endpoints.find((e) => e.name === 'otlp-grpc'),
      undefined,
    );
    await server.stop();
    return Number(new URL(endpoints.find((e) => e.name === 'otlp-http').url).port);
  };
  assert.equal(await listening({}, ['--config', config]), byFile);
  assert.equal(await listening({ SPOOR_OTLP_HTTP_PORT: String(byVariable) }, ['--config', config]), byVariable);
  const flags = ['--config', config, '--otlp-http-port', String(byFlag)];
  assert.equal(await listening({ SPOOR_OTLP_HTTP_PORT: String(byVariable) }, flags), byFlag);
});

test('a fresh folder holds nothing that is not the store', async (t) => {
  const server = await startServer(t);
  assert.deepEqual((await server.json('/api/services')).data, []);
  const names = await readdir(server.dataDir);
  assert.ok(names.includes('tenants'), names.join());
});
