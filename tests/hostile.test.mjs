// Whatever is sent: a clear error in the protocol's words, nothing lost, and the server as quick as before.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import http2 from 'node:http2';
import net from 'node:net';
import { test } from 'node:test';
import zlib from 'node:zlib';

import grpc from '@grpc/grpc-js';

import { EXPORT, exportOverGrpc } from './harness/grpc.mjs';
import * as otlp from './harness/otlp.mjs';
import { request, SLOW, startServer, until } from './harness/server.mjs';
import { zstd, zstdBomb } from './harness/zstd.mjs';

const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };

const post = (server, headers, body) =>
  request(server.otlpHttpPort, 'POST', '/v1/traces', { headers, body, timeout: 60_000 });

const head = (type, length) =>
  `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n\r\n`;

// A server with one acknowledged trace, and the check that all is well with both.
async function guarded(t, options) {
  const server = await startServer(t, options);
  const kept = otlp.span();
  await server.export(otlp.request('kept', [kept]));
  server.assertWell = async () => {
    const begin = Date.now();
    assert.equal((await server.get('/api/services')).status, 200);
    assert.ok(Date.now() - begin < 1000, `services took ${Date.now() - begin} ms`);
    assert.equal((await server.get(`/api/traces/${kept.traceId}`)).status, 200);
  };
  return server;
}

// The most memory that the server had until now.
async function peakBytes(server) {
  const [, kib] = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${server.pid}/status`, 'utf8'));
  return Number(kib) * 1024;
}

// google.rpc.Status, as the specification asks of errors.
function assertStatusBody(answer, type) {
  assert.equal(answer.headers['content-type'].split(';')[0], type);
  if (type === 'application/json') {
    assert.ok(answer.json.message.length > 0, answer.text);
  } else {
    assert.ok(answer.bytes.includes(0x12), 'field 2, the message');
  }
}

const goodBody = () => otlp.requestBytes(otlp.request('x', [otlp.span({ attributes: { a: 'b', n: 5 } })]));

test('protobuf that is not OTLP is 400 with a Status', async (t) => {
  const server = await guarded(t);
  const good = goodBody();
  const bad = {
    'cut by one byte': good.subarray(0, good.length - 1),
    'cut to a third': good.subarray(0, good.length / 3),
    'random bytes': Buffer.concat([Buffer.from([0x0a, 0xff]), randomBytes(300)]),
    'a length that lies': Buffer.concat([otlp.field(1, 2), otlp.varint(2 ** 31), good]),
    'a length of 2^63': Buffer.concat([otlp.field(1, 2), otlp.varint(2n ** 63n), good]),
    'a varint of eleven bytes': Buffer.concat([otlp.field(1, 0), Buffer.alloc(11, 0xff)]),
    'field 0': Buffer.from([0x02, 0x00]),
    'a number where resource_spans stands': otlp.number(1, 7),
    'an open group': Buffer.from([0x0b]),
    'a JSON body': Buffer.from('{"resourceSpans":[]}'),
  };
  for (const [name, body] of Object.entries(bad)) {
    const answer = await post(server, PROTOBUF, body);
    assert.equal(answer.status, 400, name);
    assertStatusBody(answer, 'application/x-protobuf');
    await server.assertWell();
  }
});

test('JSON that is not OTLP is 400 with a Status', async (t) => {
  const server = await guarded(t);
  const bad = {
    cut: '{"resourceSpans":[{"scopeSpans":[',
    'protobuf bytes': goodBody(),
    'a wrong type': '{"resourceSpans":{"a":1}}',
    'a span that is a string': '{"resourceSpans":[{"scopeSpans":[{"spans":["x"]}]}]}',
    'not an object': '[1,2,3]',
    'invalid UTF-8': Buffer.from([
      ...Buffer.from('{"resourceSpans":[{"resource":{"attributes":[{"key":"'),
      0xff,
      0xfe,
      ...Buffer.from('"}]}}]}'),
    ]),
  };
  for (const [name, body] of Object.entries(bad)) {
    const answer = await post(server, JSON_TYPE, body);
    assert.equal(answer.status, 400, name);
    assertStatusBody(answer, 'application/json');
    await server.assertWell();
  }
});

test('empty requests succeed', async (t) => {
  const server = await guarded(t);
  assert.equal((await post(server, PROTOBUF, '')).status, 200);
  assert.equal((await post(server, JSON_TYPE, '{}')).status, 200);
  assert.equal((await post(server, JSON_TYPE, '{"resourceSpans":[]}')).status, 200);
  assert.equal((await post(server, JSON_TYPE, '{"somethingElse":[{}],"resourceSpans":null}')).status, 200);
});

test('other methods, types and paths are told so', async (t) => {
  const server = await guarded(t);
  const good = goodBody();
  assert.equal((await post(server, { 'content-type': 'text/plain' }, good)).status, 415);
  assert.equal((await post(server, {}, good)).status, 415);
  assert.equal((await request(server.otlpHttpPort, 'GET', '/v1/traces')).status, 405);
  assert.equal(
    (await request(server.otlpHttpPort, 'POST', '/v1/other', { headers: PROTOBUF, body: good })).status,
    404,
  );
  for (const target of [
    '/../../etc/passwd',
    '/assets/../../../etc/passwd',
    '/assets/%2e%2e/%2e%2e/etc/passwd',
    '/%00',
  ]) {
    const answer = await server.get(target);
    assert.ok(!answer.text.includes('root:'), target);
    assert.ok(answer.status === 200 || (answer.status >= 400 && answer.status < 500), `${target}: ${answer.status}`);
  }
  await server.assertWell();
});

test('nesting 100,000 deep is refused, in both encodings', async (t) => {
  const server = await guarded(t);
  let nested = otlp.bytes(1, 'x');
  const parts = [];
  let length = nested.length;
  for (let i = 0; i < 100_000; ++i) {
    const inner = Buffer.concat([otlp.field(1, 2), otlp.varint(length)]); // a value of the array
    const outer = Buffer.concat([otlp.field(5, 2), otlp.varint(length + inner.length)]);
    parts.push(inner, outer);
    length += inner.length + outer.length;
  }
  nested = Buffer.concat([...parts.reverse(), nested]);
  const pair = Buffer.concat([otlp.bytes(1, 'deep'), otlp.bytes(2, nested)]);
  const span = Buffer.concat([otlp.spanBytes(otlp.span()), otlp.bytes(9, pair)]);
  const body = otlp.bytes(1, otlp.bytes(2, otlp.bytes(2, span)));
  assert.equal((await post(server, PROTOBUF, body)).status, 400);
  await server.assertWell();

  const [open, close] = ['{"arrayValue":{"values":[', ']}}'].map((part) => part.repeat(100_000));
  const json = JSON.stringify(otlp.request('deep', [otlp.span({ attributes: { deep: 'HERE' } })]));
  const deep = json.replace('{"stringValue":"HERE"}', `${open}{"stringValue":"x"}${close}`);
  assert.equal((await post(server, JSON_TYPE, deep)).status, 400);
  assert.equal((await post(server, JSON_TYPE, '['.repeat(1_000_000))).status, 400);
  await server.assertWell();
});

test('a million attributes on one span are kept', async (t) => {
  const server = await guarded(t);
  const traceId = otlp.newTraceId();
  const span = otlp.spanBytes(otlp.span({ traceId, name: 'wide' }));
  const extra = Array.from({ length: 1_000_000 }, (_, i) =>
    otlp.bytes(9, Buffer.concat([otlp.bytes(1, `k${i}`), otlp.bytes(2, otlp.number(3, i))])),
  );
  const body = otlp.bytes(1, otlp.bytes(2, otlp.bytes(2, Buffer.concat([span, ...extra]))));
  assert.equal((await post(server, PROTOBUF, body)).status, 200);
  await server.assertWell();
  const answer = await server.get(`/api/v3/traces/${traceId}`, { timeout: 60_000 });
  assert.equal(answer.status, 200);
  const [stored] = answer.json.result.resourceSpans[0].scopeSpans[0].spans;
  assert.equal(stored.attributes.length, 1_000_000);
  assert.deepEqual(stored.attributes.at(-1), { key: 'k999999', value: { intValue: '999999' } });
  await server.assertWell();
});

const BOMB_BYTES = 1 << 29;
const QUICK = { level: 1 };
const BOMBS = {
  gzip: () => zlib.gzipSync(Buffer.alloc(BOMB_BYTES), QUICK),
  deflate: () => zlib.deflateSync(Buffer.alloc(BOMB_BYTES), QUICK),
  zstd: () => zstdBomb(BOMB_BYTES),
};
const PACKERS = { gzip: zlib.gzipSync, deflate: zlib.deflateSync, zstd };

for (const [encoding, pack] of Object.entries(PACKERS)) {
  test(`a ${encoding} bomb is refused and takes no memory`, async (t) => {
    const server = await guarded(t);
    const before = await peakBytes(server);
    const answer = await post(server, { ...PROTOBUF, 'content-encoding': encoding }, BOMBS[encoding]());
    assert.equal(answer.status, 413);
    assertStatusBody(answer, 'application/x-protobuf');
    // Sanitizers keep what is freed for a while.
    if (!SLOW) assert.ok((await peakBytes(server)) - before < 256 << 20, 'the limit, not what it would unpack to');
    await server.assertWell();
  });

  test(`${encoding} that is not ${encoding} is 400`, async (t) => {
    const server = await guarded(t);
    assert.equal((await post(server, { ...PROTOBUF, 'content-encoding': encoding }, randomBytes(1000))).status, 400);
    const cut = pack(goodBody());
    assert.equal(
      (await post(server, { ...PROTOBUF, 'content-encoding': encoding }, cut.subarray(0, cut.length - 5))).status,
      400,
    );
    await server.assertWell();
  });
}

test('a bomb over gRPC is RESOURCE_EXHAUSTED, gzip that is none INVALID_ARGUMENT', async (t) => {
  const server = await guarded(t);
  const gzip = { 'grpc.default_compression_algorithm': 2 };
  const before = await peakBytes(server);
  const { code } = await exportOverGrpc(t, server, Buffer.alloc(BOMB_BYTES), gzip);
  assert.equal(code, grpc.status.RESOURCE_EXHAUSTED);
  if (!SLOW) assert.ok((await peakBytes(server)) - before < 256 << 20);
  await server.assertWell();
  // A message that says it is packed, in a frame of its own: grpc-js would not send it.
  assert.equal(await packedGarbageOverGrpc(server), String(grpc.status.INVALID_ARGUMENT));
  await server.assertWell();
});

// grpc-status of a message whose frame says gzip and whose bytes are not.
function packedGarbageOverGrpc(server) {
  const session = http2.connect(`http://127.0.0.1:${server.otlpGrpcPort}`);
  return new Promise((resolve, reject) => {
    session.on('error', reject);
    const headers = { ':method': 'POST', ':path': EXPORT, 'content-type': 'application/grpc', te: 'trailers' };
    const stream = session.request({ ...headers, 'grpc-encoding': 'gzip' });
    const done = (answer) => {
      if (answer['grpc-status'] === undefined) return;
      resolve(answer['grpc-status']);
      session.close();
    };
    stream.on('error', reject).on('response', done).on('trailers', done).resume();
    const frame = Buffer.concat([Buffer.from([1, 0, 0, 0, 100]), Buffer.alloc(100, 0x55)]);
    stream.end(frame);
  });
}

test('64 MiB is taken; more is 413, at once where Content-Length says so', async (t) => {
  const server = await guarded(t);
  const LIMIT = 64 << 20;
  const span = otlp.span({ name: 'big' });
  const spanBody = otlp.spanBytes(span);
  const make = (padding) => {
    const pair = Buffer.concat([otlp.bytes(1, 'pad'), otlp.bytes(2, otlp.bytes(1, Buffer.alloc(padding, 'x')))]);
    return otlp.bytes(1, otlp.bytes(2, otlp.bytes(2, Buffer.concat([spanBody, otlp.bytes(9, pair)]))));
  };
  let padding = LIMIT - 200;
  padding += LIMIT - make(padding).length;
  const exact = make(padding);
  assert.equal(exact.length, LIMIT);
  assert.equal((await post(server, PROTOBUF, exact)).status, 200);
  assert.equal(
    (await post(server, { ...PROTOBUF, 'content-encoding': 'gzip' }, zlib.gzipSync(make(padding + 1), QUICK))).status,
    413,
  );

  // Only the head is sent: the answer must not wait for a body.
  const answer = await new Promise((resolve, reject) => {
    const socket = net.connect(server.otlpHttpPort, '127.0.0.1');
    socket.on('error', reject);
    socket.on('data', (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.write(head('application/x-protobuf', LIMIT + 1));
  });
  assert.match(answer, /^HTTP\/1\.1 413/);
  await server.assertWell();
  assert.equal((await server.get(`/api/traces/${span.traceId}`)).status, 200);
});

test('spans with ids of a wrong length are rejected, the others kept: partial success', async (t) => {
  const server = await guarded(t);
  const good = otlp.span();
  const badTrace = { ...otlp.span(), traceId: 'abcdef' };
  const badSpan = { ...otlp.span(), spanId: 'abcdef' };
  const zero = { ...otlp.span(), traceId: '0'.repeat(32) };
  for (const asBytes of [false, true]) {
    const json = otlp.request(`partial-${asBytes}`, [badTrace, { ...good, spanId: otlp.newSpanId() }, badSpan, zero]);
    const answer = await server.export(asBytes ? otlp.requestBytes(json) : json);
    assert.equal(answer.status, 200);
    if (asBytes) {
      assert.ok(answer.bytes.includes(Buffer.from([0x08, 0x03])), 'rejected_spans: 3');
    } else {
      assert.equal(String(answer.json.partialSuccess.rejectedSpans), '3');
      assert.ok(answer.json.partialSuccess.errorMessage.length > 0);
    }
    assert.equal((await server.json(`/api/traces?service=partial-${asBytes}`)).data[0].spans.length, 1 + asBytes);
  }
  await server.assertWell();
});

test('spans without an end, or that end before they start, are kept with a duration of 0', async (t) => {
  const server = await guarded(t);
  const start = otlp.nowNs();
  const unended = otlp.span({ name: 'unended', startTimeUnixNano: start, endTimeUnixNano: 0 });
  const backwards = otlp.span({ name: 'backwards', startTimeUnixNano: start, endTimeUnixNano: start - 5_000_000n });
  assert.equal((await server.export(otlp.request('odd', [unended, backwards]))).status, 200);
  for (const span of [unended, backwards]) {
    const [trace] = (await server.json(`/api/traces/${span.traceId}`)).data;
    assert.equal(trace.spans[0].duration, 0);
    assert.ok(trace.spans[0].warnings.length > 0);
    const v3 = await server.json(`/api/v3/traces/${span.traceId}`);
    const stored = v3.result.resourceSpans[0].scopeSpans[0].spans[0];
    assert.equal(stored.endTimeUnixNano ?? '0', String(span.endTimeUnixNano));
  }
});

test('text that is not UTF-8 is refused where protobuf demands it, bytes are kept', async (t) => {
  const server = await guarded(t);
  const raw = Buffer.from([0x66, 0xff, 0xfe, 0x00, 0x80]);
  const name = Buffer.concat([otlp.spanBytes(otlp.span()), otlp.bytes(5, raw)]);
  assert.equal((await post(server, PROTOBUF, otlp.bytes(1, otlp.bytes(2, otlp.bytes(2, name))))).status, 400);
  const span = otlp.span({ attributes: { raw } });
  assert.equal((await server.export(otlp.requestBytes(otlp.request('bytes', [span])))).status, 200);
  const v3 = await server.json(`/api/v3/traces/${span.traceId}`);
  const [attribute] = v3.result.resourceSpans[0].scopeSpans[0].spans[0].attributes;
  assert.equal(attribute.value.bytesValue, raw.toString('base64'));
  await server.assertWell();
});

test('slow, idle and garbage connections harm nobody', async (t) => {
  const server = await guarded(t);
  const sockets = [];
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  const connect = (port, first) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('error', () => {});
    if (first) socket.write(first);
    sockets.push(socket);
    return socket;
  };
  const ports = [server.queryPort, server.otlpHttpPort, server.otlpGrpcPort, server.jaegerHttpPort];
  for (const port of ports) {
    for (let i = 0; i < 100; ++i) connect(port); // idle
    for (let i = 0; i < 20; ++i) connect(port, 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Len'); // in the head
    for (let i = 0; i < 20; ++i) connect(port, `${head('application/json', 60_000_000)}{`); // in the body
    for (let i = 0; i < 20; ++i) connect(port, randomBytes(2000));
    connect(port, `GET /${'x'.repeat(200_000)} HTTP/1.1\r\n\r\n`);
    connect(port, `GET / HTTP/1.1\r\n${'X-Header: y\r\n'.repeat(20_000)}\r\n`);
  }
  await server.assertWell();
  assert.equal((await server.export(otlp.request('after', [otlp.span()]))).status, 200);
  await server.assertWell();
  // Garbage is answered and hung up on.
  const garbage = connect(server.otlpHttpPort, 'this is not HTTP\r\n\r\n');
  let text = '';
  garbage.on('data', (data) => (text += data));
  await until(() => garbage.closed || garbage.readableEnded, { what: 'the garbage connection is closed' });
  assert.match(text, /^HTTP\/1\.1 400/);
});

test('a flood over the memory budget is told to come back, and what was taken stays', async (t) => {
  const server = await guarded(t, { flags: ['--memory-budget', '256MiB'] });
  const statuses = await Promise.all(
    Array.from({ length: 48 }, async () => {
      const span = otlp.span();
      // Each has a text of its own, that no dictionary holds twice.
      const pad = Buffer.alloc(8 << 20, span.spanId);
      const pair = Buffer.concat([otlp.bytes(1, 'pad'), otlp.bytes(2, otlp.bytes(1, pad))]);
      const content = Buffer.concat([otlp.spanBytes(span), otlp.bytes(9, pair)]);
      const answer = await server.export(otlp.bytes(1, otlp.bytes(2, otlp.bytes(2, content))));
      if (answer.status === 429) assert.ok(Number(answer.headers['retry-after']) >= 1);
      return [answer.status, span.traceId];
    }),
  );
  for (const [status] of statuses) assert.ok([200, 429, 503].includes(status), `status ${status}`);
  const assertKept = async (about) => {
    for (const [status, traceId] of statuses) {
      const stored = await server.get(`/api/v3/traces/${traceId}`);
      assert.equal(stored.status, status === 200 ? 200 : 404, `${about}: ${stored.text.slice(0, 200)}`);
    }
  };
  await assertKept('live or sealed');
  assert.ok(statuses.some(([status]) => status === 200));
  if (!SLOW) assert.ok((await peakBytes(server)) < 512 << 20, 'the budget, and what a server needs besides');
  await server.assertWell();
  await server.seal();
  await assertKept('sealed');
  await server.assertWell();
});
