// W3C trace context, level 2, over real sockets: a service that is instrumented with the tracing library is asked to
// call back, and what it sends along is compared with what it got, one rule of the specification after the other.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { atEnd, BINARY, startServer, until } from './harness/server.mjs';

const PROGRAM = path.join(path.dirname(BINARY), 'tests/programs/trace_context_service');
const TRACE = '0123456789abcdef0123456789abcdef';
const SPAN = '0123456789abcdef';
const PARENT = `00-${TRACE}-${SPAN}-01`;

// Starts the service; gives its port.
function startService(environment, atTheEnd) {
  return new Promise((resolve, reject) => {
    const child = spawn(PROGRAM, [], { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'inherit'] });
    atTheEnd(() => child.kill('SIGKILL'));
    child.once('error', reject);
    child.stdout.once('data', (text) => resolve(Number.parseInt(text, 10)));
    child.stdout.resume();
  });
}

let port; // of the service
let callbacks; // where it calls back
let calls = []; // the headers of each callback, as they stand on the wire
let undo = [];
before(async () => {
  port = await startService({ OTEL_TRACES_EXPORTER: 'console' }, (last) => undo.push(last));
});
before(async () => {
  callbacks = http.createServer((request, response) => {
    const headers = [];
    for (let i = 0; i < request.rawHeaders.length; i += 2)
      headers.push([request.rawHeaders[i].toLowerCase(), request.rawHeaders[i + 1]]);
    calls.push(headers);
    request.resume().on('end', () => response.end('{}'));
  });
  await new Promise((resolve) => callbacks.listen(0, '127.0.0.1', resolve));
  undo.push(() => callbacks.close());
});
after(() => undo.forEach((last) => last()));

// Sends header lines to the service exactly as given, with a request for `times` callbacks.
async function ask(lines, times = 1) {
  calls = [];
  const step = { url: `http://127.0.0.1:${callbacks.address().port}/callback`, arguments: [] };
  const body = JSON.stringify(Array(times).fill(step));
  const head = ['POST /test HTTP/1.1', 'Host: a', 'Connection: close', `Content-Length: ${body.length}`, ...lines];
  const answer = await new Promise((resolve, reject) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`));
    socket.setEncoding('latin1').on('data', (more) => (text += more));
    socket.on('end', () => resolve(text)).on('error', reject);
  });
  assert.match(answer, /^HTTP\/1.1 200 /);
  assert.equal(calls.length, times);
  return calls.map((headers) => {
    const values = (name) => headers.filter(([key]) => key === name).map(([, value]) => value);
    const parents = values('traceparent');
    assert.equal(parents.length, 1, 'exactly one traceparent is sent');
    assert.match(parents[0], /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]$/);
    const [traceId, spanId, flags] = parents[0].slice(3).split('-');
    assert.notEqual(traceId, '0'.repeat(32));
    assert.notEqual(spanId, '0'.repeat(16));
    const state = values('tracestate').join(',');
    return { traceId, spanId, flags, state, members: state.split(',').map((member) => member.trim()) };
  });
}

async function continues(...lines) {
  const [call] = await ask(lines);
  assert.equal(call.traceId, TRACE, lines.join(' / '));
  return call;
}
async function beginsAnew(...lines) {
  const [call] = await ask(lines);
  assert.notEqual(call.traceId, TRACE, lines.join(' / '));
  return call;
}

test('a request without a context begins a trace, with nothing in its state', async () => {
  const [call] = await ask([]);
  assert.equal(call.state, '');
});

test('a good traceparent is continued, in whatever case its name is and with blanks around it', async () => {
  for (const name of ['traceparent', 'TraceParent', 'TRACEPARENT']) await continues(`${name}: ${PARENT}`);
  await continues(`traceparent:\t ${PARENT} \t`);
});

test('two traceparents, or a joined one, begin a new trace', async () => {
  await beginsAnew(`traceparent: ${PARENT}`, `traceparent: ${PARENT}`);
  await beginsAnew(`traceparent: ${PARENT}`, `traceparent: 00-${TRACE}-1111111111111111-01`);
  await beginsAnew(`traceparent: ${PARENT},${PARENT}`);
});

test('an illegal traceparent begins a new trace and takes the state with it', async () => {
  for (const bad of [
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE}-${SPAN}-1`,
    `00-${TRACE}-${SPAN}-001`,
    `00-${TRACE}-${SPAN}-.0`,
    `00-${'0'.repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `00-${TRACE.slice(1)}-${SPAN}-01`,
    `00-.${TRACE.slice(1)}-${SPAN}-01`,
    `00-${TRACE}-.${SPAN.slice(1)}-01`,
    `0-${TRACE}-${SPAN}-01`,
    `.0-${TRACE}-${SPAN}-01`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00_${TRACE}_${SPAN}_01`,
    '',
    'nonsense',
  ]) {
    const call = await beginsAnew(`traceparent: ${bad}`, 'tracestate: foo=1');
    assert.equal(call.state, '', bad);
  }
});

test('what is known of a future version is taken', async () => {
  for (const version of ['01', 'cc', 'fe']) {
    await continues(`traceparent: ${version}-${TRACE}-${SPAN}-01`);
    await continues(`traceparent: ${version}-${TRACE}-${SPAN}-01-what-the-future-will-be-like`);
    await beginsAnew(`traceparent: ${version}-${TRACE}-${SPAN}-01.what-the-future`);
    await beginsAnew(`traceparent: ${version}-${TRACE}-${SPAN}`);
  }
});

test('a state without a traceparent is dropped', async () => {
  const [call] = await ask(['tracestate: foo=1']);
  assert.equal(call.state, '');
});

test('state is passed on, from one header and from several, in its order', async () => {
  const state = async (...lines) => (await continues(`traceparent: ${PARENT}`, ...lines)).state;
  assert.equal(await state('tracestate: foo=1,bar=2'), 'foo=1,bar=2');
  assert.equal(await state('tracestate: foo=1', 'TraceState: bar=2', 'tracestate: baz=3'), 'foo=1,bar=2,baz=3');
  assert.equal(await state('tracestate: foo=1 \t , \t bar=2'), 'foo=1,bar=2');
  assert.equal(await state('tracestate: foo=1,', 'tracestate:', 'tracestate: ,bar=2'), 'foo=1,bar=2');
  assert.equal(await state('tracestate:'), '');
});

test('a bad member drops the state and leaves the parent alone', async () => {
  const tooLong = `${'k'.repeat(257)}=1`;
  for (const bad of ['foo', '=1', 'foo =1', 'FOO=1', 'foo.bar=1', '@foo=1', 'foo=', 'foo=b=c', tooLong]) {
    const { state } = await continues(`traceparent: ${PARENT}`, `tracestate: good=1,${bad}`);
    assert.equal(state, '', bad);
  }
});

test('keys and values may be as long and as odd as the grammar has them', async () => {
  const long = [`${'k'.repeat(256)}=1`, `k=${'v'.repeat(256)}`];
  for (const good of ['foo@bar=1', 'foo@=1', 'foo@@bar=1', '0*/-_=1', 'k= !"#$%&()*+-./:;<>?@[]^_`{|}~', ...long]) {
    const { state } = await continues(`traceparent: ${PARENT}`, `tracestate: ${good}`);
    assert.equal(state, good);
  }
});

test('thirty-two members are taken, and one more is too many', async () => {
  const members = Array.from({ length: 32 }, (_, i) => `k${i}=${i}`);
  const full = await continues(`traceparent: ${PARENT}`, `tracestate: ${members.join(',')}`);
  assert.deepEqual(full.members, members);
  const over = await continues(`traceparent: ${PARENT}`, `tracestate: ${members.join(',')}`, 'tracestate: more=1');
  assert.equal(over.state, '');
});

test('of members with the same key one is passed on', async () => {
  const { members } = await continues(`traceparent: ${PARENT}`, 'tracestate: foo=1,bar=2,foo=3');
  assert.deepEqual(members.filter((member) => member.startsWith('foo=')).length, 1);
  assert.ok(members.includes('bar=2'));
});

test('each call has a span of its own, and none has the caller’s', async () => {
  const made = await ask([`traceparent: ${PARENT}`], 3);
  assert.equal(new Set([SPAN, ...made.map(({ spanId }) => spanId)]).size, 4);
});

test('with tracing switched off the caller’s context is passed on as it is', async (t) => {
  const before = port;
  port = await startService({ OTEL_SDK_DISABLED: 'true' }, (last) => atEnd(t, last));
  atEnd(t, () => (port = before));
  const call = await continues(`traceparent: ${PARENT}`, 'tracestate: foo=1');
  assert.equal(call.spanId, SPAN);
  assert.equal(call.state, 'foo=1');
});

test('spans of the service stand between caller and callee, and arrive', async (t) => {
  const server = await startServer(t);
  const endpoint = `http://127.0.0.1:${server.otlpHttpPort}`;
  const before = port;
  port = await startService(
    { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '20' },
    (last) => atEnd(t, last),
  );
  atEnd(t, () => (port = before));

  const made = await ask([`traceparent: ${PARENT}`, 'tracestate: foo=1'], 3);
  for (const call of made) {
    assert.equal(call.traceId, TRACE);
    assert.equal(call.state, 'foo=1');
    assert.equal(call.flags, '01', 'sampled, and not said to be random where the caller did not say so');
  }
  assert.equal((await continues(`traceparent: 00-${TRACE}-${SPAN}-03`)).flags, '03');
  assert.equal((await continues(`traceparent: 00-${TRACE}-${SPAN}-00`)).flags, '00', 'not sampled stays so');
  assert.equal((await continues(`traceparent: 00-${TRACE}-${SPAN}-ff`)).flags, '03', 'flags that are not known are 0');
  assert.equal((await ask([]))[0].flags, '03', 'a new trace says that its id is random');

  const [trace] = await until(async () => {
    const { data } = await server.json(`/api/traces/${TRACE}`);
    return data?.[0]?.spans.length >= 8 ? data : undefined;
  });
  const servers = trace.spans.filter(({ operationName }) => operationName === 'POST /test');
  assert.equal(servers.length, 3, 'those that were sampled');
  assert.ok(servers.every(({ references }) => references[0].spanID === SPAN));
  const clients = trace.spans.filter(({ operationName }) => operationName === 'POST');
  const parents = new Set(clients.map(({ references }) => references[0].spanID));
  assert.deepEqual(parents, new Set(servers.map(({ spanID }) => spanID)));
  assert.ok(made.every(({ spanId }) => clients.some(({ spanID }) => spanID === spanId)));
});
