// Lists of traces and the overview above them, as docs/api/spoor.md has them: every number against what was sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { inEveryState, startServer } from './harness/server.mjs';

const API = '/api/spoor/v1';
const SERVICES = ['frontend', 'cart', 'payment'];
const BEGIN = otlp.nowNs() - 3_600_000_000_000n;

// Numbers that look random and are the same every time.
function makeRandom(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

// Traces of one to four spans, as they are sent and as a list shall tell them.
function makeTraces(count, seed = 1) {
  const random = makeRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const traceId = otlp.newTraceId();
    const start = BEGIN + BigInt(i) * 1_000_000_000n + BigInt(random(1000));
    const root = otlp.span({
      traceId,
      name: `op ${random(3)}`,
      startTimeUnixNano: start,
      endTimeUnixNano: start + BigInt(1 + random(1_000_000_000)),
    });
    const spans = [{ service: SERVICES[random(3)], span: root }];
    if (random(8) === 0) root.parentSpanId = otlp.newSpanId();
    for (let child = random(4); child > 0; child--) {
      const begin = start + BigInt(1 + random(1000));
      const fields = { traceId, parentSpanId: root.spanId, startTimeUnixNano: begin };
      const span = otlp.span({ ...fields, name: 'call', endTimeUnixNano: begin + BigInt(random(1_000_000_000)) });
      if (random(5) === 0) span.status = { code: 2 };
      spans.push({ service: SERVICES[random(3)], span });
    }
    const ends = spans.map(({ span }) => BigInt(span.endTimeUnixNano));
    const end = ends.reduce((a, b) => (a > b ? a : b));
    return {
      traceId,
      spans,
      start,
      duration: end - start,
      spanCount: spans.length,
      errorCount: spans.filter(({ span }) => span.status?.code === 2).length,
      rootMissing: root.parentSpanId !== undefined && root.parentSpanId !== '',
      rootService: spans[0].service,
      services: new Set(spans.map(({ service }) => service)),
    };
  });
}

async function send(server, traces) {
  for (const service of SERVICES) {
    const spans = traces.flatMap((trace) => trace.spans.filter((one) => one.service === service));
    if (spans.length > 0) await server.export(otlp.request(service, spans.map(({ span }) => span)));
  }
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const KEYS = {
  newest: (trace) => -trace.start,
  longest: (trace) => -trace.duration,
  shortest: (trace) => trace.duration,
  'most-spans': (trace) => BigInt(-trace.spanCount),
  'most-errors': (trace) => BigInt(-trace.errorCount),
};
const ordered = (traces, order) =>
  [...traces].sort(
    (a, b) => compare(KEYS[order](a), KEYS[order](b)) || compare(b.start, a.start) || compare(a.traceId, b.traceId),
  );

// All pages of a list; `between` runs after the first.
async function pages(server, query, between = async () => {}) {
  const ids = [];
  let next;
  do {
    const page = await server.json(`${API}/search?${query}${next ? `&after=${next}` : ''}`);
    assert.equal(page.complete, true);
    ids.push(...page.traces.map((trace) => trace.traceID));
    if (!next) await between();
    assert.ok(page.next === undefined || page.traces.length > 0);
    next = page.next;
  } while (next);
  return ids;
}

const START = `start=${BEGIN / 1000n}`;

test('every order is exact, page by page, with every condition and count', async (t) => {
  let server = await startServer(t);
  const traces = makeTraces(60);
  await send(server, traces.slice(0, 40));
  assert.equal((await server.get('/api/spoor/v1/search')).status, 200);
  await send(server, traces.slice(40));
  const middle = ordered(traces, 'longest')[30].duration;
  const conditions = {
    '': () => true,
    'traceErrors=true': (trace) => trace.errorCount > 0,
    'rootMissing=true': (trace) => trace.rootMissing,
    'rootService=cart': (trace) => trace.rootService === 'cart',
    'service=payment': (trace) => trace.services.has('payment'),
    [`traceDurationMin=${middle}ns`]: (trace) => trace.duration >= middle,
    [`traceDurationMax=${middle}ns`]: (trace) => trace.duration <= middle,
    [`traceStartMin=${traces[20].start}`]: (trace) => trace.start >= traces[20].start,
    [`traceStartMax=${traces[20].start}`]: (trace) => trace.start <= traces[20].start,
  };
  server = await inEveryState(t, server, async (at, state) => {
    for (const [condition, holds] of Object.entries(conditions)) {
      const matches = traces.filter(holds);
      for (const order of Object.keys(KEYS)) {
        const about = `${state}: ${condition} by ${order}`;
        const query = `${START}&order=${order}&${condition}`;
        const expected = ordered(matches, order).map((trace) => trace.traceId);
        assert.deepEqual(await pages(at, `${query}&limit=7`), expected, about);
        const counted = await at.json(`${API}/search?${query}&limit=1&count=true`);
        assert.equal(counted.traceCount, matches.length, about);
        assert.equal('next' in counted, matches.length > 1, about);
      }
    }
  });
});

test('pages neither repeat nor skip a trace while others arrive', async (t) => {
  const server = await startServer(t);
  const traces = makeTraces(30);
  await send(server, traces);
  for (const order of Object.keys(KEYS)) {
    const ids = await pages(server, `${START}&order=${order}&limit=10`, () => send(server, makeTraces(10, 77)));
    assert.equal(new Set(ids).size, ids.length, order);
    const ours = new Set(traces.map((trace) => trace.traceId));
    const expected = ordered(traces, order).map((trace) => trace.traceId);
    assert.deepEqual(
      ids.filter((id) => ours.has(id)),
      expected,
      order,
    );
  }
});

test('one trace is told as lists tell it, with its critical path where that is asked for', async (t) => {
  const server = await startServer(t);
  const traces = makeTraces(5);
  await send(server, traces);
  const { traces: listed } = await server.json(`${API}/search?${START}`);
  for (const row of listed) assert.deepEqual(await server.json(`${API}/traces/${row.traceID}`), row);
  assert.equal((await server.get(`${API}/traces/abc`)).status, 404);
  assert.equal((await server.get(`${API}/traces/xyz`)).status, 400);
  const { traces: withPath } = await server.json(`${API}/search?${START}&criticalPath=true`);
  for (const [i, row] of withPath.entries()) {
    const { criticalPath, ...rest } = row;
    assert.deepEqual(rest, listed[i]);
    const whole = await server.json(`${API}/traces/${row.traceID}/critical-path`);
    assert.deepEqual(criticalPath, whole.services);
    const sum = criticalPath.reduce((total, part) => total + BigInt(part.durationNano), 0n);
    assert.equal(sum, BigInt(whole.durationNano));
  }
});

const quantile = (values, q) => [...values].sort(compare)[Math.ceil((q * values.length) / 100) - 1];

function overviewOf(traces, { columns, rows, start, end }) {
  const durations = traces.map((trace) => trace.duration);
  const sorted = [...durations].sort(compare);
  const [low, high] = [sorted[0], sorted.at(-1)].map(Number);
  const cells = new Map();
  const byColumn = Array.from({ length: columns }, () => []);
  for (const trace of traces) {
    const column = trace.start >= end ? columns - 1 : Number(((trace.start - start) * BigInt(columns)) / (end - start));
    const ratio = Math.log(Number(trace.duration) / low) / Math.log(high / low);
    const row = Math.min(rows - 1, Math.floor(rows * ratio));
    const cell = cells.get(column * rows + row) ?? [column, row, 0, 0];
    cells.set(column * rows + row, [column, row, cell[2] + 1, cell[3] + (trace.errorCount > 0 ? 1 : 0)]);
    byColumn[column].push(trace.duration);
  }
  const told = (list, q) => (list.length > 0 ? String(quantile(list, q)) : null);
  const p99 = quantile(durations, 99);
  return {
    cells: [...cells.entries()].sort(([a], [b]) => a - b).map(([, cell]) => cell),
    columnP50Nano: byColumn.map((list) => told(list, 50)),
    columnP99Nano: byColumn.map((list) => told(list, 99)),
    p50Nano: told(durations, 50),
    p99Nano: String(p99),
    counts: {
      errors: traces.filter((trace) => trace.errorCount > 0).length,
      slow: durations.filter((duration) => duration > p99).length,
      rootMissing: traces.filter((trace) => trace.rootMissing).length,
    },
  };
}

test('an overview tells the numbers of all matches', async (t) => {
  let server = await startServer(t);
  const traces = makeTraces(150);
  await send(server, traces.slice(0, 90));
  await send(server, traces.slice(90));
  const end = BEGIN + 150_000_000_000n;
  const shape = { columns: 10, rows: 6, start: BEGIN / 1000n * 1000n, end: (end / 1000n) * 1000n };
  server = await inEveryState(t, server, async (at, state) => {
    for (const service of [undefined, 'payment']) {
      const matches = traces.filter((trace) => !service || trace.services.has(service));
      const query = `${START}&end=${end / 1000n}&columns=10&rows=6&points=10000${service ? `&service=${service}` : ''}`;
      const { points, rootServices, rootServiceCount, ...overview } = await at.json(`${API}/overview?${query}`);
      const durations = matches.map((trace) => trace.duration).sort(compare);
      assert.deepEqual(
        overview,
        {
          traceCount: matches.length,
          startTimeUnixNano: String(shape.start),
          endTimeUnixNano: String(shape.end),
          durationMinNano: String(durations[0]),
          durationMaxNano: String(durations.at(-1)),
          columns: 10,
          rows: 6,
          ...overviewOf(matches, shape),
          complete: true,
        },
        `${state} ${service}`,
      );
      const expected = ordered(matches, 'newest').map((trace) => [
        String(trace.start),
        String(trace.duration),
        trace.spanCount,
        trace.errorCount,
        trace.traceId,
        trace.rootService,
      ]);
      assert.deepEqual(points, expected, state);
      const roots = SERVICES.map((name) => [name, matches.filter((trace) => trace.rootService === name).length]);
      assert.deepEqual(
        rootServices.map((root) => [root.name, root.traceCount]),
        roots.filter(([, count]) => count > 0).sort(([a, n], [b, m]) => m - n || compare(a, b)),
      );
      assert.equal(rootServiceCount, rootServices.length);
      const some = await at.json(`${API}/overview?${query.replace('points=10000', 'points=12')}`);
      assert.equal(some.points.length, 12);
    }
  });
  const nothing = await server.json(`${API}/overview?${START}&service=nobody&columns=2`);
  assert.deepEqual([nothing.traceCount, nothing.cells, nothing.points, nothing.rootServices], [0, [], [], []]);
  assert.deepEqual([nothing.p50Nano, nothing.p99Nano, nothing.columnP50Nano], [null, null, [null, null]]);
});

test('what cannot be understood is refused with a reason', async (t) => {
  const server = await startServer(t);
  await send(server, makeTraces(3));
  const { next } = await server.json(`${API}/search?${START}&limit=1&order=longest`);
  assert.match(next, /^[\w-]+$/);
  const refused = async (target, reason) => {
    const answer = await server.get(`${API}/${target}`);
    assert.equal(answer.status, 400, target);
    assert.equal(answer.json.error.code, 'invalid', target);
    assert.match(answer.json.error.message, reason, target);
  };
  await refused(`search?after=${next}`, /belongs to a list of another 'order'/);
  await refused(`search?order=longest&after=${next.slice(1)}`, /no 'next' of an earlier answer/);
  await refused(`search?order=longest&after=${next.slice(0, -3)}AAA`, /no 'next' of an earlier answer/);
  await refused('search?after=%00', /no 'next' of an earlier answer/);
  await refused('search?order=best', /must be newest, longest/);
  await refused('search?count=maybe', /'count'/);
  for (const route of ['search', 'overview']) {
    await refused(`${route}?traceDurationMin=5`, /'traceDurationMin'/);
    await refused(`${route}?traceDurationMin=2s&traceDurationMax=1s`, /must not be greater/);
    await refused(`${route}?traceStartMin=-1`, /'traceStartMin'/);
    await refused(`${route}?rootMissing=maybe`, /'rootMissing'/);
    await refused(`${route}?minDuration=x`, /'minDuration'/);
  }
  await refused('overview?columns=0', /between 1 and 500/);
  await refused('overview?rows=201', /between 1 and 200/);
  await refused('overview?points=10001', /between 0 and 10000/);
});
