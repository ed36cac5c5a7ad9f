// /red, /distribution, /map and /api/dependencies against a brute force over the spans that were sent: live, sealed,
// restarted, with retries, late spans, parents in other blocks, and after retention.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { startServer, until } from './harness/server.mjs';

const MINUTE = 60_000_000_000n;
const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const ENTRY = [2, 5];
const SERVICES = ['shop', 'cart', 'bank', 'batch'];

// The same numbers every time.
function randomOf(seed) {
  let n = 0;
  return (below) => createHash('sha256').update(`${seed}/${n++}`).digest().readUInt32LE(0) % below;
}

function groupBy(items, keyOf) {
  const groups = new Map();
  for (const item of items) {
    const key = keyOf(item);
    if (groups.has(key)) groups.get(key).push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

const idOf = (text, bytes) => createHash('sha256').update(text).digest('hex').slice(0, 2 * bytes);

// Spans of many traces over ten minutes, in an order in which children come before parents, parents in other requests.
// `batch` has no server spans.
function makeSpans(random, count, startNs) {
  const spans = [];
  for (let i = 0; i < count; ++i) {
    const trace = random(count / 5);
    const service = SERVICES[random(SERVICES.length)];
    const start = startNs + BigInt(random(10)) * MINUTE + BigInt(random(60_000)) * 1_000_000n;
    const kind = service === 'batch' ? [1, 3][random(2)] : random(6);
    spans.push({
      service,
      span: otlp.span({
        traceId: idOf(`trace ${trace}`, 16),
        spanId: idOf(`span ${trace} ${random(12)} ${i}`, 8),
        parentSpanId: '',
        name: `op ${random(5)}`,
        kind,
        startTimeUnixNano: start,
        endTimeUnixNano: start + BigInt(random(1_000_000)) * BigInt(1 + random(50)),
        status: random(6) === 0 ? { code: 2 } : {},
      }),
    });
  }
  // A parent is any span of the same trace that was made before.
  const byTrace = groupBy(spans, (one) => one.span.traceId);
  for (const trace of byTrace.values()) {
    for (let i = 1; i < trace.length; ++i) {
      if (random(5) > 0) trace[i].span.parentSpanId = trace[random(i)].span.spanId;
    }
  }
  return spans;
}

const minuteOf = (span) => BigInt(span.startTimeUnixNano) / MINUTE;
const durationOf = (span) => BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano);
const isError = (span) => span.status?.code === 2;

function exactQuantile(spans, thousandths) {
  const sorted = spans.map(durationOf).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return sorted[Math.ceil((sorted.length * thousandths) / 1000) - 1];
}

function assertQuantiles(found, spans, what) {
  for (const [name, thousandths] of Object.entries({ p50Nano: 500, p95Nano: 950, p99Nano: 990 })) {
    const exact = Number(exactQuantile(spans, thousandths));
    const apart = Math.abs(Number(found[name]) - exact);
    assert.ok(apart <= exact / 100, `${what}: ${name} is ${found[name]}, exactly ${exact}`);
  }
}

function assertCounts(found, spans, what) {
  assert.equal(found.count, spans.length, `${what}: count`);
  assert.equal(found.errorCount, spans.filter((one) => isError(one)).length, `${what}: errors`);
  assertQuantiles(found, spans, what);
}

// What counts of a service's spans when nobody asks for a kind.
function entriesOf(spans) {
  const entries = spans.filter((one) => ENTRY.includes(one.kind));
  return entries.length > 0 ? entries : spans;
}

const windowOf = (first, last) => `start=${(first * MINUTE) / 1000n + 7n}&end=${(last * MINUTE) / 1000n + 9n}`;

function spansByService(sent, first, last) {
  const inside = sent.filter(({ span }) => minuteOf(span) >= first && minuteOf(span) <= last);
  return groupBy(inside, (one) => one.service);
}

async function assertServices(server, sent, first, last) {
  const answer = await server.json(`/api/spoor/v1/red?${windowOf(first, last)}&step=120`);
  assert.equal(answer.startTimeUnixNano, String(first * MINUTE));
  assert.equal(answer.endTimeUnixNano, String((last + 1n) * MINUTE));
  assert.equal(answer.complete, true);
  const expected = spansByService(sent, first, last);
  assert.deepEqual(answer.groups.map((group) => group.service), [...expected.keys()].sort());
  for (const group of answer.groups) {
    const all = expected.get(group.service).map((one) => one.span);
    const spans = entriesOf(all);
    assert.equal(group.counted, spans === all ? 'all' : 'entry');
    assertCounts(group, spans, group.service);
    assert.equal(group.durationSumNano, String(spans.reduce((sum, span) => sum + durationOf(span), 0n)));
    const steps = Number((last - first + 2n) / 2n);
    for (const points of Object.values(group.points)) assert.equal(points.length, steps);
    for (let i = 0; i < steps; ++i) {
      const inStep = spans.filter((span) => (minuteOf(span) - first) / 2n === BigInt(i));
      assert.equal(group.points.count[i], inStep.length, `${group.service} step ${i}`);
      assert.equal(group.points.errorCount[i], inStep.filter(isError).length);
      const point = Object.fromEntries(['p50Nano', 'p95Nano', 'p99Nano'].map((name) => [name, group.points[name][i]]));
      if (inStep.length === 0) assert.deepEqual(Object.values(point), [null, null, null]);
      else assertQuantiles(point, inStep, `${group.service} step ${i}`);
    }
  }
}

async function assertOperations(server, sent, first, last) {
  const window = windowOf(first, last);
  const answer = await server.json(`/api/spoor/v1/red?${window}&groupBy=operation&service=shop&points=false`);
  const entries = entriesOf(spansByService(sent, first, last).get('shop').map((one) => one.span));
  const expected = groupBy(entries, (span) => `${span.name} ${KINDS[span.kind]}`);
  const place = (group) => `${group.operation} ${KINDS.indexOf(group.kind)}`;
  assert.deepEqual(answer.groups.map(place), answer.groups.map(place).sort());
  assert.equal(answer.groups.length, expected.size);
  for (const group of answer.groups) {
    assert.equal(group.points, undefined);
    assertCounts(group, expected.get(`${group.operation} ${group.kind}`), group.operation);
  }
  for (const kind of ['client', 'internal']) {
    const spans = sent.map((one) => one.span).filter((span) => span.name === 'op 1' && KINDS[span.kind] === kind);
    const asked = `service=bank&operation=op+1&kind=${kind}`;
    const mine = spans.filter((span) => sent.some((one) => one.span === span && one.service === 'bank'));
    const distribution = await server.json(`/api/spoor/v1/distribution?start=0&${asked}`);
    assertCounts(distribution, mine, asked);
    assert.equal(distribution.buckets.reduce((sum, [, , count]) => sum + count, 0), mine.length);
    for (const [from, to, count] of distribution.buckets) {
      const within = mine.filter((span) => durationOf(span) >= BigInt(from) && durationOf(span) <= BigInt(to));
      assert.equal(count, within.length, `${asked} from ${from} to ${to}`);
    }
  }
}

function callsOf(sent, first, last) {
  const byId = new Map(sent.map((one) => [one.span.traceId + one.span.spanId, one]));
  const calls = new Map();
  for (const { service, span } of sent) {
    const parent = byId.get(span.traceId + span.parentSpanId);
    if (!parent || parent.service === service || minuteOf(span) < first || minuteOf(span) > last) continue;
    const pair = `${parent.service} ${service}`;
    calls.set(pair, [...(calls.get(pair) ?? []), span]);
  }
  return calls;
}

async function assertMap(server, sent, first, last) {
  const map = await server.json(`/api/spoor/v1/map?${windowOf(first, last)}`);
  const services = spansByService(sent, first, last);
  assert.deepEqual(map.services.map((one) => one.name), [...services.keys()].sort());
  for (const one of map.services) {
    assertCounts(one, entriesOf(services.get(one.name).map((sentOne) => sentOne.span)), one.name);
  }
  const calls = callsOf(sent, first, last);
  assert.deepEqual(map.calls.map((one) => `${one.parent} ${one.child}`), [...calls.keys()].sort());
  for (const one of map.calls) assertCounts(one, calls.get(`${one.parent} ${one.child}`), `${one.parent}>${one.child}`);

  const endTs = ((last + 1n) * MINUTE) / 1_000_000n - 1n;
  const lookback = ((last - first + 1n) * MINUTE) / 1_000_000n - 1n;
  const { data } = await server.json(`/api/dependencies?endTs=${endTs}&lookback=${lookback}`);
  const told = data.map((one) => [`${one.parent} ${one.child}`, one.callCount]).sort();
  assert.deepEqual(told, [...calls].map(([pair, spans]) => [pair, spans.length]).sort());
}

async function assertAll(server, sent, first) {
  await assertServices(server, sent, first, first + 9n);
  await assertServices(server, sent, first + 3n, first + 5n);
  await assertOperations(server, sent, first, first + 9n);
  await assertMap(server, sent, first, first + 9n);
  await assertMap(server, sent, first + 2n, first + 6n);
}

// Sends spans in requests of one service each.
async function send(server, spans) {
  for (const [service, ofService] of groupBy(spans, (one) => one.service)) {
    const body = otlp.requestBytes(otlp.request(service, ofService.map((one) => one.span)));
    const answer = await server.export(body);
    assert.equal(answer.status, 200, answer.text);
  }
}

test('counts are exact in every state', async (t) => {
  const random = randomOf('states');
  const first = otlp.nowNs() / MINUTE - 30n;
  const spans = makeSpans(random, 600, first * MINUTE);
  // Traces are cut anywhere, so parents stand in other requests and blocks.
  const parts = [0, 1, 2, 3].map((part) => spans.filter((_, i) => i % 4 === part));
  let server = await startServer(t);
  const { dataDir } = server;
  const sent = [];
  const add = async (part) => {
    await send(server, part);
    sent.push(...part);
  };
  await add(parts[3]);
  await assertAll(server, sent, first);
  await add(parts[1]);
  await assertAll(server, sent, first);
  await server.seal();
  await assertAll(server, sent, first);
  await add(parts[2]);
  await send(server, parts[1].slice(0, 40));  // sent again, in other requests
  await assertAll(server, sent, first);
  await server.seal();
  await assertAll(server, sent, first);
  await send(server, parts[3].slice(10, 50));
  await add(parts[0]);
  await assertAll(server, sent, first);
  await server.kill();
  server = await startServer(t, { dataDir });
  await assertAll(server, sent, first);
  await server.seal();
  await assertAll(server, sent, first);
  await server.stop();
  server = await startServer(t, { dataDir });
  await assertAll(server, sent, first);
});

test('counts outlive the spans that retention removes', async (t) => {
  const first = otlp.nowNs() / MINUTE - 30n;
  const spans = makeSpans(randomOf('retention'), 200, first * MINUTE);
  const server = await startServer(t, { flags: ['--retention', '1s', '--rollup-retention', '1d'] });
  await send(server, spans);
  await server.seal();
  await until(async () => (await server.json('/api/services')).data.length === 0, { what: 'the spans are gone' });
  await assertAll(server, spans, first);
});

test('what cannot be understood is 400, with the reason', async (t) => {
  const server = await startServer(t);
  for (const [asked, reason] of [
    ['red?start=x', /start/],
    ['red?start=5000000&end=1000000', /start time must be before end time/],
    ['red?kind=servant', /kind 'servant' is none of entry, server/],
    ['red?groupBy=pod', /groupBy 'pod' is neither/],
    ['red?step=61', /step/],
    ['red?step=0', /step/],
    ['red?step=-60', /step/],
    ['red?step=99999999999999999999', /step/],
    ['red?start=0&step=60', /step would cut the window into \d+ parts, 2000 are the most/],
    ['red?points=perhaps', /points/],
    ['red?service=a&service=b', /service/],
    ['distribution?kind=x', /kind/],
    ['distribution?end=1e9', /end/],
    ['map?start=%00', /start/],
  ]) {
    const answer = await server.get(`/api/spoor/v1/${asked}`);
    assert.equal(answer.status, 400, `${asked}: ${answer.text}`);
    assert.match(JSON.parse(answer.text).error.message, reason, asked);
  }
  for (const asked of ['red', 'distribution', 'map', 'red?start=-5', 'red?end=9223372036854775807', 'map?start=0',
    'red?start=0&end=0', 'red?service=none&groupBy=operation', 'red?start=9223372036854775807']) {
    const answer = await server.get(`/api/spoor/v1/${asked}`);
    assert.equal(answer.status, 200, `${asked}: ${answer.text}`);
    assert.equal(JSON.parse(answer.text).complete, true);
  }
});

test('names and times of hostile senders are bounded, and totals stay exact', async (t) => {
  const server = await startServer(t);
  const now = otlp.nowNs();
  const count = 70_000;  // more than a rollup has rows
  const hostile = Array.from({ length: count }, (_, i) =>
    otlp.span({ name: `op ${i} ${'x'.repeat(i % 999 === 0 ? 2000 : 9)}`, startTimeUnixNano: now }),
  );
  const absurd = [0n, 1n, 2n ** 63n, 2n ** 64n - 1n].map((start) =>
    otlp.span({ name: 'absurd', startTimeUnixNano: start, endTimeUnixNano: 2n ** 64n - 1n }));
  for (let i = 0; i < hostile.length; i += 10_000) {
    const answer = await server.export(otlp.requestBytes(otlp.request('hostile', hostile.slice(i, i + 10_000))));
    assert.equal(answer.status, 200, answer.text);
  }
  assert.equal((await server.export(otlp.requestBytes(otlp.request('absurd', absurd)))).status, 200);
  for (const state of ['live', 'sealed']) {
    const services = await server.json('/api/spoor/v1/red?start=0&end=9223372036854775807');
    const counts = services.groups.map((group) => [group.service, group.count]);
    assert.deepEqual(counts, [['absurd', 4], ['hostile', count]], state);
    const operations = await server.json('/api/spoor/v1/red?groupBy=operation&points=false');
    assert.equal(operations.groups.length, 10_000, state);
    assert.equal(operations.groups.reduce((sum, group) => sum + group.count, 0), count, state);
    await server.seal();
  }
  assert.ok((await server.metric('spoor_store_rollup_bytes')) < (4 << 20));
});
