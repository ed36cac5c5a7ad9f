// Spoor's own API, as docs/api/spoor.md and docs/formats/trace_columns.md have it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decodeColumns, FLAG, NO_PARENT, PATH } from './harness/columns.mjs';
import * as otlp from './harness/otlp.mjs';
import { inEveryState, request, startServer, until } from './harness/server.mjs';

const API = '/api/spoor/v1';

function assertRefused(answer, status, code, about) {
  assert.equal(answer.status, status, `${about}: ${answer.text.slice(0, 300)}`);
  assert.match(answer.headers['content-type'], /^application\/json/);
  if (code) assert.equal(answer.json.error.code, code, about);
  assert.ok(answer.json.error.message.length > 0, about);
}

async function columns(server, traceId) {
  const answer = await server.get(`${API}/traces/${traceId}/columns`);
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  assert.equal(answer.headers['content-type'], 'application/x-spoor-trace-columns');
  return decodeColumns(answer.bytes);
}

test('a search gives a row a trace', async (t) => {
  let server = await startServer(t);
  const traceId = otlp.newTraceId();
  const start = otlp.nowNs() - 60_000_000_000n;
  const made = (fields) => ({
    ...otlp.span({ traceId, startTimeUnixNano: start + 1n, ...fields }),
    status: fields.status,
  });
  const root = made({ name: 'GET /', startTimeUnixNano: start, endTimeUnixNano: start + 7_000_001n });
  const calls = [0, 1].map(() => made({ parentSpanId: root.spanId, status: { code: 2 } }));
  await server.export(otlp.request('frontend', [root]));
  await server.export(otlp.request('cart', calls));
  const orphan = otlp.span({ name: 'lost', parentSpanId: otlp.newSpanId(), startTimeUnixNano: start + 5n });
  await server.export(otlp.request('cart', [orphan]));
  server = await inEveryState(t, server, async (at, state) => {
    const { services } = await at.json(`${API}/services`);
    const colour = Object.fromEntries(services.map((service) => [service.name, service.colour]));
    assert.deepEqual(
      await at.json(`${API}/search?`),
      {
        traces: [
          {
            traceID: orphan.traceId,
            rootService: 'cart',
            rootName: 'lost',
            rootMissing: true,
            startTimeUnixNano: String(start + 5n),
            durationNano: '5000000',
            spanCount: 1,
            errorCount: 0,
            services: [{ name: 'cart', colour: colour.cart, spanCount: 1, errorCount: 0 }],
          },
          {
            traceID: traceId,
            rootService: 'frontend',
            rootName: 'GET /',
            rootMissing: false,
            startTimeUnixNano: String(start),
            durationNano: '7000001',
            spanCount: 3,
            errorCount: 2,
            services: [
              { name: 'cart', colour: colour.cart, spanCount: 2, errorCount: 2 },
              { name: 'frontend', colour: colour.frontend, spanCount: 1, errorCount: 0 },
            ],
          },
        ],
        complete: true,
      },
      state,
    );
    const narrow = await at.json(`${API}/search?service=cart&tags=${encodeURIComponent('{"error":"true"}')}&limit=1`);
    assert.deepEqual(
      narrow.traces.map((trace) => trace.traceID),
      [traceId],
      state,
    );
    assert.deepEqual(await at.json(`${API}/search?service=nobody`), { traces: [], complete: true });
  });
  for (const query of [
    'limit=0',
    'limit=-1',
    'limit=10001',
    'limit=x',
    'minDuration=5',
    'start=x',
    'tag=a',
    'tags=a',
  ]) {
    assertRefused(await server.get(`${API}/search?${query}`), 400, undefined, query);
  }
});

test('a service keeps the colour that it was first given', async (t) => {
  const server = await startServer(t);
  const order = ['zebra', 'ape', 'mole'];
  for (const service of order) await server.export(otlp.request(service, [otlp.span()]));
  let expected;
  await inEveryState(t, server, async (at, state) => {
    const { services } = await at.json(`${API}/services`);
    assert.deepEqual(
      services.map((service) => service.name),
      [...order].sort(),
      state,
    );
    assert.deepEqual(services.map((service) => service.colour).sort(), [1, 2, 3], state);
    expected ??= services;
    assert.deepEqual(services, expected, state);
  });
});

test('columns hold the structure of a trace: preorder, parents, times, flags', async (t) => {
  const server = await startServer(t);
  const traceId = otlp.newTraceId();
  const start = otlp.nowNs() - 60_000_000_000n;
  const made = (name, parent, begin, end, more = {}) => ({
    ...otlp.span({
      traceId,
      name,
      parentSpanId: parent,
      startTimeUnixNano: start + begin,
      endTimeUnixNano: start + end,
    }),
    ...more,
  });
  const root = made('root', undefined, 0n, 1_000_000_000n, { kind: 2 });
  const second = made('second', root.spanId, 500n, 800n, { kind: 3, status: { code: 2 } });
  const first = made('first', root.spanId, 100n, 400n, {
    events: [
      { timeUnixNano: String(start + 150n), name: 'e', attributes: [] },
      { timeUnixNano: String(start - 1000n), name: 'before', attributes: [] },
    ],
  });
  const inner = made('ünner', first.spanId, 200n, 300n, {
    links: [{ traceId: otlp.newTraceId(), spanId: otlp.newSpanId(), attributes: [] }],
  });
  const orphan = made('orphan', otlp.newSpanId(), 600n, 700n);
  const backwards = made('backwards', root.spanId, 900n, 850n);
  await server.export(otlp.request('b', [inner, orphan]));
  await server.export(otlp.request('a', [second, first, backwards, root]));
  await inEveryState(t, server, async (at, state) => {
    const trace = await columns(at, traceId);
    assert.equal(trace.traceId, traceId);
    assert.equal(trace.flags, 0, state);
    assert.equal(trace.start, start);
    assert.equal(trace.end, start + 1_000_000_000n);
    assert.equal(trace.unit, 1);
    assert.equal(trace.errors, 1);
    assert.deepEqual(trace.services.map((service) => service.name).sort(), ['a', 'b']);
    const colours = new Map((await at.json(`${API}/services`)).services.map(({ name, colour }) => [name, colour]));
    for (const { name, colour } of trace.services) assert.equal(colour, colours.get(name));
    const { events, warnings, links, error, parentMissing, endBeforeStart } = FLAG;
    const seen = trace.rows.map((row) => [
      row.name,
      row.service,
      row.spanId,
      row.parent,
      row.start,
      row.duration,
      row.flags,
    ]);
    assert.deepEqual(
      seen,
      [
        ['root', 'a', root.spanId, NO_PARENT, 0n, 1_000_000_000n, 0],
        ['first', 'a', first.spanId, 0, 100n, 300n, events],
        ['ünner', 'b', inner.spanId, 1, 200n, 100n, links],
        ['second', 'a', second.spanId, 0, 500n, 300n, error],
        ['backwards', 'a', backwards.spanId, 0, 900n, 0n, warnings | endBeforeStart],
        ['orphan', 'b', orphan.spanId, NO_PARENT, 600n, 100n, warnings | parentMissing],
      ],
      state,
    );
    assert.deepEqual(
      trace.rows.map((row) => row.kind),
      [2, 2, 2, 3, 2, 2],
    );
    assert.deepEqual(trace.rows[1].events, [150n, 0n], 'times of events are clamped into the trace');
    assert.deepEqual(
      trace.path.map(({ row, start: from, end, kind }) => [row, from, end, kind]),
      [
        [0, 0n, 100n, PATH.work],
        [1, 100n, 200n, PATH.work],
        [2, 200n, 300n, PATH.work],
        [1, 300n, 400n, PATH.work],
        [0, 400n, 500n, PATH.work],
        [3, 500n, 800n, PATH.outside],
        [0, 800n, 1_000_000_000n, PATH.work],
      ],
      state,
    );
  });
});

test('columns of odd traces: no root, shared ids, a cycle, days long', async (t) => {
  const server = await startServer(t);
  const start = otlp.nowNs() - 600_000_000_000n;
  const [rootless, shared, cycle, long] = Array.from({ length: 4 }, otlp.newTraceId);
  const made = (traceId, fields) => otlp.span({ traceId, startTimeUnixNano: start, ...fields });
  await server.export(otlp.request('odd', [made(rootless, { parentSpanId: otlp.newSpanId() })]));
  const twin = made(shared, { kind: 1 });
  await server.export(otlp.request('odd', [twin, { ...twin, name: 'other' }]));
  const [x, y] = [otlp.newSpanId(), otlp.newSpanId()];
  await server.export(
    otlp.request('odd', [
      made(cycle, { spanId: x, parentSpanId: y, name: 'x' }),
      made(cycle, { spanId: y, parentSpanId: x, name: 'y', startTimeUnixNano: start + 5n }),
    ]),
  );
  const day = 86_400_000_000_000n;
  const lasting = made(long, { endTimeUnixNano: start + 3n * day + 1n });
  await server.export(
    otlp.request('odd', [lasting, made(long, { parentSpanId: lasting.spanId, startTimeUnixNano: start + day })]),
  );
  await inEveryState(t, server, async (at, state) => {
    assert.equal((await columns(at, rootless)).flags, 1, state);
    const twins = await columns(at, shared);
    assert.equal(twins.flags, 2, state);
    assert.equal(twins.rows.length, 2);
    assert.ok(
      twins.rows.every((row) => row.flags & FLAG.warnings),
      state,
    );
    const circle = await columns(at, cycle);
    assert.deepEqual(
      circle.rows.map((row) => [row.name, row.parent]),
      [
        ['x', NO_PARENT],
        ['y', 0],
      ],
      state,
    );
    const days = await columns(at, long);
    assert.equal(BigInt(days.unit), (3n * day + 1n + 0xffffffffn - 1n) / 0xffffffffn, 'the smallest that fits');
    assert.equal(days.rows[1].start, (day / BigInt(days.unit)) * BigInt(days.unit), state);
  });
});

test('columns of an unknown trace are 404', async (t) => {
  const server = await startServer(t);
  assertRefused(await server.get(`${API}/traces/${otlp.newTraceId()}/columns`), 404, 'not_found', 'columns');
  assertRefused(await server.get(`${API}/traces/xyz/columns`), 400, undefined, 'malformed');
});

test('one span with everything that was sent', async (t) => {
  let server = await startServer(t);
  const traceId = otlp.newTraceId();
  const start = otlp.nowNs() - 1_000_000_000n;
  const link = { traceId: otlp.newTraceId(), spanId: otlp.newSpanId(), traceState: 'x=y', flags: 0x101 };
  const span = {
    ...otlp.span({
      traceId,
      name: 'all',
      kind: 4,
      startTimeUnixNano: start,
      endTimeUnixNano: start + 12_345n,
      parentSpanId: otlp.newSpanId(),
      traceState: 'v=1',
      flags: 257,
      droppedAttributesCount: 1,
      droppedEventsCount: 2,
      droppedLinksCount: 3,
      attributes: {
        s: 'text',
        b: false,
        i: -9223372036854775808n,
        d: 0.25,
        y: Buffer.from([1, 255]),
        a: ['x', 1, [true], { k: 'v' }],
        m: { k: 1, n: { o: 'p' } },
        e: null,
      },
    }),
    events: [
      {
        timeUnixNano: String(start + 5n),
        name: 'ev',
        attributes: otlp.attributes({ e: 1 }),
        droppedAttributesCount: 4,
      },
    ],
    links: [{ ...link, attributes: otlp.attributes({ l: 'v' }), droppedAttributesCount: 5 }],
    status: { code: 2, message: 'broke' },
  };
  for (const text of ['NaN', 'Infinity', '-Infinity'])
    span.attributes.push({ key: text, value: { doubleValue: text } });
  const body = otlp.request('svc', [span], { r: 1 });
  body.resourceSpans[0].schemaUrl = 'https://example.org/r';
  body.resourceSpans[0].resource.droppedAttributesCount = 6;
  Object.assign(body.resourceSpans[0].scopeSpans[0], {
    schemaUrl: 'https://example.org/s',
    scope: { name: 'sc', version: '9', attributes: otlp.attributes({ q: true }), droppedAttributesCount: 7 },
  });
  assert.equal((await server.export(otlp.requestBytes(body))).status, 200);
  server = await inEveryState(t, server, async (at, state) => {
    const { warnings, ...stored } = await at.json(`${API}/traces/${traceId}/spans/${span.spanId}`);
    assert.ok(warnings.length > 0, 'the parent is missing');
    assert.deepEqual(
      stored,
      {
        traceID: traceId,
        spanID: span.spanId,
        parentSpanID: span.parentSpanId,
        name: 'all',
        service: 'svc',
        kind: 'producer',
        startTimeUnixNano: String(start),
        endTimeUnixNano: String(start + 12_345n),
        durationNano: '12345',
        status: { code: 'error', message: 'broke' },
        traceState: 'v=1',
        flags: 257,
        attributes: [
          { key: 's', type: 'string', value: 'text' },
          { key: 'b', type: 'bool', value: false },
          { key: 'i', type: 'int', value: '-9223372036854775808' },
          { key: 'd', type: 'double', value: 0.25 },
          { key: 'y', type: 'bytes', value: 'Af8=' },
          { key: 'a', type: 'array', value: ['x', 1, [true], { k: 'v' }] },
          { key: 'm', type: 'map', value: { k: 1, n: { o: 'p' } } },
          { key: 'e', type: 'empty', value: null },
          { key: 'NaN', type: 'double', value: 'NaN' },
          { key: 'Infinity', type: 'double', value: 'Infinity' },
          { key: '-Infinity', type: 'double', value: '-Infinity' },
        ],
        droppedAttributesCount: 1,
        events: [
          {
            name: 'ev',
            timeUnixNano: String(start + 5n),
            attributes: [{ key: 'e', type: 'int', value: '1' }],
            droppedAttributesCount: 4,
          },
        ],
        droppedEventsCount: 2,
        links: [
          {
            traceID: link.traceId,
            spanID: link.spanId,
            traceState: 'x=y',
            flags: 257,
            attributes: [{ key: 'l', type: 'string', value: 'v' }],
            droppedAttributesCount: 5,
          },
        ],
        droppedLinksCount: 3,
        resource: {
          attributes: [
            { key: 'service.name', type: 'string', value: 'svc' },
            { key: 'r', type: 'int', value: '1' },
          ],
          droppedAttributesCount: 6,
          schemaUrl: 'https://example.org/r',
        },
        scope: {
          name: 'sc',
          version: '9',
          attributes: [{ key: 'q', type: 'bool', value: true }],
          droppedAttributesCount: 7,
          schemaUrl: 'https://example.org/s',
        },
      },
      state,
    );
  });
  assertRefused(await server.get(`${API}/traces/${traceId}/spans/${otlp.newSpanId()}`), 404, 'not_found', 'span');
  assertRefused(await server.get(`${API}/traces/${otlp.newTraceId()}/spans/${span.spanId}`), 404, 'not_found', 'trace');
  assertRefused(await server.get(`${API}/traces/${traceId}/spans/${span.spanId}?nth=1`), 404, 'not_found', 'nth');
  assertRefused(await server.get(`${API}/traces/${traceId}/spans/${span.spanId}?nth=x`), 400, undefined, 'nth=x');
  assertRefused(await server.get(`${API}/traces/${traceId}/spans/xyz`), 400, undefined, 'malformed');
});

test('nth tells apart spans that share an id, in the order of the columns', async (t) => {
  const server = await startServer(t);
  const twin = otlp.span({ kind: 1, name: 'one' });
  const later = { ...twin, name: 'two', startTimeUnixNano: String(BigInt(twin.startTimeUnixNano) + 10n) };
  await server.export(otlp.request('twins', [later, twin]));
  await inEveryState(t, server, async (at, state) => {
    const { rows } = await columns(at, twin.traceId);
    for (const [nth, row] of rows.entries()) {
      const span = await at.json(`${API}/traces/${twin.traceId}/spans/${twin.spanId}?nth=${nth}`);
      assert.equal(span.name, row.name, `${nth}, ${state}`);
      assert.ok(span.warnings.length > 0);
    }
  });
});

test('find in a trace: names, ids, status, keys and values of all attributes', async (t) => {
  let server = await startServer(t);
  const traceId = otlp.newTraceId();
  const start = otlp.nowNs() - 1_000_000_000n;
  const root = otlp.span({ traceId, name: 'Alpha', startTimeUnixNano: start });
  const made = (i, fields, more = {}) => ({
    ...otlp.span({
      traceId,
      parentSpanId: root.spanId,
      startTimeUnixNano: start + BigInt(i),
      name: `n${i}`,
      ...fields,
    }),
    ...more,
  });
  const spans = [
    root,
    made(1, { attributes: { 'http.route': '/Checkout/{id}' } }),
    made(2, { attributes: { code: 45045033 } }), // long enough to be in no random id
    made(3, {}, { status: { code: 2, message: 'Deadline exceeded' } }),
    made(4, {}, { events: [{ timeUnixNano: '1', name: 'x', attributes: otlp.attributes({ 'event.key': 'needle' }) }] }),
  ];
  const body = otlp.request('svc-one', spans, { region: 'eu-north' });
  const other = otlp.request('svc-two', [made(5, {})]);
  other.resourceSpans[0].scopeSpans[0].scope.attributes = otlp.attributes({ library: 'scoped' });
  await server.export(body);
  await server.export(other);
  const cases = [
    ['alpha', [0]],
    ['checkout', [1]],
    ['HTTP.ROUTE', [1]],
    ['45045033', [2]],
    ['code=45045033', [2]],
    ['code=4504', [2]],
    ['cod=45045033', []],
    ['code=999', []],
    ['deadline', [3]],
    ['needle', [4]],
    ['event.key', [4]],
    ['eu-north', [0, 1, 2, 3, 4]],
    ['region=EU', [0, 1, 2, 3, 4]],
    ['svc-two', [5]],
    ['scoped', [5]],
    [spans[2].spanId.slice(0, 12), [2]],
    ['nowhere at all', []],
  ];
  server = await inEveryState(t, server, async (at, state) => {
    for (const [q, rows] of cases) {
      const answer = await at.json(`${API}/traces/${traceId}/find?q=${encodeURIComponent(q)}`);
      assert.deepEqual(answer, { rows, spanCount: 6 }, `${q}, ${state}`);
    }
  });
  assertRefused(await server.get(`${API}/traces/${otlp.newTraceId()}/find?q=x`), 404, 'not_found', 'unknown');
});

test('the status tells what came, what is stored and where to send', async (t) => {
  const server = await startServer(t);
  const fresh = await server.json(`${API}/status`);
  assert.equal(fresh.ready, true);
  assert.equal(fresh.spansReceived, '0');
  assert.equal(fresh.spansStored, '0');
  assert.match(fresh.version, /^\d+\.\d+\.\d+/);
  assert.equal(typeof fresh.commit, 'string');
  const age = otlp.nowNs() - BigInt(fresh.startedUnixNano);
  assert.ok(age >= 0n && age < 300_000_000_000n, `started ${age} ns ago`);
  const urls = Object.fromEntries(fresh.endpoints.map(({ name, url }) => [name, url]));
  assert.deepEqual(urls, {
    'otlp-http': `http://127.0.0.1:${server.otlpHttpPort}`,
    'otlp-grpc': `http://127.0.0.1:${server.otlpGrpcPort}`,
    'jaeger-http': `http://127.0.0.1:${server.jaegerHttpPort}`,
    query: `http://127.0.0.1:${server.queryPort}`,
  });
  const body = otlp.request('s', [otlp.span(), otlp.span()]);
  await server.export(body);
  await server.export(body); // a retry
  let status = await server.json(`${API}/status`);
  assert.deepEqual([status.spansReceived, status.spansStored], ['2', '2']);
  await server.stop();
  const again = await startServer(t, { dataDir: server.dataDir });
  status = await again.json(`${API}/status`);
  assert.deepEqual([status.spansReceived, status.spansStored], ['0', '2']);
});

test('compact seals all that is live, and says when it is done', async (t) => {
  const server = await startServer(t);
  const span = otlp.span();
  await server.export(otlp.request('s', [span]));
  const answer = await request(server.queryPort, 'POST', `${API}/admin/compact`);
  assert.deepEqual([answer.status, answer.json], [200, {}]);
  assert.equal((await server.get(`/api/traces/${span.traceId}`)).status, 200);
  assert.ok([404, 405].includes((await server.get(`${API}/admin/compact`)).status), 'GET changes nothing');
  await until(async () => (await server.get('/ready')).status === 200);
});
