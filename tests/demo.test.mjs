// The demo services: one request is one trace through all three, and each fault looks in it as it should.
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { test } from 'node:test';

import { startDemo, startService } from './harness/demo_services.mjs';
import { atEnd, freePort, request, SLOW, startServer, temporaryFolder, until } from './harness/server.mjs';

const ERROR = 2;

// The spans of a trace in OTLP's JSON, with what tests ask for at hand.
function spansOf(result) {
  return result.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = valuesOf(resource.attributes)['service.name'];
    return scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        service,
        attributes: valuesOf(span.attributes),
        exceptions: (span.events ?? [])
          .filter(({ name }) => name === 'exception')
          .map(({ attributes }) => valuesOf(attributes)['exception.message']),
        isError: span.status?.code === ERROR,
        ms: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
      })),
    );
  });
}

const valuesOf = (attributes = []) =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.intValue === undefined ? Object.values(value)[0] : +value.intValue]),
  );

// "frontend: GET /api/users" and so on, each below its parent: the trace as a person sees it.
function treeOf(spans) {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const draw = (parent, depth) =>
    spans
      .filter(({ parentSpanId }) => (ids.has(parentSpanId) ? parentSpanId : undefined) === parent)
      .sort((a, b) => (BigInt(a.startTimeUnixNano) < BigInt(b.startTimeUnixNano) ? -1 : 1))
      .flatMap((span) => [`${'  '.repeat(depth)}${span.service}: ${span.name}`, ...draw(span.spanId, depth + 1)]);
  return draw(undefined, 0);
}

const traceIdOf = (line) => /trace_id=([0-9a-f]{32})/.exec(line)?.[1];

// Asks the frontend, and gives its answer and the spans that this made, once there are `count` of them.
async function ask(server, frontend, target, count, { within = 20_000 } = {}) {
  const trace_id = Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('');
  const headers = { traceparent: `00-${trace_id}-00000000000000aa-01` };
  const answer = await frontend.get(target, { headers });
  let spans = [];
  await until(
    async () => {
      spans = spansOf(await server.otlpTrace(trace_id));
      return spans.length >= count;
    },
    { within, what: `${target}: ${count} spans` },
  );
  assert.equal(spans.length, count, treeOf(spans).join('\n'));
  const find = (service, name) => spans.find((span) => span.service === service && span.name === name);
  return { answer, spans, trace_id, find };
}

const USERS = [
  'frontend: GET /api/users',
  '  frontend: GET',
  '    backend: GET /users',
  '      backend: validate_users',
  '      backend: GET',
  '        database-service: GET /db/users',
  '          database-service: get_connection',
  '          database-service: query_users',
  '            database-service: SELECT users',
  '      backend: process_users',
  '  frontend: render_response',
];

test('a request is one trace of three services, within two seconds', async (t) => {
  const server = await startServer(t);
  // As people run it: usual delays, and a usual wait before spans are sent.
  const { frontend, backend, database } = await startDemo(t, {
    server,
    env: { DELAY_SCALE: '1', OTEL_BSP_SCHEDULE_DELAY: '500' },
  });
  const started = Date.now();
  const { answer, spans, find } = await ask(server, frontend, '/api/users', USERS.length);
  const took = Date.now() - started;
  assert.ok(SLOW || took < 3_000, `answer and trace within ${took} ms`);
  assert.deepEqual(treeOf(spans), USERS);

  const { source, data } = answer.json;
  assert.deepEqual([source, data.source, data.count, data.data.length], ['frontend', 'backend', 5, 5]);
  assert.deepEqual(Object.keys(data.data[0]), ['id', 'name', 'email', 'role']);

  const kinds = spans.map(({ name, kind }) => `${name} ${kind}`).sort();
  assert.equal(kinds.filter((kind) => /^GET \/.* 2$/.test(kind)).length, 3, 'server spans');
  assert.equal(kinds.filter((kind) => kind === 'GET 3').length, 2, 'client spans');
  assert.equal(find('database-service', 'SELECT users').kind, 3);
  assert.equal(find('backend', 'process_users').kind, 1);
  assert.ok(spans.every(({ isError }) => !isError));

  const entry = find('frontend', 'GET /api/users').attributes;
  assert.equal(entry['http.request.method'], 'GET');
  assert.equal(entry['http.route'], '/api/users');
  assert.equal(entry['http.response.status_code'], 200);
  assert.equal(entry['url.path'], '/api/users');
  assert.equal(entry['server.port'], frontend.port);
  const call = find('backend', 'GET').attributes;
  assert.equal(call['url.full'], `http://127.0.0.1:${database.port}/db/users`);
  assert.equal(call['server.port'], database.port);
  const query = find('database-service', 'query_users').attributes;
  assert.deepEqual(
    ['db.system.name', 'db.operation.name', 'db.collection.name', 'db.response.returned_rows'].map((key) => query[key]),
    ['sqlite', 'SELECT', 'users', 5],
  );
  const sql = find('database-service', 'SELECT users').attributes;
  assert.equal(sql['db.query.text'], 'SELECT id, name, email, role FROM users');
  assert.equal(sql['db.namespace'], 'shop');
  assert.equal(find('database-service', 'get_connection').attributes['db.client.connection.pool.name'], 'shop');
  assert.equal(find('backend', 'validate_users').attributes['validation.passed'], true);
  assert.equal(find('backend', 'process_users').attributes['items.count'], 5);

  const within = (span, least, most) => assert.ok(span.ms >= least && (SLOW || span.ms < most + 100), `${span.ms} ms`);
  within(find('backend', 'validate_users'), 10, 50);
  within(find('backend', 'process_users'), 50, 150);
  within(find('database-service', 'get_connection'), 10, 50);
  within(find('database-service', 'SELECT users'), 100, 300);
  assert.match(backend.stderr, /^listening on http:\/\/127\.0\.0\.1:\d+\n/);
});

test('every endpoint answers as it is told', async (t) => {
  const server = await startServer(t);
  const { frontend, backend, database } = await startDemo(t, { server });

  const orders = (await frontend.get('/api/orders')).json.data.data;
  assert.deepEqual(Object.keys(orders[0]), ['id', 'user_id', 'total', 'status', 'items']);
  const products = (await backend.get('/products')).json;
  assert.deepEqual([products.source, products.count], ['backend', 5]);
  assert.deepEqual(Object.keys(products.data[0]), ['id', 'name', 'price', 'stock', 'category']);
  const listed = await database.get('/db/orders');
  const { source, table, orders: rows } = listed.json;
  assert.deepEqual([source, table, rows.length], ['database-service', 'orders', 5]);
  assert.equal(listed.headers['content-type'], 'application/json');
  assert.match(listed.text, /"total":169\.4,/, 'numbers are written as people write them');
  assert.equal((await database.get('/db/user/4')).json.user.name, 'Dalia Haddad');
  assert.equal((await frontend.get('/api/users/4')).json.data.data.name, 'Dalia Haddad');

  for (const service of [frontend, backend, database]) {
    const about = (await service.get('/')).json;
    assert.equal(about.service, service.name);
    assert.equal(typeof about.version, 'string');
    assert.ok(about.endpoints.includes('/health'));
    const health = { status: 'healthy', service: service.name };
    if (service === database) health.database = 'connected';
    assert.deepEqual((await service.get('/health')).json, health);
    const unknown = await service.get('/nothing/here');
    assert.equal(unknown.status, 404);
    assert.equal(typeof unknown.json.error, 'string');
  }
});

test('a slow query is the time of the trace', async (t) => {
  const server = await startServer(t);
  const { frontend } = await startDemo(t, { server });
  const { find } = await ask(server, frontend, '/api/products?slow=true', USERS.length);
  const sql = find('database-service', 'SELECT products');
  assert.match(sql.attributes['db.query.text'], /FROM products NOT INDEXED$/);
  assert.ok(sql.ms >= 40, 'eight times as long as usual, here at a twentieth');
});

test('a query that fails is an error on every span on its way up, told where it belongs', async (t) => {
  const server = await startServer(t);
  const { frontend, backend, database } = await startDemo(t, { server });
  const { answer, spans, find, trace_id } = await ask(server, frontend, '/api/orders?fail=true', 9);
  assert.equal(answer.status, 500);
  assert.deepEqual(answer.json, { error: 'the backend answered 500', service: 'frontend' });

  const errors = spans.filter(({ isError }) => isError).map(({ service, name }) => `${service}: ${name}`);
  assert.deepEqual(errors.sort(), [
    'backend: GET',
    'backend: GET /orders',
    'database-service: GET /db/orders',
    'database-service: SELECT orders',
    'database-service: query_orders',
    'frontend: GET',
    'frontend: GET /api/orders',
  ]);
  const query = find('database-service', 'query_orders');
  assert.equal(query.status.message, 'malformed JSON');
  assert.deepEqual(query.exceptions, ['malformed JSON']);
  assert.equal(find('database-service', 'SELECT orders').status.message, 'malformed JSON');
  assert.deepEqual(find('backend', 'GET /orders').exceptions, ['the database service answered 500']);
  assert.deepEqual(find('frontend', 'GET /api/orders').exceptions, ['the backend answered 500']);
  assert.equal(find('frontend', 'GET').attributes['error.type'], '500');

  for (const service of [frontend, backend, database]) {
    const line = service.logLines().find((text) => text.includes('level=error') && traceIdOf(text) === trace_id);
    assert.ok(line, `the log of ${service.name} leads to the trace`);
    assert.ok(spans.some(({ spanId }) => line.includes(`span_id=${spanId}`)));
  }
});

test('a user who is not there is no error of the servers', async (t) => {
  const server = await startServer(t);
  const { frontend } = await startDemo(t, { server });
  const { answer, spans, find } = await ask(server, frontend, '/api/users/404', 9);
  assert.equal(answer.status, 404);
  assert.deepEqual(answer.json, { error: 'User not found' });
  assert.deepEqual(
    spans.filter(({ isError }) => isError).map(({ kind }) => kind),
    [3, 3],
    'the callers did not get what they asked for',
  );
  assert.equal(find('frontend', 'GET /api/users/{id}').attributes['http.response.status_code'], 404);
  assert.equal(find('database-service', 'query_users').attributes['db.response.returned_rows'], 0);
  // What stands in a path stays there.
  for (const id of ['abc', '1%3Ffail=true', '..%2Fusers', '%00', "1'--"]) {
    assert.equal((await frontend.get(`/api/users/${id}`)).status, 404, id);
  }
});

test('orders with a query for each row show it', async (t) => {
  const server = await startServer(t);
  const { frontend } = await startDemo(t, { server });
  const { answer, spans, find } = await ask(server, frontend, '/api/orders?n_plus_one=true', 28);
  assert.deepEqual(answer.json.data.data[0].products, ['Trail boots', 'Head lamp']);
  const load = find('database-service', 'load_order_items');
  const below = spans.filter(({ parentSpanId }) => parentSpanId === load.spanId).map(({ name }) => name);
  assert.equal(below.filter((name) => name === 'SELECT order_items').length, 5);
  assert.equal(below.filter((name) => name === 'SELECT products').length, 11);
});

test('shares of queries fail and are slow as the variables say', async (t) => {
  const env = { FAULT_RATE: '0.5', DELAY_SCALE: '0' };
  const { database } = await startDemo(t, { services: ['database-service'], env });
  let failed = 0;
  for (let i = 0; i < 60; ++i) failed += (await database.get('/db/users')).status === 500;
  assert.ok(failed > 5 && failed < 55, `${failed} of 60`);
});

test('a downstream that is dead is told at once, one that hangs after ten seconds', async (t) => {
  const server = await startServer(t);
  const dead = await startDemo(t, { server, services: ['frontend'] });
  const { answer, spans, find } = await ask(server, dead.frontend, '/api/users', 2);
  assert.equal(answer.status, 500);
  assert.deepEqual(answer.json, { error: 'no answer from the backend: Connection refused', service: 'frontend' });
  assert.ok(spans.every(({ isError }) => isError));
  assert.equal(find('frontend', 'GET').attributes['error.type'], 'connection_error');
  assert.equal(find('frontend', 'GET').status.message, 'Connection refused');

  const silent = net.createServer(() => {});
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => silent.close());
  const env = { BACKEND_URL: `http://127.0.0.1:${silent.address().port}` };
  const hanging = await startDemo(t, { server, services: ['frontend'], env });
  const started = Date.now();
  const late = await ask(server, hanging.frontend, '/api/users', 2);
  assert.ok(Date.now() - started >= 10_000);
  assert.deepEqual(late.answer.json, { error: 'no answer from the backend: timeout', service: 'frontend' });
  assert.equal(late.find('frontend', 'GET').attributes['error.type'], 'timeout');
});

test('a downstream that talks nonsense is told', async (t) => {
  const answers = ['HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n{"x', 'nonsense\r\n\r\n', ''];
  for (const text of answers) {
    const strange = net.createServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(text)));
    await new Promise((resolve) => strange.listen(0, '127.0.0.1', resolve));
    atEnd(t, () => strange.close());
    const env = { BACKEND_URL: `http://127.0.0.1:${strange.address().port}`, OTEL_SDK_DISABLED: 'true' };
    const { frontend } = await startDemo(t, { services: ['frontend'], env });
    const answer = await frontend.get('/api/users');
    assert.equal(answer.status, 500, text);
    assert.equal(answer.json.service, 'frontend');
  }
});

test('a stop ends what is under way and sends its spans, soon', async (t) => {
  const server = await startServer(t);
  const { backend, database } = await startDemo(t, { server, services: ['backend', 'database-service'] });
  let has_called;
  const called = new Promise((resolve) => (has_called = resolve));
  const proxy = http.createServer(async ({ url, headers }, answer) => {
    has_called();
    const { status, text } = await backend.get(url, { headers });
    answer.writeHead(status).end(text);
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => proxy.close());
  const env = { BACKEND_URL: `http://127.0.0.1:${proxy.address().port}`, OTEL_BSP_SCHEDULE_DELAY: '60000' };
  const { frontend } = await startDemo(t, { server, services: ['frontend'], env });

  const asked = frontend.get('/api/users');
  await called;
  const started = Date.now();
  const [stopped, { status }] = await Promise.all([frontend.stop(), asked]);
  assert.deepEqual([stopped, status], [{ code: 0, signal: null }, 200]);
  assert.ok(SLOW || Date.now() - started < 5_000);
  assert.deepEqual(await Promise.all([backend.stop(), database.stop()]), Array(2).fill({ code: 0, signal: null }));
  const line = frontend.logLines().find((text) => text.includes('path=/api/users'));
  assert.deepEqual(treeOf(spansOf(await server.otlpTrace(traceIdOf(line)))), USERS);
});

test('a stop does not wait for a call that hangs', async (t) => {
  const silent = net.createServer(() => {});
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => silent.close());
  const env = { BACKEND_URL: `http://127.0.0.1:${silent.address().port}`, OTEL_SDK_DISABLED: 'true' };
  const { frontend } = await startDemo(t, { services: ['frontend'], env });
  const called = new Promise((resolve) => silent.once('connection', resolve));
  const asked = frontend.get('/api/users').catch((error) => error);
  await called;
  const started = Date.now();
  assert.deepEqual(await frontend.stop(), { code: 0, signal: null });
  assert.ok(SLOW || Date.now() - started < 7_000);
  assert.equal((await asked).json?.error, 'no answer from the backend: Operation canceled');
});

// Sends bytes as they are; all that comes back.
const raw = (port, bytes) =>
  new Promise((resolve) => {
    let text = '';
    const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (text += chunk)).on('error', () => {}).on('close', () => resolve(text));
  });

test('what is no plain GET is answered as HTTP has it', async (t) => {
  const { backend } = await startDemo(t, { services: ['backend'], env: { OTEL_SDK_DISABLED: 'true' } });
  const head = await request(backend.port, 'HEAD', '/health');
  assert.deepEqual([head.status, head.text], [200, '']);
  assert.equal(Number(head.headers['content-length']), (await backend.get('/health')).bytes.length);
  const post = await request(backend.port, 'POST', '/users', { body: 'x' });
  assert.deepEqual([post.status, post.headers.allow], [405, 'GET, HEAD']);
  assert.equal((await request(backend.port, 'POST', '/users', { body: 'x'.repeat(100_000) })).status, 413);
  assert.match(await raw(backend.port, 'nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /);
  assert.match(await raw(backend.port, `GET / HTTP/1.1\r\nA: ${'x'.repeat(100_000)}\r\n\r\n`), /^HTTP\/1\.1 431 |^$/);
  const two = await raw(backend.port, 'GET / HTTP/1.1\r\n\r\nGET /health HTTP/1.1\r\nConnection: close\r\n\r\n');
  assert.equal(two.match(/HTTP\/1\.1 200 OK/g).length, 2, 'two requests at once');
  assert.equal((await backend.get('/health')).status, 200);
});

test('what it is told and cannot use ends a service with a line that says so', async (t) => {
  const folder = await temporaryFolder(t);
  const taken = await freePort();
  const holder = net.createServer();
  await new Promise((resolve) => holder.listen(taken, '127.0.0.1', resolve));
  atEnd(t, () => holder.close());
  const cases = [
    ['frontend', { PORT: 'many' }, 2, /^PORT=many makes no sense: it is a number from 0 to 65535\n$/],
    ['frontend', { PORT: '1.5' }, 2, /^PORT=1\.5 makes no sense/],
    ['frontend', { PORT: String(taken) }, 1, /cannot listen on 127\.0\.0\.1 port \d+: another program uses it/],
    ['frontend', { LISTEN_HOST: 'here' }, 1, /LISTEN_HOST is to be an address of this machine/],
    ['backend', { DATABASE_SERVICE_URL: 'localhost:8082' }, 2, /^DATABASE_SERVICE_URL=localhost:8082 makes no sense/],
    ['database-service', { FAULT_RATE: '2' }, 2, /FAULT_RATE=2 makes no sense: it is a number from 0 to 1\n/],
    ['database-service', { DATABASE_PATH: folder }, 1, /cannot open the database .* \(DATABASE_PATH\): /],
  ];
  for (const [name, env, code, said] of cases) {
    const all = { DATABASE_PATH: `${folder}/shop.db`, OTEL_SDK_DISABLED: 'true', ...env };
    const service = await startService(t, name, { env: all, ready: false });
    assert.deepEqual(await service.exited, { code, signal: null }, JSON.stringify(env));
    assert.match(service.stderr, said);
  }
});
