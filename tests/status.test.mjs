// GET /api/spoor/v1/status: what the server says of itself moves with what happens.
import assert from 'node:assert/strict';
import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { exportOverGrpc } from './harness/grpc.mjs';
import * as thrift from './harness/jaeger_thrift.mjs';
import * as otlp from './harness/otlp.mjs';
import { request, startServer, until } from './harness/server.mjs';

const status = (server) => server.json('/api/spoor/v1/status');

async function received(server, name) {
  const port = (await status(server)).received.find((one) => one.name === name);
  const { requests, spans, rejectedSpans, refusedRequests, badRequests, bytes } = port;
  return { requests, spans, rejectedSpans, refusedRequests, badRequests, bytes };
}

const NOTHING = { requests: '0', spans: '0', rejectedSpans: '0', refusedRequests: '0', badRequests: '0', bytes: '0' };

// All files below a folder, in bytes.
async function folderBytes(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(path.join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

test('each ingest port tells what came over it, in the order of the endpoints', async (t) => {
  const server = await startServer(t);
  const { received: ports, endpoints } = await status(server);
  const names = ['otlp-http', 'otlp-grpc', 'jaeger-http'];
  assert.deepEqual(
    ports.map(({ name }) => name),
    names,
  );
  assert.deepEqual(
    endpoints.map(({ name }) => name),
    [...names, 'query'],
  );
  for (const name of names) assert.deepEqual(await received(server, name), NOTHING);
});

test('accepted, rejected, bad and refused requests over OTLP/HTTP are told apart', async (t) => {
  const server = await startServer(t, { flags: ['--memory-budget', '320MiB'] });
  const good = otlp.requestBytes(otlp.request('s', [otlp.span(), otlp.span()]));
  await server.export(good);
  let expected = { ...NOTHING, requests: '1', spans: '2', bytes: String(good.length) };
  assert.deepEqual(await received(server, 'otlp-http'), expected);

  const partly = otlp.requestBytes(otlp.request('s', [otlp.span(), otlp.span({ traceId: '0'.repeat(32) })]));
  await server.export(partly);
  expected = { ...expected, requests: '2', spans: '3', rejectedSpans: '1', bytes: String(good.length + partly.length) };
  assert.deepEqual(await received(server, 'otlp-http'), expected);

  const post = (target, headers, body) => request(server.otlpHttpPort, 'POST', target, { headers, body });
  const protobuf = { 'content-type': 'application/x-protobuf' };
  assert.equal((await post('/v1/traces', protobuf, 'garbage')).status, 400);
  assert.equal((await post('/v1/traces', { 'content-type': 'text/plain' }, 'x')).status, 415);
  assert.equal((await post('/nothing', protobuf, good)).status, 404);
  assert.equal((await post('/v1/traces', { ...protobuf, 'content-encoding': 'gzip' }, 'no gzip')).status, 400);
  assert.equal((await post('/v1/traces', protobuf, Buffer.alloc((64 << 20) + 1))).status, 413);
  const told = await received(server, 'otlp-http');
  assert.deepEqual([told.requests, told.badRequests, told.refusedRequests], ['7', '5', '0']);
  assert.equal(told.spans, '3');

  const answers = await Promise.all(
    Array.from({ length: 12 }, () => server.export(Buffer.alloc(60 << 20, otlp.bytes(99, Buffer.alloc(125))))),
  );
  const busy = answers.filter((answer) => answer.status === 429).length;
  assert.ok(busy > 0, 'twelve times 60 MiB are more than 136 MiB');
  assert.equal((await received(server, 'otlp-http')).refusedRequests, String(busy));
});

test('so they are over gRPC and from Jaeger', async (t) => {
  const server = await startServer(t);
  const good = otlp.requestBytes(otlp.request('s', [otlp.span()]));
  assert.equal((await exportOverGrpc(t, server, good)).code, 0);
  assert.equal((await exportOverGrpc(t, server, Buffer.from('garbage'))).code, 3);
  let told = await received(server, 'otlp-grpc');
  assert.deepEqual([told.requests, told.spans, told.badRequests], ['2', '1', '1']);

  const span = { traceID: otlp.newTraceId(), spanID: otlp.newSpanId() };
  await server.sendThrift(thrift.batch('s', [span, { ...span, spanID: '0' }]));
  await server.sendThrift(Buffer.from('garbage'));
  await request(server.jaegerHttpPort, 'GET', '/api/traces');
  told = await received(server, 'jaeger-http');
  assert.deepEqual([told.requests, told.spans, told.rejectedSpans, told.badRequests], ['3', '1', '1', '2']);
});

test('what is stored, where it is and how old, from live to sealed to restarted', async (t) => {
  const before = otlp.nowNs();
  const server = await startServer(t, { flags: ['--retention', '3d', '--max-disk', '1GiB'] });
  const fresh = await status(server);
  assert.deepEqual(fresh.stored.oldestUnixNano, null);
  assert.deepEqual(fresh.stored.newestUnixNano, null);
  assert.equal(fresh.retention.spansNano, String(3n * 86_400_000_000_000n));
  assert.equal(fresh.disk.maxBytes, String(2 ** 30));
  assert.equal(fresh.disk.folder, server.dataDir);

  await server.export(otlp.request('s', [otlp.span(), otlp.span()]));
  const live = (await status(server)).stored;
  assert.deepEqual([live.spansLive, live.blocks, live.blockBytes, live.damage], ['2', '0', '0', '0']);
  assert.ok(Number(live.liveBytes) > 0 && Number(live.walBytes) > 0);
  const [oldest, newest] = [BigInt(live.oldestUnixNano), BigInt(live.newestUnixNano)];
  assert.ok(before <= oldest && oldest <= newest && newest <= otlp.nowNs());

  await server.seal();
  await server.export(otlp.request('s', [otlp.span()]));
  const sealed = await status(server);
  assert.deepEqual([sealed.stored.spansLive, sealed.stored.blocks, sealed.spansStored], ['1', '1', '3']);
  assert.ok(Number(sealed.stored.blockBytes) > 0);
  assert.equal(sealed.stored.sealing, '0');
  assert.equal(sealed.stored.oldestUnixNano, live.oldestUnixNano);
  assert.ok(BigInt(sealed.stored.newestUnixNano) > newest);
  const blocks = path.join(server.dataDir, 'tenants/default/blocks');
  const block = (await readdir(blocks)).find((name) => name.endsWith('.block'));
  assert.equal(sealed.stored.blockBytes, String((await stat(path.join(blocks, block))).size));

  await server.kill();
  const again = await status(await startServer(t, { dataDir: server.dataDir }));
  assert.deepEqual([again.stored.spansLive, again.stored.blocks, again.spansReceived], ['1', '1', '0']);
  assert.equal(again.stored.oldestUnixNano, live.oldestUnixNano);
});

test('disk and memory are what the system says', async (t) => {
  const server = await startServer(t, { flags: ['--memory-budget', '300MiB', '--retention', 'off'] });
  await server.export(otlp.request('s', [otlp.span()]));
  await server.seal();
  const { disk, memory, retention } = await status(server);
  assert.equal(disk.usedBytes, String(await folderBytes(server.dataDir)));
  assert.equal(disk.maxBytes, '0');
  assert.equal(retention.spansNano, '0');
  assert.ok(Number(disk.freeBytes) > 0);
  await writeFile(path.join(server.dataDir, 'tenants/default/of-somebody'), Buffer.alloc(1000));
  assert.equal(Number((await status(server)).disk.usedBytes), Number(disk.usedBytes) + 1000);

  assert.equal(memory.budgetBytes, String(126 << 20)); // half of what is beyond 48 MiB
  assert.ok(Number(memory.residentBytes) > 5 << 20 && Number(memory.residentBytes) < 2 ** 31, memory.residentBytes);
  const pad = otlp.newTraceId().repeat(1 << 16); // 2 MiB
  await server.export(otlp.request('s', [otlp.span({ attributes: { pad } })]));
  const fuller = (await status(server)).memory;
  assert.ok(Number(fuller.usedBytes) >= Number(memory.usedBytes) + (2 << 20), 'live spans are held under the budget');
  await server.seal();
  await until(async () => Number((await status(server)).memory.usedBytes) < 2 << 20, { what: 'and given back' });
});
