// OpenTelemetry's own exporters, over both transports and three encodings; and every field from the wire to the answer.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import zlib from 'node:zlib';

import grpc from '@grpc/grpc-js';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter as GrpcExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

import { EXPORT, grpcCaller } from './harness/grpc.mjs';
import * as otlp from './harness/otlp.mjs';
import { inEveryState, request, startServer } from './harness/server.mjs';
import { zstd } from './harness/zstd.mjs';

const EXPORTERS = {
  'http/json': (server, compression) =>
    new JsonExporter({ url: `http://127.0.0.1:${server.otlpHttpPort}/v1/traces`, compression }),
  'http/protobuf': (server, compression) =>
    new ProtobufExporter({ url: `http://127.0.0.1:${server.otlpHttpPort}/v1/traces`, compression }),
  grpc: (server, compression) => new GrpcExporter({ url: `http://127.0.0.1:${server.otlpGrpcPort}`, compression }),
};

for (const [name, make] of Object.entries(EXPORTERS)) {
  for (const compression of ['none', 'gzip']) {
    test(`the Node SDK's ${name} exporter, ${compression}`, async (t) => {
      const server = await startServer(t);
      const provider = new NodeTracerProvider({
        resource: resourceFromAttributes({ 'service.name': 'node-sdk', 'service.version': '1.2.3' }),
        spanProcessors: [new BatchSpanProcessor(make(server, compression))],
      });
      const tracer = provider.getTracer('checkout', '2.0');
      let context;
      const linked = { traceId: otlp.newTraceId(), spanId: otlp.newSpanId(), traceFlags: 1 };
      tracer.startActiveSpan(
        'parent',
        { kind: SpanKind.SERVER, attributes: { 'http.route': '/x', n: 7, f: 1.5, list: ['a', 'b'] } },
        (parent) => {
          context = parent.spanContext();
          const child = tracer.startSpan(
            'child',
            { kind: SpanKind.CLIENT, links: [{ context: linked }] },
            trace.setSpan(ROOT_CONTEXT, parent),
          );
          child.recordException(new Error('broken'));
          child.setStatus({ code: SpanStatusCode.ERROR, message: 'broken' });
          child.end();
          parent.end();
        },
      );
      await provider.forceFlush();
      t.after(() => provider.shutdown());

      const [stored] = (await server.json(`/api/traces/${context.traceId}`)).data;
      assert.equal(stored.spans.length, 2);
      const parent = stored.spans.find((s) => s.operationName === 'parent');
      const child = stored.spans.find((s) => s.operationName === 'child');
      assert.deepEqual(child.references, [
        { refType: 'CHILD_OF', traceID: context.traceId, spanID: context.spanId },
        { refType: 'FOLLOWS_FROM', traceID: linked.traceId, spanID: linked.spanId },
      ]);
      const tag = (span, key) => span.tags.find((pair) => pair.key === key);
      assert.deepEqual(tag(parent, 'n'), { key: 'n', type: 'int64', value: 7 });
      assert.deepEqual(tag(parent, 'f'), { key: 'f', type: 'float64', value: 1.5 });
      assert.deepEqual(tag(parent, 'list'), { key: 'list', type: 'string', value: '["a","b"]' });
      assert.deepEqual(tag(parent, 'span.kind'), { key: 'span.kind', type: 'string', value: 'server' });
      assert.deepEqual(tag(child, 'error'), { key: 'error', type: 'bool', value: true });
      assert.ok(child.logs[0].fields.some((f) => f.key === 'exception.message' && f.value === 'broken'));
      assert.equal(stored.processes[parent.processID].serviceName, 'node-sdk');
      for (const query of [
        { tags: '{"error":"true"}' },
        { tag: 'http.route:/x' },
        { service: 'node-sdk', operation: 'child' },
      ]) {
        const found = await server.json(`/api/traces?${new URLSearchParams(query)}`);
        assert.deepEqual(
          found.data.map((trace_) => trace_.traceID),
          [context.traceId],
          JSON.stringify(query),
        );
      }
    });
  }
}

// A request in which every field of OTLP's trace model is set.
function everything() {
  const traceId = otlp.newTraceId();
  const span = {
    ...otlp.span({
      traceId,
      traceState: 'vendor=a,other=b',
      parentSpanId: otlp.newSpanId(),
      name: 'everything',
      kind: 5,
      flags: 0x301,
      droppedAttributesCount: 1,
      droppedEventsCount: 2,
      droppedLinksCount: 3,
      attributes: {
        text: 'grüße ✓',
        empty: '',
        yes: true,
        no: false,
        small: -5,
        large: 9223372036854775807n,
        least: -9223372036854775808n,
        real: 0.1,
        bytes: Buffer.from([0, 255, 128]),
        array: ['a', 1, true, 2.5, ['nested'], { deep: 'er' }],
        map: { a: 1, b: { c: 'd' } },
        nothing: null,
      },
    }),
    events: [
      {
        timeUnixNano: String(otlp.nowNs()),
        name: 'event',
        attributes: otlp.attributes({ e: 1 }),
        droppedAttributesCount: 4,
      },
      { timeUnixNano: '0', name: '', attributes: [] },
    ],
    links: [
      {
        traceId: otlp.newTraceId(),
        spanId: otlp.newSpanId(),
        traceState: 'x=y',
        flags: 0x101,
        attributes: otlp.attributes({ l: 'v' }),
        droppedAttributesCount: 5,
      },
    ],
    status: { message: 'it broke', code: 2 },
  };
  span.attributes.push({ key: 'text', value: { stringValue: 'a duplicate key' } });
  span.attributes.push(
    { key: 'nan', value: { doubleValue: 'NaN' } },
    { key: 'inf', value: { doubleValue: 'Infinity' } },
  );
  const body = otlp.request('every-field', [span], { 'res.int': 3 });
  body.resourceSpans[0].resource.droppedAttributesCount = 6;
  body.resourceSpans[0].schemaUrl = 'https://opentelemetry.io/schemas/1.30.0';
  body.resourceSpans[0].scopeSpans[0].schemaUrl = 'https://opentelemetry.io/schemas/1.29.0';
  body.resourceSpans[0].scopeSpans[0].scope = {
    name: 'scope',
    version: '1.0',
    attributes: otlp.attributes({ s: true }),
    droppedAttributesCount: 7,
  };
  return { traceId, span, body };
}

// Zero and empty fields may be left out of an answer; everything else must stand as it was sent.
function normal(json) {
  if (Array.isArray(json)) return json.map(normal);
  if (json === null || typeof json !== 'object') return json;
  const kept = Object.entries(json)
    .map(([key, v]) => [key, normal(v)])
    .filter(
      ([key, v]) =>
        key.endsWith('Value') || (v !== 0 && v !== '0' && v !== '' && !(Array.isArray(v) && v.length === 0)),
    );
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

test('every field survives to the answer, over both transports and in every encoding', async (t) => {
  const server = await startServer(t);
  const sent = [];
  const packed = (encoding, pack) => (body) =>
    server.export(pack(otlp.requestBytes(body)), { 'content-encoding': encoding });
  const grpcWith = (options) => {
    const call = grpcCaller(t, server, options);
    return async (body) => ({ status: (await call(EXPORT, otlp.requestBytes(body))).code === 0 ? 200 : 500 });
  };
  const ways = {
    json: (body) => server.export(body),
    'json, gzip': (body) =>
      server.export(zlib.gzipSync(JSON.stringify(body)), {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      }),
    protobuf: (body) => server.export(otlp.requestBytes(body)),
    'protobuf, identity': packed('identity', (bytes) => bytes),
    'protobuf, gzip': packed('gzip', zlib.gzipSync),
    'protobuf, deflate': packed('deflate', zlib.deflateSync),
    'protobuf, zstd': packed('zstd', zstd),
    grpc: grpcWith({}),
    'grpc, gzip': grpcWith({ 'grpc.default_compression_algorithm': 2 }),
  };
  for (const [name, send] of Object.entries(ways)) {
    const made = everything();
    assert.equal((await send(made.body)).status, 200, name);
    sent.push({ name, ...made });
  }
  await inEveryState(t, server, async (at, state) => {
    for (const { name, traceId, body } of sent) {
      assert.deepEqual(normal(await at.otlpTrace(traceId)), normal(body), `${name}, ${state}`);
    }
  });
});

test('any value that can be sent can be read again, in the lossless answer and in the older one', async (t) => {
  const server = await startServer(t);
  const values = [
    [{ stringValue: '' }, 'string', ''],
    [{ stringValue: 'x'.repeat(1 << 20) }, 'string', 'x'.repeat(1 << 20)],
    [{ stringValue: 'zero \u0000, quote ", backslash \\, \u2028, emoji \u{1f9ed}' }, 'string'],
    [{ boolValue: false }, 'bool', false],
    [{ intValue: '0' }, 'int64', 0],
    [{ intValue: '9007199254740993' }, 'int64', '9007199254740993'],
    [{ intValue: '9223372036854775807' }, 'int64', '9223372036854775807'],
    [{ intValue: '-9223372036854775808' }, 'int64', '-9223372036854775808'],
    [{ doubleValue: 0 }, 'float64', 0],
    [{ doubleValue: 5e-324 }, 'float64', 5e-324],
    [{ doubleValue: 1.7976931348623157e308 }, 'float64', 1.7976931348623157e308],
    [{ doubleValue: 0.1 }, 'float64', 0.1],
    [{ doubleValue: 'NaN' }, 'float64', 'NaN'],
    [{ doubleValue: 'Infinity' }, 'float64', 'Infinity'],
    [{ doubleValue: '-Infinity' }, 'float64', '-Infinity'],
    [{ bytesValue: '' }, 'binary', ''],
    [{ bytesValue: Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('base64') }, 'binary'],
    [{ arrayValue: { values: [] } }, 'string', '[]'],
    [{ arrayValue: { values: [{}, { intValue: '1' }, { doubleValue: 'NaN' }, { bytesValue: 'AA==' }] } }, 'string'],
    [{ kvlistValue: { values: [] } }, 'string', '{}'],
    [{ kvlistValue: { values: [{ key: '', value: { kvlistValue: { values: [] } } }] } }, 'string', '{"":{}}'],
  ];
  const span = otlp.span({ name: '' });
  span.attributes = values.map(([value], i) => ({ key: `k${i}`, value }));
  span.attributes.push({ key: '', value: { stringValue: 'an empty key' } });
  span.attributes.push({ key: 'k'.repeat(1 << 16), value: { stringValue: 'a long key' } });
  const twin = { ...span, traceId: otlp.newTraceId() };
  assert.equal((await server.export(otlp.request('values', [span]))).status, 200);
  assert.equal((await server.export(otlp.requestBytes(otlp.request('values', [twin])))).status, 200);
  await inEveryState(t, server, async (at, state) => {
    for (const { traceId } of [span, twin]) {
      const [resource] = (await at.otlpTrace(traceId)).resourceSpans;
      const [{ attributes }] = resource.scopeSpans[0].spans;
      for (const [i, sent] of span.attributes.entries()) {
        const { key, value } = attributes[i];
        assert.equal(key, sent.key, state);
        assert.ok(isDeepStrictEqual(whole(value), whole(sent.value)), `${key}: ${cut(value)}, ${state}`);
      }
      assert.equal(attributes.length, span.attributes.length);
      const [{ spans }] = await at.json(`/api/traces/${traceId}`).then((answer) => answer.data);
      const tags = new Map(spans[0].tags.map((tag) => [tag.key, tag]));
      for (const [i, [, type, value]] of values.entries()) {
        assert.equal(tags.get(`k${i}`).type, type, `k${i}, ${state}`);
        if (value !== undefined) assert.equal(tags.get(`k${i}`).value, value, `k${i}, ${state}`);
      }
    }
  });
});

// A value with what JSON may leave out put in.
function whole(value) {
  if (value.arrayValue) return { arrayValue: { values: (value.arrayValue.values ?? []).map(whole) } };
  if (value.kvlistValue) {
    const pairs = value.kvlistValue.values ?? [];
    return { kvlistValue: { values: pairs.map((pair) => ({ key: pair.key ?? '', value: whole(pair.value ?? {}) })) } };
  }
  return value;
}
const cut = (value) => JSON.stringify(value).slice(0, 200);

test('gRPC answers in its own words', async (t) => {
  const server = await startServer(t);
  const call = grpcCaller(t, server);
  const good = otlp.requestBytes(otlp.request('grpc', [otlp.span()]));
  assert.equal((await call(EXPORT, good)).code, grpc.status.OK);
  assert.equal((await call(EXPORT, Buffer.alloc(0))).code, grpc.status.OK);
  assert.equal((await call(EXPORT, good.subarray(0, 50))).code, grpc.status.INVALID_ARGUMENT);
  assert.equal((await call('/nobody/Knows', good)).code, grpc.status.UNIMPLEMENTED);
  const limit = 64 << 20;
  assert.equal((await call(EXPORT, otlp.bytes(99, Buffer.alloc(limit - 8)))).code, grpc.status.OK);
  assert.equal((await call(EXPORT, otlp.bytes(99, Buffer.alloc(limit + 1)))).code, grpc.status.RESOURCE_EXHAUSTED);
  const partial = await call(
    EXPORT,
    otlp.requestBytes(otlp.request('grpc', [otlp.span(), otlp.span({ spanId: 'abcd' })])),
  );
  assert.equal(partial.code, grpc.status.OK);
  assert.ok(partial.answer.includes(Buffer.from([0x08, 0x01])), 'rejected_spans: 1');
  assert.deepEqual((await server.json('/api/services')).data, ['grpc']);
});

test('CORS answers the configured origin, and only that', async (t) => {
  const server = await startServer(t, { flags: ['--cors-origin', 'https://shop.example'] });
  const preflight = (origin) =>
    request(server.otlpHttpPort, 'OPTIONS', '/v1/traces', {
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
  const allowed = await preflight('https://shop.example');
  assert.equal(allowed.headers['access-control-allow-origin'], 'https://shop.example');
  assert.match(allowed.headers['access-control-allow-headers'], /content-type/i);
  assert.equal((await preflight('https://evil.example')).headers['access-control-allow-origin'], undefined);
  const answer = await server.export(otlp.request('browser', [otlp.span()]), { origin: 'https://shop.example' });
  assert.equal(answer.headers['access-control-allow-origin'], 'https://shop.example');
});
