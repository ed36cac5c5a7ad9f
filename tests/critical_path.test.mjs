// Where the time of a trace went, as docs/api/spoor.md has it: known traces whose answers were worked out by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decodeColumns, PATH } from './harness/columns.mjs';
import * as otlp from './harness/otlp.mjs';
import { inEveryState, startServer } from './harness/server.mjs';

const API = '/api/spoor/v1';
const [INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER] = [1, 2, 3, 4, 5];
const BEGIN = otlp.nowNs() - 3_600_000_000_000n;

// Spans of one trace, times in us from its start.
function maker() {
  const traceId = otlp.newTraceId();
  const requests = [];
  const span = (service, name, kind, parent, from, to, more = {}) => {
    const made = otlp.span({
      traceId,
      name,
      kind,
      parentSpanId: parent?.spanId ?? parent,
      startTimeUnixNano: BEGIN + BigInt(Math.round(from * 1000)),
      endTimeUnixNano: BEGIN + BigInt(Math.round(to * 1000)),
      attributes: more.attributes ?? {},
    });
    if (more.failed) made.status = { code: 2 };
    requests.push(otlp.request(service, [made]));
    return made;
  };
  const send = async (server) => {
    const answers = await Promise.all(requests.map((request) => server.export(request)));
    for (const answer of answers) assert.equal(answer.status, 200);
  };
  return { traceId, span, send };
}

// Parts in short: kind, what it is about, us, spans.
function short(part) {
  const about = {
    network: `${part.from} to ${part.to} ${Number(part.fromToNano) / 1000}`,
    gap: '',
    rest: '',
    outside: `${part.service} ${part.name} to ${part.target}`,
  }[part.kind];
  return [part.kind, about ?? `${part.service} ${part.name}`, Number(part.durationNano) / 1000, part.spanCount];
}

async function pathOf(server, traceId) {
  const answer = await server.json(`${API}/traces/${traceId}/critical-path`);
  const sum = (list) => list.reduce((total, { durationNano }) => total + BigInt(durationNano), 0n);
  assert.equal(sum(answer.parts), BigInt(answer.durationNano), 'the parts add up');
  assert.equal(sum(answer.services), BigInt(answer.durationNano), 'the services add up');
  const { bytes } = await server.get(`${API}/traces/${traceId}/columns`);
  const { path, start } = decodeColumns(bytes);
  assert.equal(start + (path[0]?.start ?? 0n), BigInt(answer.startTimeUnixNano), 'the columns begin where it does');
  assert.equal(
    path.reduce((total, segment) => total + segment.end - segment.start, 0n),
    BigInt(answer.durationNano),
    'the columns have the same path',
  );
  const { services } = await server.json(`${API}/services`);
  const colours = new Map(services.map(({ name, colour }) => [name, colour]));
  for (const { service, colour } of [...answer.parts, ...answer.services]) {
    if (service) assert.equal(colour, colours.get(service), service);
  }
  return { ...answer, path, told: answer.parts.map(short) };
}

// Time by service in us.
function times(services) {
  return Object.fromEntries(services.map(({ service, durationNano }) => [service, Number(durationNano) / 1000]));
}

test('a checkout with a loop, a retry, parallel and outside calls, the network and a message', async (t) => {
  const { traceId, span, send } = maker();
  const root = span('frontend', 'POST /checkout', SERVER, undefined, 0, 10_000);
  const call = span('frontend', 'Charge', CLIENT, root, 500, 9_500);
  const charge = span('payment', 'Charge', SERVER, call, 1_000, 9_200);
  for (let i = 0; i < 20; i++) {
    const query = span('payment', 'SELECT ledger', CLIENT, charge, 1_100 + i * 200, 1_100 + i * 200 + 190);
    if (i % 2) span('ledger', 'query', SERVER, query, 1_110 + i * 200, 1_110 + i * 200 + 100);
  }
  span('payment', 'SELECT limits', CLIENT, charge, 1_100, 4_000); // beside the loop
  const first = span('payment', 'Score', CLIENT, charge, 5_200, 6_200, { failed: true });
  span('risk', 'Score', SERVER, first, 5_300, 6_190, { failed: true });
  const again = span('payment', 'Score', CLIENT, charge, 6_300, 6_800);
  span('risk', 'Score', SERVER, again, 6_400, 6_700);
  span('payment', 'POST', CLIENT, charge, 6_900, 8_900, { attributes: { 'server.address': 'api.acquirer.example' } });
  const publish = span('payment', 'publish', PRODUCER, charge, 9_000, 9_050);
  span('email', 'process', CONSUMER, publish, 9_040, 60_000);
  const server = await startServer(t);
  await send(server);
  await inEveryState(t, server, async (at, state) => {
    const answer = await pathOf(at, traceId);
    assert.equal(answer.spanCount, 41, state);
    assert.equal(answer.startTimeUnixNano, String(BEGIN));
    assert.equal(answer.durationNano, '10000000');
    assert.equal(answer.rootMissing, false);
    assert.deepEqual(
      answer.told,
      [
        ['repeats', 'payment SELECT ledger', 3_800, 20],
        ['outside', 'payment POST to api.acquirer.example', 2_000, 1],
        ['retry', 'payment Score', 1_500, 2],
        ['operation', 'frontend POST /checkout', 1_000, 1],
        // Network 800, payment's own work 850, the message 50.
        ['rest', '', 1_700, 3],
      ],
      state,
    );
    assert.equal(answer.parts[0].eachNano, '190000');
    assert.equal(answer.parts[0].rows.length, 20);
    assert.deepEqual(answer.parts.at(-1).rows, []);
    assert.deepEqual(times(answer.services), { payment: 6_010, frontend: 1_800, risk: 1_190, ledger: 1_000 }, state);
  });
});

test('children that overlap: in parallel, by their clocks, out of their parent', async (t) => {
  const parallel = maker();
  const fan = parallel.span('api', 'fan out', SERVER, undefined, 0, 100);
  parallel.span('api', 'slow', INTERNAL, fan, 10, 90);
  parallel.span('api', 'quick', INTERNAL, fan, 10, 40);
  parallel.span('api', 'late', INTERNAL, fan, 30, 85);

  const clocks = maker();
  const turns = clocks.span('api', 'in turn', SERVER, undefined, 0, 1_000);
  clocks.span('api', 'first', INTERNAL, turns, 0, 505);
  clocks.span('api', 'second', INTERNAL, turns, 500, 1_000);

  const skewed = maker();
  const client = skewed.span('api', 'GET', CLIENT, undefined, 0, 100);
  const ahead = skewed.span('far', 'GET', SERVER, client, 30, 130);
  skewed.span('far', 'work', INTERNAL, ahead, 40, 120);

  const detached = maker();
  const soon = detached.span('api', 'answer', SERVER, undefined, 0, 100);
  detached.span('api', 'later', INTERNAL, soon, 100, 5_000);
  detached.span('api', 'long before', INTERNAL, soon, -5_000, 0);

  const backwards = maker();
  backwards.span('api', 'backwards', SERVER, undefined, 100, 50);

  const server = await startServer(t);
  for (const made of [parallel, clocks, skewed, detached, backwards]) await made.send(server);
  await inEveryState(t, server, async (at, state) => {
    const told = async (made) => (await pathOf(at, made.traceId)).told;
    assert.deepEqual(
      await told(parallel),
      [
        ['operation', 'api slow', 80, 1],
        ['operation', 'api fan out', 20, 1],
      ],
      state,
    );
    assert.deepEqual(
      await told(clocks),
      [
        ['operation', 'api first', 500, 1],
        ['operation', 'api second', 500, 1],
      ],
      state,
    );
    assert.deepEqual(
      await told(skewed),
      [
        ['operation', 'far work', 60, 1],
        ['network', 'api to far 30', 30, 1],
        ['operation', 'far GET', 10, 1],
      ],
      state,
    );
    assert.deepEqual(await told(detached), [['operation', 'api answer', 100, 1]], state);
    assert.deepEqual(await told(backwards), [], state);
    assert.equal((await pathOf(at, backwards.traceId)).durationNano, '0');
  });
});

test('where the root is missing, the path covers the trace and tells of gaps', async (t) => {
  const { traceId, span, send } = maker();
  const lost = otlp.newSpanId();
  span('a', 'one', SERVER, lost, 0, 100);
  const two = span('b', 'two', CLIENT, lost, 300, 500);
  span('c', 'two', SERVER, two, 320, 490);
  span('b', 'beside', INTERNAL, otlp.newSpanId(), 310, 400);
  const server = await startServer(t);
  await send(server);
  await inEveryState(t, server, async (at, state) => {
    const answer = await pathOf(at, traceId);
    assert.equal(answer.rootMissing, true, state);
    assert.equal(answer.durationNano, '500000');
    assert.deepEqual(
      answer.told,
      [
        ['gap', '', 200, 0],
        ['operation', 'c two', 170, 1],
        ['operation', 'a one', 100, 1],
        ['network', 'b to c 30', 30, 1],
      ],
      state,
    );
    assert.deepEqual(times(answer.services), { '': 200, c: 170, a: 100, b: 30 });
    assert.deepEqual(
      answer.path.map(({ kind }) => kind),
      [PATH.work, PATH.gap, PATH.network, PATH.work, PATH.network],
      state,
    );
  });
});

test('an unknown trace and an id that is none are refused as everywhere', async (t) => {
  const server = await startServer(t);
  const unknown = await server.get(`${API}/traces/${otlp.newTraceId()}/critical-path`);
  assert.equal(unknown.status, 404);
  assert.equal(unknown.json.error.code, 'not_found');
  const malformed = await server.get(`${API}/traces/xyz/critical-path`);
  assert.equal(malformed.status, 400);
  assert.ok(malformed.json.error.message.length > 0);
});
