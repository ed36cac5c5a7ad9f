// `spoor check` and the same through the API: services as they should be score 100, and each thing that is broken by
// itself gets a diagnosis of its own.
import assert from 'node:assert/strict';
import http from 'node:http';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';

import { SERVICES, startDemo } from './harness/demo_services.mjs';
import * as otlp from './harness/otlp.mjs';
import { atEnd, freePort, request, run, SLOW, startServer } from './harness/server.mjs';

const POINTS = [20, 20, 20, 10, 15, 15];
// Time enough for what is there, and not much of it for what is not.
const PATIENT = SLOW ? '60s' : '20s';
const IMPATIENT = SLOW ? '8s' : '2s';
const CLOSED = 'http://127.0.0.1:1';

const addresses = (demo, query) => [
  ...[
    '--frontend-url',
    demo.frontend.url,
    '--backend-url',
    demo.backend.url,
    '--database-url',
    demo.database.url,
  ],
  ...['--query-url', query],
];

async function check(demo, { server, query, wait = PATIENT, words = [], env } = {}) {
  query ??= `http://127.0.0.1:${server.queryPort}`;
  const ended = await run(['check', '--json', '--wait', wait, ...addresses(demo, query), ...words], {
    env,
    timeout: 120_000,
  });
  assert.equal(ended.stderr, '');
  const report = JSON.parse(ended.stdout);
  assert.equal(ended.code, report.passed ? 0 : 1);
  assert.equal(report.passed, report.score === report.maxScore);
  assert.equal(report.percent, Math.floor((report.score * 100) / report.maxScore));
  return report;
}

const failed = (report) => report.tasks.filter((task) => !task.passed).map((task) => task.task);
const whole = (report) =>
  report.tasks.map(({ task, missing, causes }) => `${task}: ${missing} ${causes.join(' ')}`);

// Answers each connection with `answer` (nothing: never), as something that is no service.
async function startStranger(t, answer) {
  const sockets = new Set();
  const stranger = net.createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    if (answer !== undefined) socket.on('data', () => socket.end(answer));
  });
  await new Promise((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => {
    for (const socket of sockets) socket.destroy();
    stranger.close();
  });
  return { url: `http://127.0.0.1:${stranger.address().port}` };
}

// Passes on to a server what `allows` says, below `base`; else answers as a server without that path does.
async function startProxy(t, server, { base = '', allows }) {
  const asked = [];
  const proxy = http.createServer((incoming, outgoing) => {
    asked.push(incoming.url);
    const target = incoming.url.startsWith(base) ? incoming.url.slice(base.length) : '';
    if (!allows(target))
      return outgoing.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
    request(server.queryPort, 'GET', target)
      .then((answer) =>
        outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text),
      )
      .catch(() => outgoing.destroy());
  });
  await new Promise((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${proxy.address().port}${base}`, asked };
}

test('the demo services score 100, on a page that says so', async (t) => {
  const server = await startServer(t);
  const demo = await startDemo(t, { server });
  const ended = await run(
    ['check', '--wait', PATIENT, ...addresses(demo, `http://127.0.0.1:${server.queryPort}`)],
    {
      timeout: 120_000,
    },
  );
  assert.equal(ended.code, 0, ended.stdout);
  assert.equal(ended.stderr, '');
  const lines = ended.stdout.split('\n');
  assert.equal(lines[0], '='.repeat(50));
  assert.deepEqual(
    lines.filter((line) => /^[✅❌]/u.test(line)),
    [
      '✅ Task 1: Frontend tracing configured',
      '✅ Task 2: Backend tracing configured',
      '✅ Task 3: Database service tracing configured',
      '✅ Task 4: All services running',
      '✅ Task 5: Traces appearing in Spoor',
      '✅ Task 6: Traces are properly linked',
    ],
  );
  assert.equal(lines.at(-2), 'Score: 100/100 points (100%)');
  assert.doesNotMatch(ended.stdout, /\x1b/);

  const report = await check(demo, { server });
  assert.deepEqual([report.score, report.maxScore, report.percent, report.passed], [100, 100, 100, true]);
  assert.deepEqual(
    report.tasks.map((task) => task.points),
    POINTS,
  );
  for (const { task, traceID, missing, causes, fix } of report.tasks) {
    assert.deepEqual([missing, causes, fix], ['', [], '']);
    if (task === 4) {
      assert.equal(traceID, '');
    } else {
      assert.match(traceID, /^[0-9a-f]{32}$/);
      assert.equal((await server.get(`/api/traces/${traceID}`)).status, 200, 'the trace can be looked at');
    }
  }
});

// What is broken, where, by which variables; and then: the tasks that fail, and what the first of them says.
const BROKEN = [
  [
    'frontend',
    'no propagation',
    { OTEL_PROPAGATORS: 'none' },
    [1, 5, 6],
    /in traces of their own.*OTEL_PROPAGATORS/,
  ],
  [
    'backend',
    'no propagation',
    { OTEL_PROPAGATORS: 'none' },
    [2, 6],
    /in traces of their own.*OTEL_PROPAGATORS/,
  ],
  ['database-service', 'no propagation', { OTEL_PROPAGATORS: 'none' }, [3, 6], /in traces of their own/],
  [
    'frontend',
    'wrong endpoint',
    { OTEL_EXPORTER_OTLP_ENDPOINT: CLOSED },
    [1, 6],
    /below a span that is not there.*OTEL_EXPORTER_OTLP_ENDPOINT/,
  ],
  [
    'backend',
    'wrong endpoint',
    { OTEL_EXPORTER_OTLP_ENDPOINT: CLOSED },
    [2, 6],
    /below a span that is not there.*OTEL_EXPORTER_OTLP_ENDPOINT/,
  ],
  [
    'database-service',
    'wrong endpoint',
    { OTEL_EXPORTER_OTLP_ENDPOINT: CLOSED },
    [3, 6],
    /nobody behind it can tell.*OTEL_EXPORTER_OTLP_ENDPOINT/,
  ],
  [
    'frontend',
    'wrong name',
    { OTEL_SERVICE_NAME: 'other' },
    [1, 6],
    /service name "other" in place of "frontend"/,
  ],
  [
    'backend',
    'wrong name',
    { OTEL_SERVICE_NAME: 'other' },
    [2, 6],
    /service name "other" in place of "backend"/,
  ],
  [
    'database-service',
    'wrong name',
    { OTEL_SERVICE_NAME: 'other' },
    [3, 6],
    /service name "other" in place of "database-service"/,
  ],
  [
    'frontend',
    'name of the next',
    { OTEL_SERVICE_NAME: 'backend' },
    [1, 6],
    /service name "backend" in place of "frontend"/,
  ],
  [
    'frontend',
    'no sampling',
    { OTEL_TRACES_SAMPLER: 'always_off' },
    [1, 5, 6],
    /nothing is to be recorded.*OTEL_TRACES_SAMPLER/,
  ],
  [
    'backend',
    'no sampling',
    { OTEL_TRACES_SAMPLER: 'always_off' },
    [2, 6],
    /nothing is to be recorded.*OTEL_TRACES_SAMPLER/,
  ],
  [
    'database-service',
    'no sampling',
    { OTEL_TRACES_SAMPLER: 'always_off' },
    [3, 6],
    /nobody behind it can tell.*OTEL_TRACES_SAMPLER/,
  ],
  [
    'frontend',
    'SDK switched off',
    { OTEL_SDK_DISABLED: 'true' },
    [1, 6],
    /directly below the context.*OTEL_SDK_DISABLED/,
  ],
  [
    'backend',
    'SDK switched off',
    { OTEL_SDK_DISABLED: 'true' },
    [2, 6],
    /directly below the context.*OTEL_SDK_DISABLED/,
  ],
  ['database-service', 'SDK switched off', { OTEL_SDK_DISABLED: 'true' }, [3, 6], /nobody behind it can tell/],
];

for (const [name, what, env, tasks, says] of BROKEN) {
  test(`${what} in ${name}: its own diagnosis`, async (t) => {
    const server = await startServer(t);
    const demo = await startDemo(t, { server, envOf: { [name]: env } });
    const report = await check(demo, { server, wait: IMPATIENT });
    assert.deepEqual(failed(report), tasks, whole(report).join('\n'));
    const first = report.tasks[tasks[0] - 1];
    assert.match(`${first.missing} ${first.causes.join(' ')}`, says);
    assert.ok(first.fix.length > 0);
    assert.match(report.tasks[5].fix, new RegExp(`task ${tasks[0]} first`));
    const points = tasks.reduce((sum, task) => sum - POINTS[task - 1], 100);
    assert.equal(report.score, points);
  });
}

// Which tasks still fail for it, when one of them is not there.
const ABSENT = { frontend: [1, 4, 5, 6], backend: [2, 4, 6], 'database-service': [3, 4, 6] };
for (const [name, tasks] of Object.entries(ABSENT)) {
  test(`${name} stopped: named, and nobody waits for what cannot come`, async (t) => {
    const server = await startServer(t);
    const demo = await startDemo(t, { server, services: SERVICES.filter((one) => one !== name) });
    const began = performance.now();
    const report = await check(demo, { server, wait: '60s' });
    assert.ok(performance.now() - began < 50_000);
    assert.deepEqual(failed(report), tasks, whole(report).join('\n'));
    const first = report.tasks[tasks[0] - 1];
    assert.match(first.missing, new RegExp(`^${name} does not answer at .*: connection refused\\.$`));
    assert.match(first.fix, /--\w+-url/);
    assert.match(report.tasks[3].missing, new RegExp(name));
  });
}

test('a backend that hangs: the frontend is not blamed', async (t) => {
  const server = await startServer(t);
  const hanging = await startStranger(t);
  const demo = await startDemo(t, {
    server,
    services: ['frontend', 'database-service'],
    env: { BACKEND_URL: hanging.url },
  });
  demo.backend = hanging;
  const began = performance.now();
  const report = await check(demo, { server, wait: IMPATIENT });
  assert.ok(performance.now() - began < (SLOW ? 60_000 : 15_000));
  assert.deepEqual(failed(report), [2, 4, 5, 6], whole(report).join('\n'));
  assert.match(report.tasks[1].missing, /no answer within 5 s/);
  assert.match(report.tasks[3].causes.join(), /backend hangs/);
});

test('something else on the port of a service', async (t) => {
  const server = await startServer(t);
  const demo = await startDemo(t, { server });
  const telling = async (answer) => {
    const stranger = await startStranger(t, answer);
    const report = await check({ ...demo, backend: stranger }, { server, wait: IMPATIENT });
    assert.deepEqual(failed(report), [2, 4], whole(report).join('\n'));
    return report.tasks[1].missing;
  };
  assert.match(await telling('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n'), /status 404/);
  assert.match(await telling('SSH-2.0-OpenSSH_9.2\r\n'), /not with HTTP/);
});

test('the tracing backend gone, or something else in its place', async (t) => {
  const demo = await startDemo(t, { env: { OTEL_EXPORTER_OTLP_ENDPOINT: CLOSED } });
  const gone = await check(demo, { query: `http://127.0.0.1:${await freePort()}`, wait: '60s' });
  assert.equal(gone.score, 10, whole(gone).join('\n'));
  assert.match(gone.tasks[0].missing, /^The tracing backend at .* does not answer: connection refused\.$/);
  assert.equal(gone.tasks[4].title, 'Traces appearing in the tracing backend');

  const page = '<!doctype html>';
  const html = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${page.length}\r\n\r\n${page}`;
  const other = await check(demo, { query: (await startStranger(t, html)).url, wait: '60s' });
  assert.equal(other.score, 10);
  assert.match(other.tasks[0].missing, /no tracing backend answers with Jaeger's query API/);
});

test('the traffic of others changes no diagnosis', async (t) => {
  for (const [name, env, tasks, says] of [
    ['frontend', { OTEL_TRACES_SAMPLER: 'always_off' }, [1, 5, 6], /nothing is to be recorded/],
    ['backend', { OTEL_PROPAGATORS: 'none' }, [2, 6], /in traces of their own/],
    ['backend', {}, [], undefined],
  ]) {
    const server = await startServer(t);
    const demo = await startDemo(t, { server, envOf: { [name]: env } });
    let isOver = false;
    const others = (async () => {
      // People, and something that watches the health of all.
      while (!isOver) {
        const targets = [demo.frontend.get('/api/users'), demo.frontend.get('/api/orders?fail=true')];
        for (const service of Object.values(demo)) targets.push(service.get('/health'));
        await Promise.all(targets);
      }
    })();
    const report = await check(demo, { server, wait: tasks.length > 0 ? IMPATIENT : PATIENT });
    isOver = true;
    await others;
    assert.deepEqual(failed(report), tasks, whole(report).join('\n'));
    if (says) assert.match(report.tasks[tasks[0] - 1].missing, says);
  }
});

const registering = createRequire(import.meta.url).resolve(
  '@opentelemetry/auto-instrumentations-node/register',
);
function nodeDemo(t, options) {
  const program = [
    process.execPath,
    '--require',
    registering,
    path.join(import.meta.dirname, 'programs/node_service.cjs'),
  ];
  const envOf = Object.fromEntries(
    SERVICES.map((name) => [name, { OTEL_SERVICE_NAME: name, ...options.envOf?.[name] }]),
  );
  return startDemo(t, {
    ...options,
    programs: Object.fromEntries(SERVICES.map((name) => [name, program])),
    envOf,
    env: {
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: 'http',
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      ...options.env,
    },
  });
}

test("services in Node with OpenTelemetry's SDK score 100, and are told apart without it", async (t) => {
  const server = await startServer(t);
  const report = await check(await nodeDemo(t, { server }), { server });
  assert.equal(report.score, 100, whole(report).join('\n'));

  const untraced = { frontend: { OTEL_SDK_DISABLED: 'true' } };
  const without = await check(await nodeDemo(t, { server, envOf: untraced }), { server, wait: IMPATIENT });
  assert.deepEqual(failed(without), [1, 5, 6], whole(without).join('\n'));
  assert.match(without.tasks[0].missing, /passes no context on: backend began traces of its own/);

  const unnamed = { backend: { OTEL_SERVICE_NAME: '' } };
  const anonymous = await check(await nodeDemo(t, { server, envOf: unnamed }), { server, wait: IMPATIENT });
  assert.match(anonymous.tasks[1].missing, /"unknown_service/, whole(anonymous).join('\n'));
  assert.match(anonymous.tasks[1].causes[0], /No name was given/);
});

test('a client that is not traced: the services pass, the link does not', async (t) => {
  const server = await startServer(t);
  const env = { OTEL_NODE_DISABLED_INSTRUMENTATIONS: 'undici' };
  // The backend is reached through something that takes the header off, as an HTTP client without tracing would.
  const demo = await nodeDemo(t, { server, env });
  const bare = http.createServer((incoming, outgoing) => {
    request(demo.backend.port, 'GET', incoming.url)
      .then((answer) => outgoing.writeHead(answer.status).end(answer.text))
      .catch(() => outgoing.destroy());
  });
  await new Promise((resolve) => bare.listen(0, '127.0.0.1', resolve));
  atEnd(t, () => bare.close());
  const around = await nodeDemo(t, {
    server,
    services: ['frontend'],
    env: { BACKEND_URL: `http://127.0.0.1:${bare.address().port}` },
  });
  const report = await check({ ...demo, frontend: around.frontend }, { server, wait: IMPATIENT });
  assert.deepEqual(failed(report), [6], whole(report).join('\n'));
  assert.match(report.tasks[5].missing, /^The trace ends at frontend: backend begins a trace of its own/);
});

test('a frontend that calls another backend than the one that is checked', async (t) => {
  const server = await startServer(t);
  const demo = await startDemo(t, { server });
  const quiet = await startDemo(t, { env: { OTEL_TRACES_EXPORTER: 'none' } });
  const away = await startDemo(t, { server, services: ['frontend'], env: { BACKEND_URL: quiet.backend.url } });
  const report = await check({ ...demo, frontend: away.frontend }, { server, wait: IMPATIENT });
  assert.deepEqual(failed(report), [6], whole(report).join('\n'));
  assert.match(report.tasks[5].causes[0], /calls another backend than the one at .* \(BACKEND_URL\)/);
});

test('spans that are sent by hand satisfy nothing', async (t) => {
  const server = await startServer(t);
  const demo = await startDemo(t, { server, env: { OTEL_TRACES_EXPORTER: 'none' } });
  let isOver = false;
  const forging = (async () => {
    while (!isOver) {
      const traceId = otlp.newTraceId();
      let parentSpanId = '';
      for (const name of SERVICES) {
        const one = otlp.span({ traceId, parentSpanId, startTimeUnixNano: otlp.nowNs() });
        await server.export(otlp.request(name, [one]));
        parentSpanId = one.spanId;
      }
    }
  })();
  const report = await check(demo, { server, wait: IMPATIENT });
  isOver = true;
  await forging;
  assert.deepEqual(failed(report), [1, 2, 3, 5, 6], whole(report).join('\n'));
});

test("any backend with Jaeger's API will do: of version 3 alone, of version 1 alone, below a path", async (t) => {
  const server = await startServer(t);
  const demo = await startDemo(t, { server });
  const v3 = await startProxy(t, server, { allows: (target) => target.startsWith('/api/v3/') });
  const newer = await check(demo, { query: v3.url });
  assert.equal(newer.score, 100, whole(newer).join('\n'));
  assert.equal(newer.tasks[4].title, 'Traces appearing in the tracing backend');
  assert.ok(
    v3.asked.filter((url) => url.startsWith('/api/traces')).length <= 1,
    'version 1 is not asked for again',
  );

  const v1 = await startProxy(t, server, {
    base: '/jaeger',
    allows: (target) => /^\/api\/(traces|services)/.test(target),
  });
  const older = await check(demo, { query: `${v1.url}/` });
  assert.equal(older.score, 100, whole(older).join('\n'));

  const off = await startDemo(t, { server, envOf: { backend: { OTEL_PROPAGATORS: 'none' } } });
  const broken = await check(off, { query: v3.url, wait: IMPATIENT });
  assert.match(broken.tasks[1].missing, /in traces of their own/, 'searching works there, too');
});

test('--task looks at one alone, and its exit code is that of the one', async (t) => {
  const server = await startServer(t);
  const demo = await startDemo(t, { server, envOf: { frontend: { OTEL_TRACES_EXPORTER: 'none' } } });
  const one = await check(demo, { server, wait: IMPATIENT, words: ['--task', '3'] });
  assert.deepEqual([one.score, one.maxScore, one.tasks.length, one.tasks[0].task], [20, 20, 1, 3]);
  const two = await check(demo, { server, wait: IMPATIENT, words: ['--task=1'] });
  assert.deepEqual([two.score, two.maxScore, two.percent], [0, 20, 0]);
  const health = await check(demo, { query: CLOSED, words: ['--task', '4'] });
  assert.equal(health.passed, true, 'health needs no tracing backend');
});

test('what is not understood is told in one line, with exit code 2', async () => {
  for (const [words, says] of [
    [['--task', '7'], /--task: '7' is none of 1 to 6/],
    [['--task', 'x'], /none of 1 to 6/],
    [['--wait', 'soon'], /--wait: /],
    [['--wait', '2h'], /1h is the most/],
    [['--frontend-url', 'localhost:8080'], /--frontend-url: .*http:\/\//],
    [['--query-url', 'https://localhost'], /--query-url: .*https/],
    [['--frontend-ulr', 'x'], /did you mean --frontend-url/],
    [['now'], /'now' is no flag/],
    [['--task'], /spoor check --help/],
  ]) {
    const ended = await run(['check', ...words]);
    assert.equal(ended.code, 2, words.join(' '));
    assert.match(ended.stderr, says);
    assert.match(ended.stderr, /^spoor: [^\n]+\n$/);
    assert.equal(ended.stdout, '');
  }
  const help = await run(['check', '--help']);
  assert.equal(help.code, 0);
  for (const flag of ['--frontend-url', '--query-url', '--task', '--json', '--wait'])
    assert.ok(help.stdout.includes(flag));
});

const challengeFlags = (demo) => [
  ...['--challenge', 'on', '--challenge-frontend-url', demo.frontend.url],
  ...['--challenge-backend-url', demo.backend.url, '--challenge-database-url', demo.database.url],
];
const CHECK = '/api/spoor/v1/challenge/check';

test('a server without --challenge on checks nothing, and says which flag it takes', async (t) => {
  const server = await startServer(t);
  assert.deepEqual(await server.json('/api/spoor/v1/challenge'), { enabled: false });
  const refused = await request(server.queryPort, 'POST', CHECK);
  assert.equal(refused.status, 404);
  assert.equal(refused.json.error.code, 'not_found');
  assert.match(refused.json.error.message, /--challenge on/);
});

test('the API runs the same check, once for all who ask at the same time', async (t) => {
  const otlpHttpPort = await freePort();
  const demo = await startDemo(t, { server: { otlpHttpPort } });
  const server = await startServer(t, {
    ports: { queryPort: await freePort(), otlpHttpPort },
    flags: [...challengeFlags(demo), '--otlp-grpc-port', 'off'],
  });
  assert.deepEqual(await server.json('/api/spoor/v1/challenge'), {
    enabled: true,
    frontendUrl: demo.frontend.url,
    backendUrl: demo.backend.url,
    databaseUrl: demo.database.url,
  });
  const answers = await Promise.all(Array.from({ length: 20 }, () => request(server.queryPort, 'POST', CHECK)));
  const reports = new Set(answers.map((answer) => answer.text));
  for (const answer of answers) assert.equal(answer.status, 200);
  // The first of them may have begun alone.
  assert.ok(reports.size <= 2, `${reports.size} runs`);
  const report = JSON.parse([...reports].at(-1));
  assert.equal(report.score, 100, whole(report).join('\n'));
  assert.equal(report.tasks[4].title, 'Traces appearing in Spoor');

  await demo.database.stop();
  const { json } = await request(server.queryPort, 'POST', CHECK);
  assert.deepEqual(failed(json), [3, 4, 6], whole(json).join('\n'));
  assert.match(json.tasks[2].fix, /--challenge-database-url/);
});

test('a check under way neither slows the server down nor holds up its end', async (t) => {
  const hanging = await startStranger(t);
  const demo = { frontend: hanging, backend: hanging, database: hanging };
  const server = await startServer(t, { flags: challengeFlags(demo) });
  const waiting = Array.from({ length: 30 }, () => request(server.queryPort, 'POST', CHECK).catch(() => ({})));
  const began = performance.now();
  assert.equal((await server.get('/api/services')).status, 200);
  assert.equal((await server.get('/api/traces?service=none')).status, 200);
  const ended = await server.stop();
  assert.deepEqual(ended, { code: 0, signal: null });
  assert.ok(
    performance.now() - began < (SLOW ? 10_000 : 4_000),
    'long before the services would have timed out',
  );
  for (const { status } of await Promise.all(waiting))
    assert.ok([503, undefined].includes(status), String(status));
});
