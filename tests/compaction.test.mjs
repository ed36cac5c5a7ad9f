// Blocks are merged beside traffic and questions, and nothing that anybody sees changes.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { startServer, temporaryFolder, until } from './harness/server.mjs';

const filesOf = async (server, folder, ending) =>
  (await readdir(path.join(server.dataDir, 'tenants/default', folder))).filter((name) => name.endsWith(ending));

// Batch n: a trace of its own, and a span of the trace that all batches share.
const shared = otlp.newTraceId();
const rootId = 'a1a1a1a1a1a1a1a1';
const start = otlp.nowNs();
function batch(n) {
  const own = otlp.newTraceId();
  const root = otlp.span({ traceId: own, name: 'own', startTimeUnixNano: start + BigInt(n) * 1_000_000n });
  const body = otlp.request('shop', [
    root,
    otlp.span({
      traceId: own,
      name: 'child',
      parentSpanId: root.spanId,
      startTimeUnixNano: start + BigInt(n) * 1_000_000n,
    }),
    otlp.span({
      traceId: shared,
      name: `part ${n}`,
      ...(n === 0 ? { spanId: rootId } : { parentSpanId: rootId }),
      attributes: { n },
      startTimeUnixNano: start + BigInt(n) * 1000n,
    }),
  ]);
  return { own, body };
}

// Every span with its resource and scope; how they are grouped goes by where they stand.
async function spansOf(server, traceId) {
  const groups = (await server.otlpTrace(traceId)).resourceSpans;
  const spans = groups.flatMap((r) =>
    r.scopeSpans.flatMap((s) => s.spans.map((span) => JSON.stringify([r.resource, s.scope, span]))),
  );
  return spans.sort();
}

// Everything that is asked, in a form that can be compared.
async function answers(server) {
  const list = await server.json('/api/spoor/v1/search?limit=1000');
  return {
    services: (await server.json('/api/services')).data,
    operations: (await server.json('/api/services/shop/operations')).data,
    traces: list.traces.map((trace) => [trace.traceId ?? trace.traceID, trace.spanCount, trace.startTimeUnixNano]),
    shared: await spansOf(server, shared),
    red: (await server.json('/api/spoor/v1/red?service=shop')).series,
    calls: (await server.json('/api/spoor/v1/map')).calls,
  };
}

test('everything is answered as before once blocks are merged, and after a restart', async (t) => {
  const dataDir = await temporaryFolder(t);
  let server = await startServer(t, { dataDir });
  for (let n = 0; n < 6; ++n) {
    assert.equal((await server.export(batch(n).body)).status, 200);
    if (n < 3) await server.seal();
  }
  await server.seal();
  const before = await answers(server);
  await server.compact();
  assert.equal((await filesOf(server, 'blocks', '.block')).length, 1);
  assert.equal((await filesOf(server, 'blocks', '.tmp')).length, 0);
  assert.deepEqual(await answers(server), before);
  const told = (await server.json('/api/spoor/v1/status')).compaction;
  assert.equal(told.merges, '1');
  assert.equal(told.running, false);
  assert.ok(Number(told.readBytes) > 0 && Number(told.writtenBytes) > 0 && Number(told.sealedBytes) > 0);
  assert.equal(await server.metric('spoor_store_compactions_total'), 1);
  assert.ok((await server.metric('spoor_store_write_amplification')) > 1);
  assert.equal((await server.stop()).code, 0);
  server = await startServer(t, { dataDir });
  assert.deepEqual(await answers(server), before);
  await server.compact();
  assert.deepEqual(await answers(server), before);
});

test('spans arrive and are found while blocks are merged', async (t) => {
  const server = await startServer(t);
  const sent = [];
  for (let n = 0; n < 30; ++n) {
    const made = batch(n);
    assert.equal((await server.export(made.body)).status, 200);
    sent.push(made.own);
    if (n % 5 === 4) await server.seal();
  }
  const merging = server.compact();
  for (let n = 30; n < 60; ++n) {
    const made = batch(n);
    assert.equal((await server.export(made.body)).status, 200);
    sent.push(made.own);
    const found = await server.json(`/api/traces/${made.own}`);
    assert.equal(found.data[0].spans.length, 2);
  }
  await merging;
  await server.compact();
  const list = await server.json('/api/spoor/v1/search?limit=1000');
  assert.equal(list.traces.length, sent.length + 1);
  assert.equal((await server.json(`/api/traces/${shared}`)).data[0].spans.length, 60);
});

test('four blocks of a size become one without being asked', async (t) => {
  const server = await startServer(t);
  for (let n = 0; n < 4; ++n) {
    await server.export(batch(n).body);
    await server.seal();
  }
  await until(async () => (await filesOf(server, 'blocks', '.block')).length === 1, { what: 'they are one' });
  assert.equal((await server.json(`/api/traces/${shared}`)).data[0].spans.length, 4);
});

test('kill -9 while blocks are merged loses nothing and doubles nothing', async (t) => {
  const dataDir = await temporaryFolder(t);
  let expected;
  for (let round = 0; round < 6; ++round) {
    const server = await startServer(t, { dataDir });
    if (expected) assert.deepEqual(await answers(server), expected, `after round ${round}`);
    for (let n = 0; n < 3; ++n) {
      for (let i = 0; i < 20; ++i) await server.export(batch(100 * round + 20 * n + i).body);
      await server.seal();
    }
    expected = await answers(server);
    const merging = server.compact().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, round));
    await server.kill();
    await merging;
  }
  const server = await startServer(t, { dataDir });
  assert.deepEqual(await answers(server), expected);
  await server.compact();
  assert.deepEqual(await answers(server), expected);
  assert.equal((await filesOf(server, 'blocks', '.tmp')).length, 0);
});
