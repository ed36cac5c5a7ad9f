// A program that uses the tracing library ends: what its spans were arrives, and nobody waits for a collector that is
// not there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';

import { atEnd, BINARY, freePort, startServer, until } from './harness/server.mjs';

const PROGRAM = path.join(path.dirname(BINARY), 'tests/programs/tracing_end');

// Runs it to its end; gives what it said and how long it took.
function run(way, port) {
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, [way], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, said, ms: performance.now() - begin }));
  });
}

for (const [way, names] of Object.entries({
  return: ['ended'],
  exit: ['ended'],
  static: ['ended'],
  thread: ['background', 'ended'],
  child: ['ended', 'of the child'],
  exception: ['ended', 'through'],
})) {
  test(`spans arrive from a program that ends by: ${way}`, async (t) => {
    const server = await startServer(t);
    const { code, signal, said } = await run(way, server.otlpHttpPort);
    assert.deepEqual({ code, signal }, { code: 0, signal: null }, said);
    const found = [];
    for (const name of names) {
      const query = new URLSearchParams({ service: 'tracing_end', operation: name, limit: '1' });
      found.push(...(await until(async () => {
        const { data } = await server.json(`/api/traces?${query}`);
        return data.length > 0 ? data : undefined;
      })));
    }
    if (way !== 'child') return;
    const told = found.map(({ spans, processes }) => {
      const { tags } = processes[spans[0].processID];
      return ['process.pid', 'service.instance.id'].map((key) => tags.find((tag) => tag.key === key).value);
    });
    assert.equal(new Set(told.map(([pid]) => pid)).size, 2, 'the child says its own process.pid');
    assert.equal(new Set(told.map(([, instance]) => instance)).size, 2, 'and is an instance of its own');
  });
}

test('a program without a collector ends at once, and says so once', async () => {
  for (const way of ['return', 'exit', 'static']) {
    const { code, said, ms } = await run(way, await freePort());
    assert.equal(code, 0);
    assert.ok(ms < 900, `${way}: ${ms} ms`);
    assert.match(said, /^spoor tracing: error: 1 spans could not be sent[^\n]*\n$/);
  }
});

test('a program whose collector never answers ends after five seconds', async (t) => {
  const silent = net.createServer(() => {});
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => silent.close());
  const { code, ms } = await run('return', silent.address().port);
  assert.equal(code, 0);
  assert.ok(ms > 4500 && ms < 8000, `${ms} ms`);
});

test('a program whose collector asks for a second of patience has it', async (t) => {
  let requests = 0;
  const busy = http.createServer((request, response) => {
    request.resume().on('end', () => {
      requests += 1;
      response.writeHead(requests === 1 ? 503 : 200, { 'retry-after': '1' }).end();
    });
  });
  await new Promise((resolve) => busy.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => busy.close());
  const { code, said } = await run('exit', busy.address().port);
  assert.equal(code, 0);
  assert.equal(said, '');
  assert.equal(requests, 2);
});
