// Jaeger's search, /api/traces: every parameter, its bounds, what belongs to one span, and the order.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { inEveryState, startServer } from './harness/server.mjs';

const US = 1000n;
const SECOND = 1_000_000_000n;

const search = (server, query) => server.get(`/api/traces?${new URLSearchParams(query)}`);

async function found(server, query) {
  const answer = await search(server, query);
  assert.equal(answer.status, 200, `${new URLSearchParams(query)}: ${answer.text.slice(0, 300)}`);
  assert.equal(answer.json.errors, null);
  return answer.json.data.map((trace) => trace.traceID);
}

async function assertRefused(server, query) {
  const answer = await search(server, query);
  assert.equal(answer.status, 400, `${new URLSearchParams(query)}: ${answer.text.slice(0, 300)}`);
  assert.equal(answer.json.errors[0].code, 400);
  assert.ok(answer.json.errors[0].msg.length > 0);
}

// A moment of the last minutes on a whole microsecond.
const recently = () => (otlp.nowNs() / US) * US - 600n * SECOND;

test('newest start first, wherever the spans are and in whatever order they came', async (t) => {
  const server = await startServer(t);
  const base = recently();
  const seconds = [5, 1, 9, 3, 7, 0, 8, 2, 6, 4];
  const ids = [];
  for (const [i, second] of seconds.entries()) {
    const span = otlp.span({ name: 'o', startTimeUnixNano: base + BigInt(second) * SECOND });
    ids[second] = span.traceId;
    await server.export(otlp.request('order', [span]));
    if (i % 3 === 2) await server.seal();
  }
  // A late span of an old trace, and a late one that makes a trace older than it seemed.
  const late = { traceId: ids[2], startTimeUnixNano: base + 20n * SECOND };
  const early = { traceId: ids[8], startTimeUnixNano: base + SECOND / 2n };
  await server.export(otlp.request('order', [otlp.span(late), otlp.span(early)]));
  const expected = [9, 7, 6, 5, 4, 3, 2, 1, 8, 0].map((second) => ids[second]);
  await inEveryState(t, server, async (at, state) => {
    assert.deepEqual(await found(at, { service: 'order' }), expected, state);
    assert.deepEqual(await found(at, { service: 'order', limit: 4 }), expected.slice(0, 4), state);
    assert.deepEqual(await found(at, { service: 'order', limit: 9 }), expected.slice(0, 9), state);
  });
});

test('a limit is 1 to 10,000 and is kept exactly', async (t) => {
  const server = await startServer(t);
  const base = recently();
  const count = 10_050;
  const ids = [];
  for (let done = 0; done < count;) {
    const spans = [];
    for (let i = 0; i < 2010; ++i, ++done) {
      spans.push(otlp.span({ startTimeUnixNano: base + BigInt(done) * US }));
      ids.push(spans.at(-1).traceId);
    }
    assert.equal((await server.export(otlp.requestBytes(otlp.request('many', spans)))).status, 200);
    if (done === 4020) await server.seal();
  }
  ids.reverse();
  for (const state of ['half of them live', 'sealed']) {
    if (state === 'sealed') await server.seal();
    assert.deepEqual(await found(server, { service: 'many', limit: 10_000 }), ids.slice(0, 10_000), state);
    assert.deepEqual(await found(server, { service: 'many', limit: 1 }), ids.slice(0, 1), state);
    assert.equal((await found(server, { service: 'many' })).length, 100, 'the default');
    const own = await server.json('/api/spoor/v1/search?service=many&limit=10000');
    assert.deepEqual(
      own.traces.map((trace) => trace.traceID),
      ids.slice(0, 10_000),
    );
  }
  for (const limit of ['0', '-1', '10001', '99999999999999999999', 'ten', '1.5', '0x10', ' ']) {
    await assertRefused(server, { service: 'many', limit });
  }
});

test('the time window is inclusive, in microseconds, and compared in nanoseconds', async (t) => {
  const server = await startServer(t);
  const base = recently();
  const whole = otlp.span({ name: 'whole', startTimeUnixNano: base });
  const between = otlp.span({ name: 'between', startTimeUnixNano: base + 500n });
  await server.export(otlp.request('window', [whole, between]));
  const us = Number(base / US);
  await inEveryState(t, server, async (at, state) => {
    const names = async (query) => {
      const answer = await search(at, { service: 'window', ...query });
      return answer.json.data.map((trace) => trace.spans[0].operationName).sort();
    };
    assert.deepEqual(await names({ start: us, end: us + 1 }), ['between', 'whole'], state);
    assert.deepEqual(await names({ start: us, end: us }), ['whole'], state);
    assert.deepEqual(await names({ start: us + 1 }), [], state);
    assert.deepEqual(await names({ end: us - 1 }), [], state);
    assert.deepEqual(await names({ start: us }), ['between', 'whole'], state);
    assert.deepEqual(await names({ start: 0, end: us }), ['whole'], state);
  });
});

test('a trace belongs to a window when a matching span starts in it', async (t) => {
  const server = await startServer(t);
  const base = recently();
  const traceId = otlp.newTraceId();
  const root = otlp.span({ traceId, name: 'root', startTimeUnixNano: base });
  const late = otlp.span({ traceId, name: 'late', parentSpanId: root.spanId, startTimeUnixNano: base + 60n * SECOND });
  await server.export(otlp.request('long', [root, late]));
  const window = { start: Number((base + 50n * SECOND) / US), end: Number((base + 70n * SECOND) / US) };
  await inEveryState(t, server, async (at, state) => {
    const [trace] = (await search(at, { service: 'long', ...window })).json.data;
    assert.equal(trace.spans.length, 2, `whole, ${state}`);
    assert.deepEqual(await found(at, { operation: 'late', ...window }), [traceId], state);
    assert.deepEqual(await found(at, { operation: 'root', ...window }), [], state);
  });
});

test('durations are inclusive, in nanoseconds, and written as Go writes them', async (t) => {
  const server = await startServer(t);
  const start = recently();
  const span = otlp.span({ startTimeUnixNano: start, endTimeUnixNano: start + 1_234_567n });
  await server.export(otlp.request('durations', [span]));
  const cases = [
    [{ minDuration: '1234567ns' }, true],
    [{ minDuration: '1234568ns' }, false],
    [{ maxDuration: '1234567ns' }, true],
    [{ maxDuration: '1234566ns' }, false],
    [{ minDuration: '1234567ns', maxDuration: '1234567ns' }, true],
    [{ minDuration: '1.234567ms' }, true],
    [{ minDuration: '1.234568ms' }, false],
    [{ minDuration: '1234.567us' }, true],
    [{ minDuration: '1234.567µs' }, true],
    [{ minDuration: '1234.567\u03bcs' }, true],
    [{ minDuration: '0.001234567s' }, true],
    [{ minDuration: '.001234568s' }, false],
    [{ minDuration: '1ms234us567ns' }, true],
    [{ minDuration: '1ms234us568ns' }, false],
    [{ maxDuration: '1h30m' }, true],
    [{ minDuration: '1h30m' }, false],
    [{ minDuration: '0' }, true],
    [{ minDuration: '' }, true],
    [{ maxDuration: '0s' }, false],
  ];
  await inEveryState(t, server, async (at, state) => {
    for (const [query, expected] of cases) {
      const ids = await found(at, { service: 'durations', ...query });
      assert.deepEqual(ids, expected ? [span.traceId] : [], `${JSON.stringify(query)}, ${state}`);
    }
  });
});

test('what cannot be understood is 400 with the reason', async (t) => {
  const server = await startServer(t);
  await server.export(otlp.request('strict', [otlp.span()]));
  const bad = [{ minDuration: '5' }, { minDuration: 'abc' }, { maxDuration: '-1s' }, { maxDuration: '1 s' }];
  bad.push({ minDuration: '2s', maxDuration: '1s' }, { minDuration: '1d' }, { start: 'abc' }, { end: '1.5' });
  bad.push({ start: '20', end: '10' }, { tag: 'nocolon' }, { tags: 'a=b' }, { tags: '{"a":1}' }, { tags: '["a"]' });
  bad.push({ tags: '{"a":"b"' }, { traceID: 'xyz' }, { raw: 'perhaps' }, { limit: '1e2' });
  for (const query of bad) await assertRefused(server, { service: 'strict', ...query });
});

test('a parameter that stands twice or is unknown gets an answer', async (t) => {
  const server = await startServer(t);
  const span = otlp.span();
  await server.export(otlp.request('twice', [span]));
  const ask = async (query) => {
    const answer = await server.get(`/api/traces?${query}`);
    return [answer.status, answer.status === 200 ? answer.json.data.length : answer.json.errors[0].msg.length > 0];
  };
  assert.deepEqual(await ask('service=twice&service=other'), [400, true]);
  assert.deepEqual(await ask('service=twice&service=twice'), [200, 1]);
  assert.deepEqual(await ask('service=twice&limit=1&limit=2'), [400, true]);
  assert.deepEqual(await ask('service=twice&colour=blue&lookback=1h'), [200, 1]);
  for (const odd of ['%zz', 'service=%', 'service=%ff', '&&&=&', 'tag', 'service=twice%00', '='.repeat(5000)]) {
    const answer = await server.get(`/api/traces?${odd}`);
    assert.ok([200, 400].includes(answer.status), `${odd.slice(0, 20)}: ${answer.status}`);
    assert.ok(Array.isArray(answer.status === 200 ? answer.json.data : answer.json.errors), odd);
  }
});

test('tags match text, whatever the type, of span, resource, scope and events', async (t) => {
  const server = await startServer(t);
  const made = (attributes, more = {}) => ({ ...otlp.span({ attributes }), ...more });
  const spans = {
    int: made({ code: 500 }),
    text: made({ code: '500' }),
    bool: made({ flag: true }),
    boolText: made({ flag: 'true' }),
    double: made({ ratio: 1.5 }),
    bytes: made({ raw: Buffer.from([0, 255, 128]) }),
    list: made({ list: ['a', 1, true] }),
    map: made({ map: { a: { b: 1 } } }),
    colon: made({ url: 'http://a:80/b?c=d&e' }),
    unicode: made({ schlüssel: 'grüße ✓' }),
    event: made({}, { events: [{ timeUnixNano: '1', name: 'log', attributes: otlp.attributes({ 'in.event': 7 }) }] }),
    link: made(
      {},
      {
        links: [
          { traceId: otlp.newTraceId(), spanId: otlp.newSpanId(), attributes: otlp.attributes({ 'in.link': 7 }) },
        ],
      },
    ),
  };
  const duplicate = made({ dup: 'first' });
  duplicate.attributes.push({ key: 'dup', value: { stringValue: 'second' } });
  spans.duplicate = duplicate;
  const body = otlp.request('tags', Object.values(spans), { 'in.resource': 7 });
  body.resourceSpans[0].scopeSpans[0].scope.attributes = otlp.attributes({ 'in.scope': 7 });
  assert.equal((await server.export(body)).status, 200);
  const other = otlp.span({ attributes: { code: 5000 } });
  await server.export(otlp.request('tags', [other]));

  const everyone = Object.keys(spans);
  const cases = [
    ['code', '500', ['int', 'text']],
    ['code', '50', []],
    ['code', '500.0', []],
    ['flag', 'true', ['bool', 'boolText']],
    ['flag', 'True', []],
    ['ratio', '1.5', ['double']],
    ['raw', 'AP+A', ['bytes']],
    ['list', '["a",1,true]', ['list']],
    ['map', '{"a":{"b":1}}', ['map']],
    ['url', 'http://a:80/b?c=d&e', ['colon']],
    ['schlüssel', 'grüße ✓', ['unicode']],
    ['dup', 'first', ['duplicate']],
    ['dup', 'second', ['duplicate']],
    ['in.event', '7', ['event']],
    ['in.link', '7', []],
    ['in.resource', '7', everyone],
    ['in.scope', '7', everyone],
    ['in.resource', '8', []],
    ['absent', '500', []],
  ];
  await inEveryState(t, server, async (at, state) => {
    for (const [key, value, names] of cases) {
      const expected = names.map((name) => spans[name].traceId).sort();
      const asJson = await found(at, { service: 'tags', tags: JSON.stringify({ [key]: value }) });
      assert.deepEqual(asJson.sort(), expected, `tags ${key}=${value}, ${state}`);
      const asText = await found(at, { service: 'tags', tag: `${key}:${value}` });
      assert.deepEqual(asText.sort(), expected, `tag ${key}:${value}, ${state}`);
    }
  });
});

test('fields that Jaeger shows as tags can be searched for as such', async (t) => {
  const server = await startServer(t);
  const failed = { ...otlp.span({ kind: 3, traceState: 'v=1' }), status: { code: 2, message: 'timed out' } };
  const fine = { ...otlp.span({ kind: 2 }), status: { code: 1 } };
  await server.export(otlp.request('fields', [failed, fine]));
  const cases = [
    ['error', 'true', [failed]],
    ['span.kind', 'client', [failed]],
    ['span.kind', 'server', [fine]],
    ['otel.status_code', 'ERROR', [failed]],
    ['otel.status_code', 'OK', [fine]],
    ['otel.status_description', 'timed out', [failed]],
    ['w3c.tracestate', 'v=1', [failed]],
    ['otel.scope.name', 'tests', [failed, fine]],
    ['otel.scope.version', '1', [failed, fine]],
    ['otel.scope.name', 'other', []],
  ];
  await inEveryState(t, server, async (at, state) => {
    for (const [key, value, spans] of cases) {
      const ids = await found(at, { service: 'fields', tags: JSON.stringify({ [key]: value }) });
      assert.deepEqual(ids.sort(), spans.map((span) => span.traceId).sort(), `${key}=${value}, ${state}`);
    }
  });
});

test('every condition holds for one and the same span', async (t) => {
  const server = await startServer(t);
  const traceId = otlp.newTraceId();
  const start = recently();
  const made = (name, ms, attributes) =>
    otlp.span({
      traceId,
      name,
      attributes,
      startTimeUnixNano: start,
      endTimeUnixNano: start + BigInt(ms) * 1_000_000n,
    });
  await server.export(otlp.request('front', [made('quick', 1, { x: 1, shared: 's' })]));
  await server.export(otlp.request('back', [made('slow', 100, { y: 2, shared: 's' })]));
  const cases = [
    [{ operation: 'quick', tag: 'x:1' }, true],
    [{ operation: 'quick', tag: 'y:2' }, false],
    [{ tags: '{"x":"1","y":"2"}' }, false],
    [{ tags: '{"x":"1","shared":"s"}' }, true],
    [{ tag: 'x:1', tags: '{"y":"2"}' }, false],
    [{ operation: 'slow', tag: 'y:2', minDuration: '50ms' }, true],
    [{ operation: 'quick', minDuration: '50ms' }, false],
    [{ operation: 'slow', maxDuration: '50ms' }, false],
    [{ tag: 'x:1', minDuration: '50ms' }, false],
    [{ service: 'front', operation: 'slow' }, false],
    [{ service: 'back', tag: 'x:1' }, false],
    [{ service: 'back', operation: 'slow', tag: 'y:2', minDuration: '100ms', maxDuration: '100ms' }, true],
    [{ service: 'front', tag: 'shared:s' }, true],
  ];
  await inEveryState(t, server, async (at, state) => {
    for (const [query, expected] of cases) {
      assert.deepEqual(await found(at, query), expected ? [traceId] : [], `${JSON.stringify(query)}, ${state}`);
    }
    const both = await search(at, [
      ['tag', 'x:1'],
      ['tag', 'shared:s'],
    ]);
    assert.equal(both.json.data.length, 1, state);
    const apart = await search(at, [
      ['tag', 'x:1'],
      ['tag', 'y:2'],
    ]);
    assert.equal(apart.json.data.length, 0, state);
    assert.equal(both.json.data[0].spans.length, 2, 'the answer is the whole trace');
  });
});

test('no service is needed, and an unknown one has nothing', async (t) => {
  const server = await startServer(t);
  const spans = ['a', 'b', 'c'].map((service) => [service, otlp.span({ name: `in ${service}` })]);
  for (const [service, span] of spans) await server.export(otlp.request(service, [span]));
  assert.equal((await found(server, {})).length, 3);
  assert.equal((await found(server, { service: '' })).length, 3);
  assert.deepEqual(await found(server, { operation: 'in b' }), [spans[1][1].traceId]);
  assert.deepEqual(await found(server, { service: 'nobody' }), []);
  assert.deepEqual(await found(server, { service: 'a', operation: 'in b' }), []);
});

test('traces by a list of ids: those that are here, and a word on each that is not', async (t) => {
  const server = await startServer(t);
  const spans = [otlp.span(), otlp.span()];
  await server.export(otlp.request('list', spans));
  const absent = otlp.newTraceId();
  const ids = [spans[0].traceId, absent, spans[1].traceId.toUpperCase()];
  const { status, json } = await search(
    server,
    ids.map((id) => ['traceID', id]),
  );
  assert.equal(status, 200);
  assert.deepEqual(json.data.map((trace) => trace.traceID).sort(), spans.map((span) => span.traceId).sort());
  assert.deepEqual(
    json.errors.map((error) => error.traceID),
    [absent],
  );
  assert.ok(json.errors[0].msg.length > 0);
});
