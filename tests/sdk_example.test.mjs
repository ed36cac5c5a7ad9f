// The tracing library as a user gets it: installed, found by CMake, built into the example, whose spans arrive.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { atEnd, BINARY, freePort, request, SLOW, startServer, temporaryFolder, until } from './harness/server.mjs';

const run = promisify(execFile);
const REPOSITORY = path.resolve(import.meta.dirname, '..');
const LAUNCHER = await access('/usr/bin/ccache').then(
  () => ['-DCMAKE_CXX_COMPILER_LAUNCHER=ccache'],
  () => [],
);

test('the example builds against the installed package, and its spans arrive', { skip: SLOW }, async (t) => {
  const folder = await temporaryFolder(t);
  const prefix = path.join(folder, 'prefix');
  const build = path.join(folder, 'build');
  await run('cmake', ['--install', path.dirname(BINARY), '--component', 'sdk', '--prefix', prefix]);
  const source = path.join(REPOSITORY, 'sdk/example');
  await run('cmake', ['-S', source, '-B', build, `-DCMAKE_PREFIX_PATH=${prefix}`, ...LAUNCHER]);
  await run('cmake', ['--build', build]);

  const server = await startServer(t);
  const port = await freePort();
  const child = spawn(path.join(build, 'checkout'), [String(port)], {
    env: {
      ...process.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.otlpHttpPort}`,
      OTEL_BSP_SCHEDULE_DELAY: '20',
    },
  });
  atEnd(t, () => child.kill('SIGKILL'));
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (log += text));
  await until(() => log.includes('listening'));

  assert.equal((await request(port, 'GET', '/orders/17')).json.total, '9.90');
  assert.equal((await request(port, 'GET', '/orders/18')).status, 404);
  const traces = await until(async () => {
    const { data } = await server.json('/api/traces?service=checkout');
    return data.length === 2 && data.every(({ spans }) => spans.length === 2) ? data : undefined;
  });
  for (const { traceID, spans, processes } of traces) {
    const parent = spans.find(({ operationName }) => operationName === 'GET /orders/{id}');
    const child = spans.find(({ operationName }) => operationName === 'find_order');
    assert.equal(child.references[0].spanID, parent.spanID);
    assert.ok(log.includes(`trace_id=${traceID} span_id=${parent.spanID}`), 'the log leads to the trace');
    assert.equal(processes[parent.processID].serviceName, 'checkout');
    assert.ok(parent.tags.some(({ key, value }) => key === 'http.route' && value === '/orders/{id}'));
  }

  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.otlpHttpPort}` };
  await run(path.join(build, 'by_hand'), [], { env });
  const { data } = await server.json('/api/traces?service=kitchen');
  assert.deepEqual(data[0].spans.map(({ operationName }) => operationName).sort(), ['cook_order', 'grill_steak']);
});

test('the guide shows what the example and the coroutine are made of', async () => {
  const guide = await readFile(path.join(REPOSITORY, 'docs/sdk/README.md'), 'utf8');
  const example = await readFile(path.join(REPOSITORY, 'sdk/example/main.cc'), 'utf8');
  const cmake = await readFile(path.join(REPOSITORY, 'sdk/example/CMakeLists.txt'), 'utf8');
  const coroutine = await readFile(path.join(REPOSITORY, 'sdk/instrument/coroutine_test.cc'), 'utf8');
  const blocks = [...guide.matchAll(/```(?:cpp|cmake) of the \w+\n([^]*?)```/g)].map(([, code]) => code);
  assert.ok(blocks.length >= 5);
  const lines = new Set(`${example}\n${cmake}\n${coroutine}`.split('\n').map((line) => line.trim()));
  for (const line of blocks.join('\n').split('\n')) {
    assert.ok(lines.has(line.trim()) || line.trim() === '…', `the example has no line "${line.trim()}"`);
  }
});
