// What `./dev run` starts once all is built: a server and the demo beside it, which end together.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';

import { atEnd, BINARY, freePort, request, temporaryFolder, until } from './harness/server.mjs';

const REPOSITORY = path.resolve(import.meta.dirname, '..');

async function startBoth(t, { env = {}, flags = [] } = {}) {
  const folder = await temporaryFolder(t);
  const [queryPort, otlpPort] = [await freePort(), await freePort()];
  const ports = ['--query-port', queryPort, `--otlp-http-port=${otlpPort}`];
  const words = ['--data-dir', `${folder}/data`, ...ports, '--otlp-grpc-port', 'off', '--jaeger-http-port', 'off'];
  const script = ['tools/dev/run/with_demo.sh', BINARY, ...words, ...flags].map(String);
  const child = spawn('bash', script, {
    cwd: REPOSITORY,
    env: {
      ...process.env,
      TMPDIR: folder,
      DEMO_FLAGS: '--frontend-port 0 --backend-port 0 --database-port 0 --rate 20 --delay-scale 0.05',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const both = { child, queryPort, text: '' };
  const streams = [child.stdout, child.stderr];
  for (const stream of streams) stream.setEncoding('utf8').on('data', (text) => (both.text += text));
  // Both write to our pipes: those close when all have ended.
  both.ended = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  both.ended.then((how) => (both.how = how));
  both.json = async (target) => (await request(queryPort, 'GET', target)).json;
  atEnd(t, async () => {
    if (!both.how) child.kill('SIGTERM');
    await both.ended;
  });
  return both;
}

const hasTraces = async (both) => (await both.json('/api/services')).data.includes('database-service');

for (const signal of ['SIGINT', 'SIGTERM']) {
  test(`the first page has traces, and ${signal} ends everything`, async (t) => {
    const both = await startBoth(t);
    await until(() => hasTraces(both));
    both.child.kill(signal);
    assert.deepEqual(await both.ended, { code: 0, signal: null });
    assert.doesNotMatch(both.text, /could not be sent/, 'the last spans found the server');
  });
}

test('when the script is killed, both end', async (t) => {
  const both = await startBoth(t);
  await until(() => hasTraces(both));
  both.child.kill('SIGKILL');
  await both.ended;
  await assert.rejects(request(both.queryPort, 'GET', '/api/services'));
});

test('where a port of the demo is taken it says so, and the server runs on', async (t) => {
  const holder = net.createServer();
  await new Promise((resolve) => holder.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => holder.close());
  const both = await startBoth(t, { env: { DEMO_FLAGS: `--frontend-port ${holder.address().port}` } });
  await until(() => both.text.includes('The demo has ended; Spoor runs on'));
  assert.match(both.text, /^spoor: port \d+ is taken: stop what listens there, .* --frontend-port/m);
  assert.deepEqual((await both.json('/api/services')).data, []);
  both.child.kill('SIGTERM');
  assert.deepEqual(await both.ended, { code: 0, signal: null });
});

test('a server that cannot start is told, with its status', async (t) => {
  const both = await startBoth(t, { flags: ['--retention', 'never'] });
  assert.deepEqual(await both.ended, { code: 2, signal: null });
  assert.match(both.text, /--retention/);
});

test('without a port for its spans there is no demo', async (t) => {
  const both = await startBoth(t, { flags: ['--otlp-http-port', 'off'] });
  await until(() => both.text.includes("No demo: it would send its spans to --otlp-http-port, which is 'off'"));
  await until(async () => (await both.json('/api/services')).data.length === 0);
});
