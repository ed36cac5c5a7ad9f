// Jaeger's search, /api/traces, beside what the files of tests/queries show: order, limits, what is refused.
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

