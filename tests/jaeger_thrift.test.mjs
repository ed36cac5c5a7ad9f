// Jaeger's own port: Thrift over HTTP, from bytes made by hand and from Jaeger's own client.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import zlib from 'node:zlib';

import jaegerClient from 'jaeger-client';

import * as thrift from './harness/jaeger_thrift.mjs';
import { newSpanId, newTraceId } from './harness/otlp.mjs';
import { freePort, inEveryState, request, startServer, temporaryFolder, until } from './harness/server.mjs';
import { zstd } from './harness/zstd.mjs';

const LIMIT = 64 << 20;

const newSpan = (fields = {}) => ({ traceID: newTraceId(), spanID: newSpanId(), ...fields });

async function jaegerTrace(server, traceID) {
  const answer = await server.get(`/api/traces/${traceID}`);
  assert.equal(answer.status, 200, answer.text.slice(0, 300));
  assert.equal(answer.json.data.length, 1);
  return answer.json.data[0];
}

const byKey = (pairs) => Object.fromEntries(pairs.map(({ key, type, value }) => [key, [type, value]]));

test('a batch is answered with 202 and nothing, and is in the very next answer', async (t) => {
  const server = await startServer(t);
  for (const type of ['application/x-thrift', 'application/vnd.apache.thrift.binary', 'Application/X-Thrift; v=1']) {
    const span = newSpan();
    const answer = await server.sendThrift(thrift.batch('shop', [span]), { 'content-type': type });
    assert.equal(answer.status, 202, answer.text);
    assert.equal(answer.bytes.length, 0);
    assert.equal((await jaegerTrace(server, span.traceID)).spans.length, 1);
  }
  assert.deepEqual((await server.json('/api/services')).data, ['shop']);
  assert.deepEqual((await server.json('/api/services/shop/operations')).data, ['work']);
  // Older clients name the format in the query.
  const answer = await request(server.jaegerHttpPort, 'POST', '/api/traces?format=jaeger.thrift', {
    headers: { 'content-type': 'application/x-thrift' },
    body: thrift.batch('older', [newSpan()]),
  });
  assert.equal(answer.status, 202);
});

test('all that Jaeger can say is shown by its API as it was sent', async (t) => {
  const server = await startServer(t);
  const startTime = BigInt(Date.now()) * 1000n - 1_000_001n;
  const span = newSpan({
    operationName: 'GET /pay',
    parentSpanID: newSpanId(),
    flags: 3,
    startTime,
    duration: 123_456,
    tags: [
      ['text', 'naïve ✓'],
      ['empty', ''],
      ['whole', -5],
      ['large', 9_007_199_254_740_993n],
      ['ratio', 0.25],
      ['infinite', -Infinity],
      ['truth', false],
      ['raw', Buffer.from([0, 255, 16])],
      ['twice', 'a'],
      ['twice', 'b'],
      ['span.kind', 'client'],
      ['error', true],
      ['http.status_code', 503],
    ],
    logs: [
      {
        timestamp: startTime + 10n,
        fields: [
          ['event', 'retry'],
          ['attempt', 2],
        ],
      },
      { timestamp: startTime + 20n, fields: { message: 'plain' } },
    ],
  });
  const elsewhere = { refType: 'FOLLOWS_FROM', traceID: newTraceId(), spanID: newSpanId() };
  const joined = { refType: 'CHILD_OF', traceID: span.traceID, spanID: newSpanId() };
  const parent = { refType: 'CHILD_OF', traceID: span.traceID, spanID: span.parentSpanID };
  span.references = [elsewhere, parent, joined];
  const processTags = { hostname: 'pay-1', ip: '10.0.0.1', pid: 4711 };
  assert.equal((await server.sendThrift(thrift.batch('shop', [span], processTags))).status, 202);

  await inEveryState(t, server, async (running, state) => {
    const trace = await jaegerTrace(running, span.traceID);
    const [shown] = trace.spans;
    assert.equal(shown.traceID, span.traceID, state);
    assert.equal(shown.spanID, span.spanID);
    assert.equal(shown.operationName, 'GET /pay');
    assert.equal(shown.flags, 3);
    assert.equal(shown.startTime, Number(startTime));
    assert.equal(shown.duration, 123_456);
    assert.deepEqual(shown.references, [parent, elsewhere, joined]);
    const tags = byKey(shown.tags);
    assert.deepEqual(tags.text, ['string', 'naïve ✓']);
    assert.deepEqual(tags.empty, ['string', '']);
    assert.deepEqual(tags.whole, ['int64', -5]);
    assert.deepEqual(tags.large, ['int64', '9007199254740993']);
    assert.deepEqual(tags.ratio, ['float64', 0.25]);
    assert.deepEqual(tags.infinite, ['float64', '-Infinity']);
    assert.deepEqual(tags.truth, ['bool', false]);
    assert.deepEqual(tags.raw, ['binary', 'AP8Q']);
    assert.deepEqual(tags['span.kind'], ['string', 'client']);
    assert.deepEqual(tags.error, ['bool', true]);
    assert.deepEqual(tags['http.status_code'], ['int64', 503]);
    assert.deepEqual(
      shown.tags.filter(({ key }) => key === 'twice').map(({ value }) => value),
      ['a', 'b'],
    );
    assert.deepEqual(
      shown.logs.map(({ timestamp, fields }) => [timestamp, byKey(fields)]),
      [
        [Number(startTime) + 10, { event: ['string', 'retry'], attempt: ['int64', 2] }],
        [Number(startTime) + 20, { message: ['string', 'plain'] }],
      ],
    );
    const process = trace.processes[shown.processID];
    assert.equal(process.serviceName, 'shop');
    assert.deepEqual(byKey(process.tags), {
      hostname: ['string', 'pay-1'],
      ip: ['string', '10.0.0.1'],
      pid: ['int64', 4711],
    });
    // And it is found by what it is, in OpenTelemetry's words too.
    for (const tag of ['error:true', 'span.kind:client', 'twice:b', 'hostname:pay-1', 'event:retry', 'whole:-5']) {
      const found = await running.json(`/api/traces?${new URLSearchParams({ service: 'shop', tag })}`);
      assert.equal(found.data.length, 1, tag);
    }
    const otlp = (await running.otlpTrace(span.traceID)).resourceSpans[0];
    const [stored] = otlp.scopeSpans[0].spans;
    assert.equal(stored.kind, 3);
    assert.equal(stored.status.code, 2);
    assert.equal(stored.endTimeUnixNano, String((startTime + 123_456n) * 1000n));
    assert.equal(stored.events[0].name, 'retry');
    assert.equal(stored.links.length, 2);
  });
});

test('ids of 64 bits, and a parent that only a reference names', async (t) => {
  const server = await startServer(t);
  const traceID = newSpanId();
  const root = newSpan({ traceID, operationName: 'root' });
  const child = newSpan({ traceID, references: [{ traceID, spanID: root.spanID }] });
  const follower = newSpan({ traceID, references: [{ refType: 'FOLLOWS_FROM', traceID, spanID: root.spanID }] });
  assert.equal((await server.sendThrift(thrift.batch('a', [root, child, follower]))).status, 202);
  const { spans } = await jaegerTrace(server, traceID);
  const references = Object.fromEntries(spans.map((span) => [span.spanID, span.references]));
  assert.deepEqual(references[root.spanID], []);
  assert.deepEqual(references[child.spanID], [{ refType: 'CHILD_OF', traceID, spanID: root.spanID }]);
  assert.deepEqual(references[follower.spanID], [{ refType: 'FOLLOWS_FROM', traceID, spanID: root.spanID }]);
  const [summary] = (await server.json('/api/spoor/v1/search?service=a')).traces;
  assert.deepEqual([summary.rootName, summary.rootMissing, summary.spanCount], ['root', false, 3]);
});

test('a retry counts once, and what was answered with 202 is there after kill -9', async (t) => {
  const dataDir = await temporaryFolder(t);
  let server = await startServer(t, { dataDir });
  const sent = [];
  for (let round = 0; round < 3; ++round) {
    const spans = Array.from({ length: 20 }, () => newSpan());
    const bodies = spans.map((span) => thrift.batch('kept', [span]));
    const answers = await Promise.all([...bodies, ...bodies].map((body) => server.sendThrift(body)));
    sent.push(...spans);
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [202]);
    await server.kill();
    server = await startServer(t, { dataDir });
    for (const { traceID } of sent) assert.equal((await jaegerTrace(server, traceID)).spans.length, 1);
    await server.sendThrift(bodies[0]);
    assert.equal((await jaegerTrace(server, spans[0].traceID)).spans.length, 1);
  }
  const { traces } = await server.json('/api/spoor/v1/search?service=kept&limit=1000');
  assert.equal(traces.length, 60);
});

test('what is no batch is 400 and says why; other paths, methods and types are told so', async (t) => {
  const server = await startServer(t);
  const good = thrift.batch('shop', [newSpan({ tags: { a: 'b', n: 5 } })]);
  const bad = {
    nothing: Buffer.alloc(0),
    'random bytes': randomBytes(300),
    'a JSON body': Buffer.from('{"resourceSpans":[]}'),
    'a list that lies': Buffer.concat([thrift.field('list', 2, Buffer.from([12, 0x7f, 0xff, 0xff, 0xff]))]),
    'a message around it': Buffer.concat([Buffer.from([0x80, 1, 0, 1]), thrift.string('submitBatches'), good]),
    'bytes behind it': Buffer.concat([good, good]),
    'no spans': thrift.struct(thrift.field('struct', 1, thrift.struct(thrift.field('string', 1, thrift.string('s'))))),
    'only spans without ids': thrift.batch('shop', [newSpan({ spanID: '0' })]),
    'nesting without end': Buffer.alloc(3_000_000, Buffer.from([12, 0, 99])),
  };
  for (let size = 1; size < good.length; size += 7) bad[`cut after ${size} bytes`] = good.subarray(0, size);
  for (const [name, body] of Object.entries(bad)) {
    const answer = await server.sendThrift(body);
    assert.equal(answer.status, 400, `${name}: ${answer.text}`);
    assert.match(answer.headers['content-type'], /^text\/plain/);
    assert.match(answer.text, /^[^\n]{10,300}\n$/, name);
  }
  assert.deepEqual((await server.json('/api/services')).data, [], 'nothing of it was kept');

  const at = (method, path, headers = { 'content-type': 'application/x-thrift' }) =>
    request(server.jaegerHttpPort, method, path, { headers, body: method === 'GET' ? undefined : good });
  assert.equal((await at('POST', '/api/traces', { 'content-type': 'application/json' })).status, 400);
  assert.equal((await at('POST', '/api/traces', {})).status, 400);
  assert.equal((await at('GET', '/api/traces')).status, 405);
  assert.equal((await at('PUT', '/api/traces')).headers.allow, 'POST');
  assert.equal((await at('POST', '/v1/traces')).status, 404);
  assert.equal((await at('POST', '/')).status, 404);
  assert.equal((await server.sendThrift(good)).status, 202);
});

test('spans without ids are left out, and the log says so', async (t) => {
  const server = await startServer(t);
  const spans = [newSpan(), newSpan({ spanID: '0' }), newSpan({ traceID: '0' })];
  assert.equal((await server.sendThrift(thrift.batch('some', spans))).status, 202);
  assert.equal((await server.json('/api/traces?service=some')).data.length, 1);
  await until(() => server.stderr.includes('msg="spans rejected"'), { what: 'the rejection is logged' });
  assert.match(server.stderr, /spans=2 reason="span 1: spanId is zero"/);
});

test('bodies may be packed; the limit holds before and after', async (t) => {
  const server = await startServer(t);
  const packs = { gzip: zlib.gzipSync, deflate: zlib.deflateSync, zstd: (body) => zstd(body) };
  for (const [encoding, pack] of Object.entries(packs)) {
    const span = newSpan();
    const body = await pack(thrift.batch('packed', [span]));
    assert.equal((await server.sendThrift(body, { 'content-encoding': encoding })).status, 202, encoding);
    assert.equal((await server.get(`/api/traces/${span.traceID}`)).status, 200);
  }
  const broken = await server.sendThrift(Buffer.from('no gzip'), { 'content-encoding': 'gzip' });
  assert.equal(broken.status, 400);
  assert.match(broken.headers['content-type'], /^text\/plain/);

  const span = newSpan();
  const make = (padding) => thrift.batch('large', [{ ...span, tags: { pad: Buffer.alloc(padding) } }]);
  const padding = LIMIT - make(0).length;
  assert.equal((await server.sendThrift(make(padding))).status, 202);
  assert.equal((await server.get(`/api/traces/${span.traceID}`)).status, 200);
  assert.equal((await server.sendThrift(make(padding + 1))).status, 413);
  const bomb = zlib.gzipSync(make(padding + 1), { level: 1 });
  assert.equal((await server.sendThrift(bomb, { 'content-encoding': 'gzip' })).status, 413);
  assert.equal((await server.get('/api/services')).status, 200);
});

test('a flood over the memory budget is told to come back', async (t) => {
  const server = await startServer(t, { flags: ['--memory-budget', '256MiB'] });
  const answers = await Promise.all(
    Array.from({ length: 48 }, async () => {
      const span = newSpan({ tags: { pad: Buffer.alloc(8 << 20, newSpanId()).toString('latin1') } });
      return [await server.sendThrift(thrift.batch('flood', [span])), span.traceID];
    }),
  );
  assert.ok(answers.some(([{ status }]) => status === 202));
  for (const [answer, traceID] of answers) {
    assert.ok([202, 429, 503].includes(answer.status), `status ${answer.status}`);
    if (answer.status !== 202) assert.ok(Number(answer.headers['retry-after']) >= 1);
    assert.equal((await server.get(`/api/v3/traces/${traceID}`)).status, answer.status === 202 ? 200 : 404);
  }
});

test('text that is not UTF-8 is kept as bytes, times before 1970 as 0', async (t) => {
  const server = await startServer(t);
  const raw = Buffer.from([0x66, 0xff, 0xfe]);
  const span = newSpan({ operationName: raw, startTime: -5n, duration: 10 });
  // A tag of type STRING whose bytes are no text.
  const tag = thrift.struct(
    thrift.field('string', 1, thrift.string('k')),
    thrift.field('i32', 2, thrift.i32(0)),
    thrift.field('string', 3, thrift.string(raw)),
  );
  const bare = thrift.span(span);
  const withTag = Buffer.concat([
    bare.subarray(0, -1),
    thrift.field('list', 10, thrift.list('struct', [tag])),
    Buffer.of(0),
  ]);
  const process = thrift.struct(thrift.field('string', 1, thrift.string('odd')));
  const spans = thrift.field('list', 2, thrift.list('struct', [withTag]));
  const body = thrift.struct(thrift.field('struct', 1, process), spans);
  assert.equal((await server.sendThrift(body)).status, 202);
  const [shown] = (await jaegerTrace(server, span.traceID)).spans;
  assert.equal(shown.operationName, 'f\uFFFD\uFFFD');
  assert.deepEqual(byKey(shown.tags).k, ['binary', raw.toString('base64')]);
  assert.deepEqual([shown.startTime, shown.duration], [0, 5]);
});

test("Jaeger's own client sends what it traced", async (t) => {
  const server = await startServer(t);
  const errors = [];
  const logger = { info() {}, error: (message) => errors.push(message) };
  const config = {
    serviceName: 'legacy',
    sampler: { type: 'const', param: 1 },
    reporter: { collectorEndpoint: `http://127.0.0.1:${server.jaegerHttpPort}/api/traces`, flushIntervalMs: 100 },
    traceId128bit: true,
  };
  const tracer = jaegerClient.initTracer(config, { logger, tags: { 'legacy.version': '1.2' } });
  const root = tracer.startSpan('checkout', { tags: { 'span.kind': 'server', amount: 12.5, retry: false } });
  const child = tracer.startSpan('charge', { childOf: root, tags: { 'span.kind': 'client' } });
  child.setTag('error', true);
  child.log({ event: 'error', message: 'card declined', code: 51 });
  child.finish();
  const { followsFrom } = jaegerClient.opentracing;
  tracer.startSpan('mail', { references: [followsFrom(root.context())] }).finish();
  root.finish();
  await new Promise((resolve) => {
    tracer.close(resolve);
  });
  assert.deepEqual(errors, []);

  const trace = await jaegerTrace(server, root.context().traceIdStr);
  const spans = Object.fromEntries(trace.spans.map((span) => [span.operationName, span]));
  assert.deepEqual(Object.keys(spans).sort(), ['charge', 'checkout', 'mail']);
  const of = (span, refType) => [{ refType, traceID: trace.traceID, spanID: span.spanID }];
  assert.deepEqual(spans.checkout.references, []);
  assert.deepEqual(spans.charge.references, of(spans.checkout, 'CHILD_OF'));
  assert.deepEqual(spans.mail.references, of(spans.checkout, 'FOLLOWS_FROM'));
  const tags = byKey(spans.checkout.tags);
  assert.deepEqual(tags.amount, ['float64', 12.5]);
  assert.deepEqual(tags.retry, ['bool', false]);
  assert.deepEqual(tags['span.kind'], ['string', 'server']);
  assert.deepEqual(byKey(spans.charge.tags).error, ['bool', true]);
  const [log] = spans.charge.logs;
  assert.deepEqual(byKey(log.fields).message, ['string', 'card declined']);
  assert.deepEqual(byKey(log.fields).event, ['string', 'error']);
  const process = trace.processes[spans.checkout.processID];
  assert.equal(process.serviceName, 'legacy');
  assert.deepEqual(byKey(process.tags)['legacy.version'], ['string', '1.2']);
  const [summary] = (await server.json('/api/spoor/v1/search?service=legacy')).traces;
  assert.deepEqual([summary.rootName, summary.spanCount, summary.errorCount], ['checkout', 3, 1]);
});

test('the port is told, logged, counted, and closed by off', async (t) => {
  const server = await startServer(t);
  const { endpoints } = await server.json('/api/spoor/v1/status');
  const url = `http://127.0.0.1:${server.jaegerHttpPort}`;
  assert.deepEqual(
    endpoints.filter(({ name }) => name === 'jaeger-http'),
    [{ name: 'jaeger-http', url }],
  );
  await until(() => server.stderr.includes(`name=jaeger-http url=${url}`), { what: 'the address is logged' });
  await server.sendThrift(thrift.batch('counted', [newSpan(), newSpan()]));
  await server.sendThrift(Buffer.from('garbage'));
  const { text } = await server.get('/metrics');
  const sample = (labels) => Number(new RegExp(`^\\w+\\{${labels}\\} (\\d+)$`, 'm').exec(text)?.[1]);
  assert.equal(sample('protocol="jaeger_http",outcome="accepted"'), 2);
  assert.equal(sample('protocol="jaeger_http",code="ok"'), 1);
  assert.equal(sample('protocol="jaeger_http",code="invalid"'), 1);

  const ports = { queryPort: await freePort() };
  const closed = await startServer(t, { ports, flags: ['--otlp-http-port', 'off', '--otlp-grpc-port', 'off'] });
  const open = (await closed.json('/api/spoor/v1/status')).endpoints.map(({ name }) => name);
  assert.deepEqual(open, ['query']);

});
