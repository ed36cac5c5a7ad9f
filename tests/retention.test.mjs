// Retention: by age and by bytes, oldest first, told in the log and in the metrics; nothing else is ever dropped.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { startServer, until } from './harness/server.mjs';

const MIB = 1 << 20;

async function bytesOf(folder) {
  let sum = 0;
  for (const name of await readdir(folder, { recursive: true })) {
    // Files come and go while they are counted.
    sum += await stat(path.join(folder, name)).then(
      (s) => (s.isFile() ? s.size : 0),
      () => 0,
    );
  }
  return sum;
}

// A trace with a few megabytes that nothing compresses.
async function sendNoise(server, bytes) {
  const span = otlp.span({ attributes: { noise: randomBytes(bytes) } });
  const answer = await server.export(otlp.requestBytes(otlp.request('noise', [span])));
  assert.equal(answer.status, 200, answer.text);
  return span.traceId;
}

const isThere = async (server, traceId) => (await server.get(`/api/traces/${traceId}`)).status === 200;

async function assertTold(server) {
  assert.ok((await server.metric('spoor_store_retention_spans_total')) > 0);
  assert.ok((await server.metric('spoor_store_retention_bytes_total')) > 0);
  await until(() => server.logLines().some((line) => /retention/.test(line) && /level=info/.test(line)), {
    what: 'the log tells of it',
  });
}

test('--max-disk: the oldest go, the newest stay', async (t) => {
  const limit = 24 * MIB;
  const server = await startServer(t, { flags: ['--max-disk', '24MiB'] });
  const sent = [];
  for (let i = 0; i < 10; ++i) {
    sent.push(await sendNoise(server, 4 * MIB));
    await server.seal();
  }
  await until(async () => (await bytesOf(server.dataDir)) <= limit + MIB, { what: 'the folder is small enough' });
  const there = [];
  for (const traceId of sent) there.push(await isThere(server, traceId));
  assert.equal(there.at(-1), true, 'the newest is there');
  assert.equal(there[0], false, 'the oldest is gone');
  assert.deepEqual(there, [...there].sort(), 'oldest first');
  assert.ok(there.filter(Boolean).length >= 3, 'no more went than had to');
  const found = await server.json('/api/traces?service=noise&limit=100');
  assert.equal(found.data.length, there.filter(Boolean).length);
  await assertTold(server);

  await server.kill();
  const again = await startServer(t, { dataDir: server.dataDir, flags: ['--max-disk', '24MiB'] });
  for (const [i, traceId] of sent.entries()) assert.equal(await isThere(again, traceId), there[i], `trace ${i}`);
});

test('--retention: what came longer ago goes, whatever time its spans claim', async (t) => {
  const server = await startServer(t, { flags: ['--retention', '3s'] });
  const future = otlp.span({ startTimeUnixNano: otlp.nowNs() + 3_600_000_000_000n });
  const past = otlp.span({ startTimeUnixNano: 1_000_000_000n });
  assert.equal((await server.export(otlp.request('aged', [future, past]))).status, 200);
  await server.seal();
  for (const { traceId } of [future, past]) {
    await until(async () => !(await isThere(server, traceId)), { within: 90_000, what: 'it is gone' });
  }
  assert.deepEqual((await server.json('/api/traces?service=aged&start=0')).data, []);
  await assertTold(server);
  // What comes now is taken.
  const fresh = otlp.span({ startTimeUnixNano: 1_000_000_000n });
  assert.equal((await server.export(otlp.request('fresh', [fresh]))).status, 200);
  assert.ok(await isThere(server, fresh.traceId));
});

test('without retention nothing goes', async (t) => {
  const server = await startServer(t);
  const sent = [];
  for (let i = 0; i < 4; ++i) {
    sent.push(await sendNoise(server, MIB));
    await server.seal();
  }
  for (const traceId of sent) assert.ok(await isThere(server, traceId));
  assert.equal(await server.metric('spoor_store_retention_spans_total'), 0);
});
