// What an acknowledgement means: on disk, in the next answer, counted once, there after any death.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { startServer, temporaryFolder } from './harness/server.mjs';

const search = (server, query) => server.json(`/api/traces?${new URLSearchParams(query)}`);

// client span of `a` and its server child in `b`
function call(a, b, traceId = otlp.newTraceId()) {
  const client = otlp.span({ traceId, name: 'call', kind: 3 });
  const server = otlp.span({ traceId, name: 'serve', kind: 2, parentSpanId: client.spanId });
  const body = otlp.request(a, [client]);
  body.resourceSpans.push(...otlp.request(b, [server]).resourceSpans);
  return { traceId, client, server, body };
}

async function assertOnce(server, { traceId }, a, b) {
  const byId = await server.json(`/api/traces/${traceId}`);
  assert.equal(byId.data[0].spans.length, 2);
  const found = await search(server, { service: a, operation: 'call' });
  assert.deepEqual(
    found.data.map((trace) => trace.spans.length),
    [2],
  );
  assert.deepEqual(
    (await server.json('/api/services')).data.filter((s) => s === a || s === b),
    [a, b].sort(),
  );
  assert.deepEqual((await server.json(`/api/services/${a}/operations`)).data, ['call']);
  const edges = (await server.json(`/api/dependencies?endTs=${Date.now() + 1000}&lookback=3600000`)).data;
  assert.deepEqual(
    edges.filter((e) => e.parent === a),
    [{ parent: a, child: b, callCount: 1 }],
  );
  const summary = (await server.json(`/api/spoor/v1/search?service=${a}`)).traces;
  assert.deepEqual(
    summary.map((s) => [s.spanCount, s.errorCount]),
    [[2, 0]],
  );
}

test('the very next request finds it: by id, in search, services, operations and dependencies', async (t) => {
  const server = await startServer(t);
  for (let i = 0; i < 20; ++i) {
    const made = call(`a${i}`, `b${i}`);
    assert.equal((await server.export(i % 2 ? made.body : otlp.requestBytes(made.body))).status, 200);
    await assertOnce(server, made, `a${i}`, `b${i}`);
  }
});

test('a retry is one span in every answer: live, sealed between, sealed and restarted', async (t) => {
  const dataDir = await temporaryFolder(t);
  let server = await startServer(t, { dataDir });
  const made = call('retry-a', 'retry-b');
  await server.export(made.body);
  await server.export(made.body);
  await assertOnce(server, made, 'retry-a', 'retry-b');
  await server.seal();
  await assertOnce(server, made, 'retry-a', 'retry-b');
  await server.export(made.body);
  await assertOnce(server, made, 'retry-a', 'retry-b');
  // The same spans in another request: other bytes, equal content.
  await server.export({ resourceSpans: [made.body.resourceSpans[1], made.body.resourceSpans[0]] });
  await assertOnce(server, made, 'retry-a', 'retry-b');
  await server.seal();
  await assertOnce(server, made, 'retry-a', 'retry-b');
  await server.kill();
  server = await startServer(t, { dataDir });
  await server.export(made.body);
  await assertOnce(server, made, 'retry-a', 'retry-b');
});

test('the same id with other content is kept twice, with a warning', async (t) => {
  const server = await startServer(t);
  const span = otlp.span({ kind: 1 });
  await server.export(otlp.request('twice', [span]));
  await server.export(otlp.request('twice', [{ ...span, name: 'other' }]));
  for (const state of ['live', 'sealed']) {
    if (state === 'sealed') await server.seal();
    const [trace] = (await server.json(`/api/traces/${span.traceId}`)).data;
    assert.deepEqual(trace.spans.map((s) => s.operationName).sort(), ['other', 'work'], state);
    assert.ok(
      trace.spans.every((s) => s.warnings?.length > 0),
      state,
    );
  }
});

test('a trace that straddles blocks is assembled whole', async (t) => {
  const server = await startServer(t);
  const traceId = otlp.newTraceId();
  const root = otlp.span({ traceId, name: 'root' });
  const ids = [];
  await server.export(otlp.request('straddle', [root]));
  for (let i = 0; i < 3; ++i) {
    await server.seal();
    const child = otlp.span({ traceId, parentSpanId: root.spanId, name: `child ${i}`, kind: 1 });
    ids.push(child.spanId);
    await server.export(otlp.request(`part${i}`, [child]));
  }
  const [trace] = (await server.json(`/api/traces/${traceId}`)).data;
  assert.equal(trace.spans.length, 4);
  for (const query of [{ service: 'straddle' }, { service: 'part2' }, { operation: 'child 0' }]) {
    const found = await server.json(`/api/spoor/v1/search?${new URLSearchParams(query)}`);
    assert.equal(found.traces.length, 1);
    assert.equal(found.traces[0].spanCount, 4);
    assert.equal(found.traces[0].rootName, 'root');
  }
});

test('kill -9 during concurrent ingest, twenty times over, loses nothing that was acknowledged', async (t) => {
  const dataDir = await temporaryFolder(t);
  const acknowledged = [];
  for (let round = 0; round < 20; ++round) {
    const server = await startServer(t, { dataDir });
    // All that was acknowledged before is here: the last round's whole, and a sample of the rest.
    const checked = [...acknowledged.slice(-60), ...acknowledged.filter((_, i) => i % 97 === round)];
    for (const { traceId, spans } of checked) {
      const answer = await server.get(`/api/traces/${traceId}`);
      assert.equal(answer.status, 200, `round ${round}: ${traceId}`);
      assert.equal(answer.json.data[0].spans.length, spans, `round ${round}: ${traceId}`);
    }
    let dead = false;
    const killAfter = 20 + ((round * 37) % 60);
    let sent = 0;
    const sender = async (s) => {
      while (!dead) {
        const traceId = otlp.newTraceId();
        const spans = Array.from({ length: 1 + ((sent * 7) % 40) }, () =>
          otlp.span({ traceId, attributes: { round, s } }),
        );
        try {
          const answer = await server.export(otlp.requestBytes(otlp.request(`svc-${s}`, spans)));
          if (answer.status === 200) acknowledged.push({ traceId, spans: spans.length });
        } catch {
          return; // it is being killed
        }
        if (++sent === killAfter) {
          dead = true;
          server.kill();
        }
        if (round % 5 === 4 && sent === Math.floor(killAfter / 2)) server.seal().catch(() => {});
      }
    };
    await Promise.all([0, 1, 2, 3].map(sender));
    await server.exited;
  }
  const server = await startServer(t, { dataDir });
  const summaries = new Map();
  for (const s of [0, 1, 2, 3]) {
    const found = await server.json(`/api/spoor/v1/search?service=svc-${s}&limit=10000`);
    assert.equal(found.complete, true);
    for (const trace of found.traces) summaries.set(trace.traceID, trace.spanCount);
  }
  for (const { traceId, spans } of acknowledged) assert.equal(summaries.get(traceId), spans, traceId);
});
