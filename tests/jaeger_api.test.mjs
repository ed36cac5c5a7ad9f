// Jaeger's query API but for its search: traces by id, services, operations, dependencies; shapes, units and errors.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { inEveryState, request, startServer } from './harness/server.mjs';

const byKey = (pairs) => Object.fromEntries(pairs.map(({ key, ...rest }) => [key, rest]));
const string = (value) => ({ type: 'string', value });

// The envelope of an answer without errors; `total` is told by lists of names alone.
function dataOf(answer, { total = 0 } = {}) {
  assert.equal(answer.status, 200, answer.text);
  assert.match(answer.headers['content-type'], /^application\/json/);
  const { data, ...rest } = answer.json;
  assert.deepEqual(rest, { total, limit: 0, offset: 0, errors: null });
  return data;
}

// The same envelope with what is wrong.
function assertRefused(answer, status, about) {
  assert.equal(answer.status, status, `${about}: ${answer.text.slice(0, 300)}`);
  assert.ok(!/<html/i.test(answer.text), about);
  const [error] = answer.json.errors;
  assert.equal(error.code, status, about);
  assert.ok(error.msg.length > 0, about);
}

test('a trace has the shape, the units and the types that clients of Jaeger read', async (t) => {
  const server = await startServer(t);
  const traceId = otlp.newTraceId();
  const start = 1_700_000_000_123_456_789n;
  const parent = otlp.span({
    traceId,
    name: 'GET /cart',
    kind: 2,
    startTimeUnixNano: start,
    endTimeUnixNano: start + 2_500_999n,
    traceState: 'vendor=a',
    attributes: {
      text: 'grüße',
      yes: true,
      small: -5,
      safe: 9007199254740991n,
      large: 9223372036854775807n,
      real: 0.1,
      bytes: Buffer.from([0, 255, 128]),
      list: ['a', 1, true],
      map: { a: { b: 1 } },
    },
  });
  parent.attributes.push({ key: 'nan', value: { doubleValue: 'NaN' } });
  parent.attributes.push({ key: 'below', value: { doubleValue: '-Infinity' } });
  const linked = { traceId: otlp.newTraceId(), spanId: otlp.newSpanId(), attributes: [] };
  const child = {
    ...otlp.span({ traceId, name: 'SELECT', kind: 3, parentSpanId: parent.spanId, startTimeUnixNano: start + 1000n }),
    events: [
      { timeUnixNano: String(start + 2_999n), name: 'retry', attributes: otlp.attributes({ attempt: 2 }) },
      { timeUnixNano: String(start + 3_000n), name: '', attributes: otlp.attributes({ bare: true }) },
    ],
    links: [linked],
    status: { code: 2, message: 'timed out' },
  };
  const body = otlp.request('shop', [parent, child], { 'host.name': 'h1', replicas: 3 });
  assert.equal((await server.export(body)).status, 200);

  await inEveryState(t, server, async (at, state) => {
    const data = dataOf(await at.get(`/api/traces/${traceId}`));
    assert.equal(data.length, 1, state);
    const [trace] = data;
    assert.deepEqual(Object.keys(trace).sort(), ['processes', 'spans', 'traceID', 'warnings'], state);
    assert.equal(trace.traceID, traceId);
    assert.equal(trace.warnings, null);
    const [first, second] = trace.spans;
    assert.deepEqual([first.spanID, second.spanID], [parent.spanId, child.spanId], 'parents come first');
    for (const span of trace.spans) {
      assert.equal(span.traceID, traceId);
      assert.equal(span.warnings, null);
      const process = trace.processes[span.processID];
      assert.equal(process.serviceName, 'shop');
      assert.deepEqual(byKey(process.tags), { 'host.name': string('h1'), replicas: { type: 'int64', value: 3 } });
      assert.deepEqual(byKey(span.tags)['otel.scope.name'], string('tests'));
      assert.deepEqual(byKey(span.tags)['otel.scope.version'], string('1'));
    }
    assert.match(first.processID, /^p\d+$/);

    assert.equal(first.operationName, 'GET /cart');
    assert.equal(first.startTime, 1_700_000_000_123_456, 'whole microseconds, cut off');
    assert.equal(first.duration, 2_500, 'whole microseconds, cut off');
    assert.deepEqual(first.references, []);
    assert.deepEqual(first.logs, []);
    const tags = byKey(first.tags);
    assert.deepEqual(tags['span.kind'], string('server'));
    assert.deepEqual(tags['w3c.tracestate'], string('vendor=a'));
    assert.deepEqual(tags.text, string('grüße'));
    assert.deepEqual(tags.yes, { type: 'bool', value: true });
    assert.deepEqual(tags.small, { type: 'int64', value: -5 });
    assert.deepEqual(tags.safe, { type: 'int64', value: 9007199254740991 });
    assert.deepEqual(tags.large, { type: 'int64', value: '9223372036854775807' }, 'beyond what JavaScript can hold');
    assert.deepEqual(tags.real, { type: 'float64', value: 0.1 });
    assert.deepEqual(tags.bytes, { type: 'binary', value: 'AP+A' });
    assert.deepEqual(tags.list, string('["a",1,true]'));
    assert.deepEqual(tags.map, string('{"a":{"b":1}}'));
    assert.deepEqual(tags.nan, { type: 'float64', value: 'NaN' });
    assert.deepEqual(tags.below, { type: 'float64', value: '-Infinity' });

    assert.deepEqual(second.references, [
      { refType: 'CHILD_OF', traceID: traceId, spanID: parent.spanId },
      { refType: 'FOLLOWS_FROM', traceID: linked.traceId, spanID: linked.spanId },
    ]);
    const childTags = byKey(second.tags);
    assert.deepEqual(childTags.error, { type: 'bool', value: true });
    assert.deepEqual(childTags['otel.status_code'], string('ERROR'));
    assert.deepEqual(childTags['otel.status_description'], string('timed out'));
    const [named, bare] = second.logs;
    assert.equal(named.timestamp, 1_700_000_000_123_459);
    assert.deepEqual(byKey(named.fields), { event: string('retry'), attempt: { type: 'int64', value: 2 } });
    assert.deepEqual(byKey(bare.fields).bare, { type: 'bool', value: true });
  });
});

test('spans of different resources are different processes', async (t) => {
  const server = await startServer(t);
  const traceId = otlp.newTraceId();
  const body = otlp.request('a', [otlp.span({ traceId, name: 'one' })], { instance: 1 });
  body.resourceSpans.push(...otlp.request('a', [otlp.span({ traceId, name: 'two' })], { instance: 2 }).resourceSpans);
  body.resourceSpans.push(...otlp.request('b', [otlp.span({ traceId, name: 'three' })]).resourceSpans);
  await server.export(body);
  const [trace] = dataOf(await server.get(`/api/traces/${traceId}`));
  const seen = trace.spans.map((span) => {
    const { serviceName, tags } = trace.processes[span.processID];
    return [span.operationName, serviceName, byKey(tags).instance?.value];
  });
  assert.deepEqual(seen.sort(), [
    ['one', 'a', 1],
    ['three', 'b', undefined],
    ['two', 'a', 2],
  ]);
  assert.equal(Object.keys(trace.processes).length, 3);
});

test('a trace id may have 16 or 32 digits, capitals, and its zeros left out', async (t) => {
  const server = await startServer(t);
  const ids = [
    '0000000000000000f00dfeedbeefcafe',
    '00000000000000000000000000000abc',
    '0a0b0c0d0e0f0001020304050607abcd',
  ];
  for (const traceId of ids) await server.export(otlp.request('ids', [otlp.span({ traceId })]));
  await inEveryState(t, server, async (at, state) => {
    for (const id of ids) {
      const bare = id.replace(/^0+/, '');
      const shown = id.startsWith('0'.repeat(16)) ? id.slice(16) : id;
      const forms = [id, id.toUpperCase(), bare, bare.toUpperCase(), `0${bare}`, shown];
      for (const form of forms) {
        const [trace] = dataOf(await at.get(`/api/traces/${form}`));
        assert.equal(trace.traceID, shown, `${form}, ${state}`);
        assert.equal(trace.spans[0].traceID, shown);
        const v3 = await at.otlpTrace(form);
        assert.equal(v3.resourceSpans[0].scopeSpans[0].spans[0].traceId, id, `${form}, ${state}`);
        const columns = await at.get(`/api/spoor/v1/traces/${form}/columns`);
        assert.equal(columns.bytes.subarray(48, 64).toString('hex'), id, `${form}, ${state}`);
      }
    }
    // Sixteen digits are the low half of nobody else.
    assertRefused(await at.get(`/api/traces/${ids[2].slice(16)}`), 404, 'the low half alone');
  });
});

test('an unknown trace is 404, a malformed id 400, and neither is an empty list', async (t) => {
  const server = await startServer(t);
  await server.export(otlp.request('x', [otlp.span()]));
  for (const id of [otlp.newTraceId(), '1', 'f'.repeat(16)]) {
    assertRefused(await server.get(`/api/traces/${id}`), 404, id);
  }
  for (const id of ['xyz', 'g'.repeat(32), '1'.repeat(33), '1 2', '-1', '0x12']) {
    assertRefused(await server.get(`/api/traces/${encodeURIComponent(id)}`), 400, id);
  }
  const zero = await server.get(`/api/traces/${'0'.repeat(32)}`);
  assert.ok(zero.status === 400 || zero.status === 404, `the zero id: ${zero.status}`);
});

test('an unknown path of the API is 404 and never a page; pages are text/html', async (t) => {
  const server = await startServer(t);
  const unknown = ['/api', '/api/', '/api/nothing', '/api/service', '/api/traces/1/2/3', '/api/services/x/unknown'];
  unknown.push('/api/v3', '/api/v3/nothing', '/api/v4/traces', '/api/spoor', '/api/spoor/v1', '/api/spoor/v2/search');
  for (const path of [...unknown, '/api/spoor/v1/nothing', '/api/%2e%2e/index.html', '/api/index.html']) {
    const answer = await server.get(path, { headers: { accept: 'text/html' } });
    assert.equal(answer.status, 404, path);
    assert.ok(!/html/i.test(answer.headers['content-type'] ?? ''), `${path}: ${answer.headers['content-type']}`);
    assert.ok(!/<!doctype|<html/i.test(answer.text), path);
  }
  const pages = ['/', '/search', '/search?service=a&lookback=1h', `/trace/${otlp.newTraceId()}`, '/services'];
  // A service may be called like a file.
  for (const path of [...pages, '/service/shop', '/service/shop.v1', '/service/shop.js', '/service/a%2Fb.css']) {
    const answer = await server.get(path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers['content-type'], /^text\/html/, path);
  }
  for (const path of ['/assets/missing.js', '/missing.js', '/service.js']) {
    assert.equal((await server.get(path)).status, 404, path);
  }
});

test('other methods are refused, HEAD answers without a body', async (t) => {
  const server = await startServer(t);
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const answer = await request(server.queryPort, method, '/api/services');
    assert.ok([404, 405].includes(answer.status), `${method}: ${answer.status}`);
  }
  const head = await request(server.queryPort, 'HEAD', '/api/services');
  assert.equal(head.status, 200);
  assert.equal(head.bytes.length, 0);
});

test('services and operations', async (t) => {
  const server = await startServer(t);
  assert.deepEqual(dataOf(await server.get('/api/services')), []);
  const kinds = ['', 'internal', 'server', 'client', 'producer', 'consumer'];
  const spans = kinds.map((_, kind) => otlp.span({ name: `op ${kind}`, kind }));
  await server.export(otlp.request('zoo/lion & co', [...spans, otlp.span({ name: 'op 2', kind: 3 })]));
  await server.export(otlp.request('ape', [otlp.span({ name: 'swing' }), otlp.span({ name: 'swing' })]));

  await inEveryState(t, server, async (at, state) => {
    assert.deepEqual(dataOf(await at.get('/api/services'), { total: 2 }), ['ape', 'zoo/lion & co'], state);
    const name = encodeURIComponent('zoo/lion & co');
    const names = ['op 0', 'op 1', 'op 2', 'op 3', 'op 4', 'op 5'];
    assert.deepEqual(dataOf(await at.get(`/api/services/${name}/operations`), { total: 6 }), names, state);
    assert.deepEqual(dataOf(await at.get('/api/services/ape/operations'), { total: 1 }), ['swing']);
    assert.deepEqual(dataOf(await at.get('/api/services/nobody/operations')), []);

    const all = dataOf(await at.get(`/api/operations?service=${name}`), { total: 7 });
    const expected = kinds.map((spanKind, kind) => ({ name: `op ${kind}`, spanKind }));
    expected.splice(3, 0, { name: 'op 2', spanKind: 'client' });
    assert.deepEqual(all, expected, state);
    const clients = dataOf(await at.get(`/api/operations?service=${name}&spanKind=client`), { total: 2 });
    assert.deepEqual(clients, [
      { name: 'op 2', spanKind: 'client' },
      { name: 'op 3', spanKind: 'client' },
    ]);
    assert.deepEqual(dataOf(await at.get('/api/operations?service=nobody')), []);
    assertRefused(await at.get('/api/operations'), 400, 'without a service');
  });
});

test('dependencies come from the real parents across services', async (t) => {
  const server = await startServer(t);
  const now = otlp.nowNs();
  const at = { startTimeUnixNano: now - 60_000_000_000n };
  const traceId = otlp.newTraceId();
  const child = (parent, fields = {}) => otlp.span({ traceId, parentSpanId: parent.spanId, ...at, ...fields });
  const a1 = otlp.span({ traceId, ...at });
  const a2 = child(a1, { kind: 1 });
  const a3 = child(a2, { kind: 3 });
  const b1 = child(a3);
  const b2 = child(a1); // no client span in between
  const b3 = child(b1, { kind: 1 });
  const c1 = child(b3, { kind: 5 });
  const orphan = otlp.span({ traceId, parentSpanId: otlp.newSpanId(), ...at });
  // Children before their parents, each in a request of its own, with blocks in between.
  await server.export(otlp.request('c', [c1]));
  await server.export(otlp.request('b', [b1, b2, b3]));
  await server.seal();
  await server.export(otlp.request('a', [a1, a2, a3]));
  await server.export(otlp.request('d', [orphan]));
  // A call of long ago, and one in which the ids of another trace must not be taken for parents.
  const old = otlp.span({ startTimeUnixNano: now - 3n * 86_400_000_000_000n });
  const oldChild = { ...old, spanId: otlp.newSpanId(), parentSpanId: old.spanId };
  await server.export(otlp.request('old-a', [old]));
  await server.export(otlp.request('old-b', [oldChild]));
  await server.export(otlp.request('e', [otlp.span({ parentSpanId: a1.spanId, ...at })]));

  const edges = [
    { parent: 'a', child: 'b', callCount: 2 },
    { parent: 'b', child: 'c', callCount: 1 },
  ];
  const sorted = (data) => data.sort((x, y) => (x.parent + x.child < y.parent + y.child ? -1 : 1));
  await inEveryState(t, server, async (running, state) => {
    const ask = async (query) => sorted(dataOf(await running.get(`/api/dependencies?${query}`)));
    assert.deepEqual(await ask(`endTs=${Date.now()}&lookback=3600000`), edges, state);
    assert.deepEqual(await ask(`endTs=${Date.now()}`), edges, `a day is the default, ${state}`);
    assert.deepEqual(await ask(''), edges, `until now is the default, ${state}`);
    assert.deepEqual(await ask(`endTs=${Date.now()}&lookback=${7 * 86_400_000}`), [
      ...edges,
      { parent: 'old-a', child: 'old-b', callCount: 1 },
    ]);
    assert.deepEqual(await ask(`endTs=${Date.now() - 3_600_000}&lookback=3600000`), [], state);
    for (const query of ['endTs=x', 'lookback=x', 'endTs=1&lookback=-5']) {
      assertRefused(await running.get(`/api/dependencies?${query}`), 400, query);
    }
  });
});

test('prettyPrint breaks the lines and changes nothing else', async (t) => {
  const server = await startServer(t);
  const span = otlp.span();
  await server.export(otlp.request('pretty', [span]));
  for (const path of [`/api/traces/${span.traceId}`, '/api/services', '/api/traces?service=pretty']) {
    const plain = await server.get(path);
    const pretty = await server.get(`${path}${path.includes('?') ? '&' : '?'}prettyPrint=true`);
    assert.ok(pretty.text.trimEnd().split('\n').length > 3, path);
    assert.ok(plain.text.trimEnd().split('\n').length === 1, path);
    assert.deepEqual(pretty.json, plain.json, path);
  }
});
