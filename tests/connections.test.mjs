// Many connections, slow ones, keep-alive and pipelining: each gets its answer, and nobody waits for another.
import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { atEnd, request, startServer, until } from './harness/server.mjs';

const CONNECTIONS_MAX = 4096; // src/base/limits.h
const SLOW_CLIENT_PATIENCE_MS = 60_000; // the server's is 30 s

// A connection that keeps what it is told, and whether the other side has closed.
function connect(t, port, first) {
  const socket = net.connect(port, '127.0.0.1');
  const connection = { socket, text: '', closed: false };
  socket.on('data', (data) => (connection.text += data));
  socket.on('end', () => (connection.closed = true));
  socket.on('close', () => (connection.closed = true));
  socket.on('error', () => (connection.closed = true));
  if (first) socket.write(first);
  atEnd(t, () => socket.destroy());
  return connection;
}

async function assertQuick(server) {
  const begin = Date.now();
  assert.equal((await server.get('/api/services')).status, 200);
  assert.ok(Date.now() - begin < 1000, `services took ${Date.now() - begin} ms`);
}

test('more connections than there may be: idle ones make room, busy ones stay, others are told 503', async (t) => {
  const server = await startServer(t);
  // Every one has begun a request, so that none is idle.
  const half = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{';
  const busy = [];
  while (busy.length < CONNECTIONS_MAX) {
    const batch = Array.from({ length: 256 }, () => connect(t, server.otlpHttpPort, half));
    await until(() => batch.every(({ socket }) => socket.readyState === 'open'), { what: 'they are connected' });
    busy.push(...batch);
  }
  const extra = Array.from({ length: 20 }, () => connect(t, server.otlpHttpPort, half));
  await until(() => extra.some(({ text }) => /^HTTP\/1\.1 503/.test(text)), { what: 'one is refused' });
  await assertQuick(server);
  for (const { socket } of [...busy, ...extra]) socket.destroy();
  await until(async () => (await server.export(otlp.request('after', [otlp.span()]))).status === 200, {
    what: 'the port takes requests again',
  });

  // Idle ones are closed, the longest idle first, and the new ones are served.
  const idle = [];
  while (idle.length < CONNECTIONS_MAX) {
    const batch = Array.from({ length: 256 }, () => connect(t, server.otlpHttpPort));
    await until(() => batch.every(({ socket }) => socket.readyState === 'open'), { what: 'they are connected' });
    idle.push(...batch);
  }
  for (let i = 0; i < 20; ++i) {
    assert.equal((await server.export(otlp.request('beside', [otlp.span()]))).status, 200);
  }
  assert.ok(
    idle.some(({ closed }) => closed),
    'an idle connection made room',
  );
  await assertQuick(server);
});

test('a client that stops in the head or in the body is told 408', async (t) => {
  const server = await startServer(t);
  const head = 'POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
  const slow = {
    'in the head': connect(t, server.otlpHttpPort, head),
    'in the body': connect(t, server.otlpHttpPort, `${head}Content-Length: 50\r\n\r\n{"resource`),
    'in a chunk': connect(t, server.otlpHttpPort, `${head}Transfer-Encoding: chunked\r\n\r\n50\r\n{"resource`),
    'on the query port': connect(t, server.queryPort, 'GET /api/services HTTP/1.1\r\nHos'),
  };
  for (const [name, connection] of Object.entries(slow)) {
    await until(() => connection.closed, { within: SLOW_CLIENT_PATIENCE_MS, what: `${name} is hung up on` });
    assert.match(connection.text, /^HTTP\/1\.1 408/, name);
  }
  await assertQuick(server);
});

test('one byte after the other is a request, too', async (t) => {
  const server = await startServer(t);
  const connection = connect(t, server.queryPort);
  for (const byte of 'GET /api/services HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n') {
    await new Promise((resolve) => connection.socket.write(byte, resolve));
  }
  await until(() => connection.closed, { what: 'the answer' });
  assert.match(connection.text, /^HTTP\/1\.1 200/);
});

test('a connection takes request after request, also several at once', async (t) => {
  const server = await startServer(t);
  await server.export(otlp.request('kept', [otlp.span()]));
  const connection = connect(t, server.queryPort);
  const answers = () => connection.text.split('HTTP/1.1 200').length - 1;
  const ask = 'GET /api/services HTTP/1.1\r\nHost: x\r\n\r\n';
  connection.socket.write(ask);
  await until(() => answers() === 1, { what: 'an answer' });
  connection.socket.write(ask.repeat(20));
  await until(() => answers() === 21, { what: 'an answer to each' });
  assert.equal(connection.closed, false);
});

test('an ingest connection takes requests one behind the other and answers each, in order', async (t) => {
  const server = await startServer(t);
  const spans = Array.from({ length: 60 }, () => otlp.span());
  const connection = connect(t, server.otlpHttpPort);
  for (const [i, span] of spans.entries()) {
    // Every tenth is refused, and only that one.
    const body = i % 10 === 9 ? Buffer.from('garbage') : otlp.requestBytes(otlp.request('pipelined', [span]));
    const head = `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\n`;
    connection.socket.write(Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body]));
  }
  const statuses = () => [...connection.text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));
  await until(() => statuses().length === spans.length, { what: 'an answer to each' });
  assert.deepEqual(
    statuses(),
    spans.map((_, i) => (i % 10 === 9 ? 400 : 200)),
  );
  for (const [i, span] of spans.entries()) {
    assert.equal((await server.get(`/api/traces/${span.traceId}`)).status, i % 10 === 9 ? 404 : 200);
  }
  assert.equal(connection.closed, false);
});

test('a body in chunks is a body, and a limit holds for it as well', async (t) => {
  const server = await startServer(t);
  const span = otlp.span();
  const bytes = otlp.requestBytes(otlp.request('chunked', [span]));
  const headers = { 'content-type': 'application/x-protobuf', 'transfer-encoding': 'chunked' };
  const answer = await request(server.otlpHttpPort, 'POST', '/v1/traces', { headers, body: bytes });
  assert.equal(answer.status, 200);
  assert.equal((await server.get(`/api/traces/${span.traceId}`)).status, 200);
  const tooMuch = Buffer.alloc((64 << 20) + 1);
  const refused = await request(server.otlpHttpPort, 'POST', '/v1/traces', { headers, body: tooMuch });
  assert.equal(refused.status, 413);
  await assertQuick(server);
});

test('a head that is too large is 431, in its line or in its fields', async (t) => {
  const server = await startServer(t);
  for (const port of [server.queryPort, server.otlpHttpPort]) {
    for (const head of [
      `GET /${'x'.repeat(200_000)} HTTP/1.1\r\n\r\n`,
      `GET / HTTP/1.1\r\n${'X: y\r\n'.repeat(20_000)}\r\n`,
    ]) {
      const connection = connect(t, port, head);
      await until(() => connection.closed, { what: 'it is hung up on' });
      assert.match(connection.text, /^HTTP\/1\.1 431/);
    }
  }
  // What is allowed: a search with a long list of conditions.
  const tags = Array.from({ length: 500 }, (_, i) => `tag=${'k'.repeat(20)}${i}:v`).join('&');
  assert.equal((await server.get(`/api/traces?${tags}`)).status, 200);
});

test('HTTP/2 and TLS on an HTTP port, and HTTP/1 on the gRPC port, end without harm', async (t) => {
  const server = await startServer(t);
  const tls = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, ...Buffer.alloc(500, 7)]);
  for (const bytes of ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', tls]) {
    const connection = connect(t, server.otlpHttpPort, bytes);
    await until(() => connection.closed, { what: 'it is hung up on' });
    assert.match(connection.text, /^HTTP\/1\.1 400/);
  }
  const wrong = connect(t, server.otlpGrpcPort, 'GET /v1/traces HTTP/1.1\r\nHost: x\r\n\r\n');
  await until(() => wrong.closed, { what: 'gRPC hangs up' });
  await assertQuick(server);
});
