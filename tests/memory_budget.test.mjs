// Load that would need more memory than there may be: refused in the protocol's words, and the process stays within its
// budget. What fits is never refused.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { test } from 'node:test';
import zlib from 'node:zlib';

import grpc from '@grpc/grpc-js';

import { EXPORT, grpcCaller } from './harness/grpc.mjs';
import * as otlp from './harness/otlp.mjs';
import { request, SLOW, startServer } from './harness/server.mjs';
import { zstdBomb } from './harness/zstd.mjs';

const BUDGET_BYTES = 256 << 20;
const FLOOD_MS = 12_000;
const PROTOBUF = { 'content-type': 'application/x-protobuf' };

async function peakBytes(server) {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${server.pid}/status`, 'utf8'));
  return Number(kib) * 1024;
}

// Spans with a few attributes, as services send them; `text` bytes of each are nobody else's.
function body(spanCount, text) {
  const spans = Array.from({ length: spanCount }, (_, i) => {
    const unique = randomBytes(text / 2).toString('hex');
    return otlp.span({ name: `operation ${i % 40}`, attributes: { 'user.id': unique, 'http.route': '/cart', n: i } });
  });
  return otlp.requestBytes(otlp.request(`service ${spanCount}`, spans));
}

// One resource with as many empty spans as fit: a few kilobytes of gzip that unfold to gigabytes of batch.
function emptySpans(bytes) {
  const spans = Buffer.alloc(bytes, Buffer.from([0x12, 0x00]));
  return otlp.bytes(1, otlp.bytes(2, spans));
}

// What is sent over and over: large bodies, small ones, packed ones, bombs of two kinds.
function ammunition() {
  return [
    { body: body(20_000, 64) },
    { body: body(512, 16) },
    { body: body(40, 200_000) },
    { body: zlib.gzipSync(body(30_000, 16)), encoding: 'gzip' },
    { body: zlib.gzipSync(emptySpans(48 << 20)), encoding: 'gzip' },
    { body: zstdBomb(64 << 20), encoding: 'zstd' },
  ];
}

test('a flood of large bodies and bombs stays within the budget, and is told when to come back', async (t) => {
  const server = await startServer(t, { flags: ['--memory-budget', '256MiB'] });
  const agent = new http.Agent({ keepAlive: true });
  const shots = ammunition();
  const seen = new Map();
  const until = Date.now() + FLOOD_MS;
  const senders = Array.from({ length: 32 }, async (_, sender) => {
    for (let i = sender; Date.now() < until; ++i) {
      const { body: content, encoding } = shots[i % shots.length];
      const headers = encoding ? { ...PROTOBUF, 'content-encoding': encoding } : PROTOBUF;
      const options = { headers, body: content, agent, timeout: 120_000 };
      const answer = await request(server.otlpHttpPort, 'POST', '/v1/traces', options);
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      if (answer.status === 429 || answer.status === 503) assert.ok(Number(answer.headers['retry-after']) >= 1);
    }
  });
  const call = grpcCaller(t, server);
  senders.push(
    ...Array.from({ length: 8 }, async (_, sender) => {
      for (let i = sender; Date.now() < until; ++i) {
        const { error, code } = await call(EXPORT, shots[i % 3].body);
        const name = `gRPC ${grpc.status[code]}`;
        seen.set(name, (seen.get(name) ?? 0) + 1);
        if (code === grpc.status.RESOURCE_EXHAUSTED) {
          const details = error.metadata.get('grpc-status-details-bin')[0];
          assert.ok(details.includes('google.rpc.RetryInfo'), 'it says when to come back');
        }
      }
    }),
  );
  await Promise.all(senders);
  agent.destroy();
  const told = JSON.stringify([...seen]);
  const expected = [200, 400, 429, 503, 'gRPC OK', 'gRPC RESOURCE_EXHAUSTED', 'gRPC UNAVAILABLE'];
  for (const status of seen.keys()) assert.ok(expected.includes(status), told);
  assert.ok(seen.get(200) > 0 && seen.get('gRPC OK') > 0, told);
  const peak = await peakBytes(server);
  t.diagnostic(`${told}; peak of resident memory: ${(peak / 2 ** 20).toFixed(0)} MiB`);
  if (!SLOW) assert.ok(peak <= BUDGET_BYTES * 1.1, `${(peak / 2 ** 20).toFixed(0)} MiB; ${told}`);
  // It is as well as before.
  const after = otlp.span();
  assert.equal((await server.export(otlp.request('after', [after]))).status, 200);
  assert.equal((await server.get(`/api/traces/${after.traceId}`)).status, 200);
});

test('nothing is refused while there is room', async (t) => {
  const server = await startServer(t, { flags: ['--memory-budget', '256MiB'] });
  const agent = new http.Agent({ keepAlive: true });
  const content = body(5_000, 16);
  // Eight at a time hold a tenth of the budget.
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      for (let i = 0; i < 10; ++i) {
        const options = { headers: PROTOBUF, body: content, agent, timeout: 120_000 };
        const answer = await request(server.otlpHttpPort, 'POST', '/v1/traces', options);
        assert.equal(answer.status, 200, answer.text);
      }
    }),
  );
  agent.destroy();
});
