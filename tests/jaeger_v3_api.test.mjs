// Jaeger's /api/v3 over HTTP: shapes, the parameters under all of their names, bounds and errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { inEveryState, startServer } from './harness/server.mjs';

// RFC 3339 with nine digits.
function rfc3339(ns) {
  const [seconds, fraction] = [ns / 1_000_000_000n, ns % 1_000_000_000n];
  const head = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${head}.${String(fraction).padStart(9, '0')}Z`;
}

const BASE = otlp.nowNs() - 600_000_000_000n;
const EVER = {
  'query.startTimeMin': rfc3339(BASE - 3_600_000_000_000n),
  'query.startTimeMax': rfc3339(BASE + 86_400_000_000_000n),
};

const ask = (server, path, query) => server.get(`/api/v3/${path}?${new URLSearchParams(query)}`);

const spansOf = (result) => result.resourceSpans.flatMap((rs) => rs.scopeSpans.flatMap((ss) => ss.spans));

// Names of the spans of all traces that match; none where the answer is that there are none.
async function names(server, query) {
  const answer = await ask(server, 'traces', { ...EVER, ...query });
  if (answer.status === 404) return [];
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  return spansOf(answer.json.result)
    .map((span) => span.name)
    .sort();
}

function assertRefused(answer, status, about) {
  assert.equal(answer.status, status, `${about}: ${answer.text.slice(0, 300)}`);
  assert.equal(answer.json.error.httpCode, status, about);
  assert.ok(answer.json.error.message.length > 0, about);
}

test('services and operations', async (t) => {
  const server = await startServer(t);
  assert.deepEqual((await server.json('/api/v3/services')).services ?? [], []);
  const spans = ['', '', 'server', 'client'].map((_, kind) => otlp.span({ name: `op ${kind}`, kind }));
  await server.export(otlp.request('b', spans));
  await server.export(otlp.request('a', [otlp.span()]));
  await inEveryState(t, server, async (at, state) => {
    assert.deepEqual(await at.json('/api/v3/services'), { services: ['a', 'b'] }, state);
    const kinds = ['internal', 'internal', 'server', 'client'];
    const operations = kinds.map((spanKind, kind) => ({ name: `op ${kind}`, spanKind }));
    assert.deepEqual((await ask(at, 'operations', { service: 'b' })).json, { operations }, state);
    const servers = await ask(at, 'operations', { service: 'b', spanKind: 'server' });
    assert.deepEqual(servers.json, { operations: [operations[2]] }, state);
    assert.deepEqual((await ask(at, 'operations', { service: 'nobody' })).json.operations ?? [], []);
    assert.deepEqual((await ask(at, 'operations', {})).json.operations ?? [], [], 'without a service');
  });
});

test('a trace by id, in OTLP JSON; unknown is 404, malformed 400', async (t) => {
  let server = await startServer(t);
  const traceId = otlp.newTraceId();
  const parent = otlp.span({ traceId, attributes: { n: 12n } });
  const child = otlp.span({ traceId, parentSpanId: parent.spanId, kind: 3 });
  await server.export(otlp.request('one', [parent, child], { 'host.name': 'h' }));
  server = await inEveryState(t, server, async (at, state) => {
    const result = await at.otlpTrace(traceId);
    const [stored] = result.resourceSpans;
    assert.deepEqual(stored.resource.attributes, otlp.attributes({ 'service.name': 'one', 'host.name': 'h' }), state);
    assert.equal(stored.scopeSpans[0].scope.name, 'tests');
    const [first] = spansOf(result).filter((span) => span.spanId === parent.spanId);
    assert.equal(first.traceId, traceId);
    assert.equal(first.kind, 2, 'enums are numbers');
    assert.equal(first.startTimeUnixNano, parent.startTimeUnixNano, '64 bits are text');
    assert.deepEqual(first.attributes, [{ key: 'n', value: { intValue: '12' } }]);
    assertRefused(await at.get(`/api/v3/traces/${otlp.newTraceId()}`), 404, 'unknown');
  });
  assertRefused(await server.get('/api/v3/traces/xyz'), 400, 'malformed');
  assertRefused(await server.get(`/api/v3/traces/${'1'.repeat(33)}`), 400, 'too long');
});

test('traces by query: bounds, names of the parameters, one and the same span', async (t) => {
  let server = await startServer(t);
  const made = (name, offset, ns, attributes = {}) => {
    const startTimeUnixNano = BASE + offset;
    return otlp.span({ name, startTimeUnixNano, endTimeUnixNano: startTimeUnixNano + ns, attributes });
  };
  const early = made('early', 0n, 1_000_001n, { code: 500 });
  const late = made('late', 1_000_000_001n, 5_000_000n, { code: '500' });
  await server.export(otlp.request('front', [early]));
  await server.export(otlp.request('back', [late]));
  const window = (min, max) => ({
    'query.startTimeMin': rfc3339(BASE + min),
    'query.startTimeMax': rfc3339(BASE + max),
  });
  const cases = [
    [{}, ['early', 'late']],
    [{ 'query.serviceName': 'front' }, ['early']],
    [{ 'query.service_name': 'front' }, ['early']],
    [{ 'query.operationName': 'late' }, ['late']],
    [{ 'query.operation_name': 'late' }, ['late']],
    [{ 'query.serviceName': 'front', 'query.operationName': 'late' }, []],
    [{ 'query.attributes': '{"code":"500"}' }, ['early', 'late']],
    [{ 'query.attributes': '{"code":"500"}', 'query.durationMin': '2ms' }, ['late']],
    [{ 'query.durationMin': '1000001ns' }, ['early', 'late']],
    [{ 'query.durationMin': '1000002ns' }, ['late']],
    [{ 'query.duration_max': '1000001ns' }, ['early']],
    [{ 'query.durationMax': '1000000ns' }, []],
    [{ 'query.searchDepth': '1' }, ['late']],
    [{ 'query.search_depth': '1' }, ['late']],
    [{ 'query.num_traces': '1' }, ['late']],
    [window(0n, 1n), ['early']],
    [window(1n, 1_000_000_001n), ['late']],
    [window(1n, 1_000_000_000n), []],
  ];
  server = await inEveryState(t, server, async (at, state) => {
    for (const [query, expected] of cases) {
      assert.deepEqual(await names(at, query), expected, `${JSON.stringify(query)}, ${state}`);
    }
    const aliases = {
      'query.start_time_min': EVER['query.startTimeMin'],
      'query.start_time_max': EVER['query.startTimeMax'],
    };
    assert.equal((await ask(at, 'traces', aliases)).status, 200);
  });
  assertRefused(await ask(server, 'traces', { ...EVER, 'query.serviceName': 'nobody' }), 404, 'no traces found');
});

test('what cannot be understood is 400 with the reason', async (t) => {
  const server = await startServer(t);
  await server.export(otlp.request('x', [otlp.span()]));
  const [min, max] = [EVER['query.startTimeMin'], EVER['query.startTimeMax']];
  for (const path of ['traces', 'trace-summaries']) {
    assertRefused(await ask(server, path, {}), 400, 'no window');
    assertRefused(await ask(server, path, { 'query.startTimeMin': min }), 400, 'half a window');
    assertRefused(await ask(server, path, { 'query.startTimeMin': max, 'query.startTimeMax': min }), 400, 'reversed');
    assertRefused(await ask(server, path, { ...EVER, 'query.startTimeMin': 'yesterday' }), 400, 'not a time');
    for (const depth of ['0', '-1', '10001', 'x']) {
      assertRefused(await ask(server, path, { ...EVER, 'query.searchDepth': depth }), 400, `depth ${depth}`);
    }
    for (const duration of ['5', 'x', '-1s']) {
      assertRefused(await ask(server, path, { ...EVER, 'query.durationMin': duration }), 400, `from ${duration}`);
    }
    const reversed = { ...EVER, 'query.durationMin': '2s', 'query.durationMax': '1s' };
    assertRefused(await ask(server, path, reversed), 400, 'durations reversed');
    assertRefused(await ask(server, path, { ...EVER, 'query.attributes': 'a=b' }), 400, 'attributes');
  }
});

test('trace summaries, newest first', async (t) => {
  const server = await startServer(t);
  const traceId = otlp.newTraceId();
  const at = (offset) => ({ startTimeUnixNano: BASE + offset, endTimeUnixNano: BASE + offset + 1_000n });
  const root = otlp.span({ traceId, name: 'root', ...at(0n), endTimeUnixNano: BASE + 9_000n });
  const failed = { ...otlp.span({ traceId, parentSpanId: root.spanId, ...at(1n) }), status: { code: 2 } };
  const orphan = otlp.span({ traceId, parentSpanId: otlp.newSpanId(), ...at(2n) });
  const newer = otlp.span({ name: 'newer', ...at(10n) });
  await server.export(otlp.request('front', [root]));
  await server.export(otlp.request('back', [failed, orphan]));
  await server.export(otlp.request('other', [newer]));
  await inEveryState(t, server, async (running, state) => {
    const { summaries } = (await ask(running, 'trace-summaries', EVER)).json;
    assert.deepEqual(
      summaries,
      [
        {
          traceId: newer.traceId,
          rootServiceName: 'other',
          rootOperationName: 'newer',
          minStartTimeUnixNano: newer.startTimeUnixNano,
          maxEndTimeUnixNano: newer.endTimeUnixNano,
          spanCount: 1,
          services: [{ name: 'other', spanCount: 1 }],
        },
        {
          traceId,
          rootServiceName: 'front',
          rootOperationName: 'root',
          minStartTimeUnixNano: root.startTimeUnixNano,
          maxEndTimeUnixNano: root.endTimeUnixNano,
          spanCount: 3,
          errorSpanCount: 1,
          orphanSpanCount: 1,
          services: [
            { name: 'back', spanCount: 2, errorSpanCount: 1 },
            { name: 'front', spanCount: 1 },
          ],
        },
      ],
      state,
    );
    const none = await ask(running, 'trace-summaries', { ...EVER, 'query.serviceName': 'nobody' });
    assert.equal(none.status, 200);
    assert.deepEqual(none.json, {});
  });
});
