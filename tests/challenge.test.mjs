// The learner's way through the course, with the real binary: make a copy, build it, solve task after task, go back.
import assert from 'node:assert/strict';
import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';

import { portFlags, processesOf, runProgram, startCopy } from './harness/learners_copy.mjs';
import { atEnd, BINARY, request, SLOW, temporaryFolder, until } from './harness/server.mjs';

const PARTS = ['frontend', 'backend', 'database-service', 'spoor'];
const SOURCES = ['frontend/main.cc', 'backend/main.cc', 'database_service/main.cc'].map((name) => `services/${name}`);

function assertOk({ code, stdout, stderr }) {
  assert.equal(code, 0, `exit status ${code}: ${stdout}${stderr}`);
  assert.equal(stderr, '');
  return stdout;
}

// A failure told in one line, which names what it is about.
function assertRefused({ code, stderr }, ...words) {
  assert.ok(code > 0, `exit status ${code}`);
  assert.equal(stderr.trimEnd().split('\n').length, 1, `one line, not: ${stderr}`);
  for (const word of words) assert.ok(stderr.includes(word), `"${word}" in: ${stderr}`);
}

// The lines of ./challenge up that tell what became of each part: {frontend: "started", …}.
function changesIn(stdout) {
  const lines = stdout.matchAll(/^(frontend|backend|database-service|spoor) +(started anew|started|runs) +http/gm);
  return Object.fromEntries([...lines].map(([, part, change]) => [part, change]));
}

const allParts = (change) => Object.fromEntries(PARTS.map((part) => [part, change]));

// The names of the spans of one request, by service, once there are `count`.
async function spansOf(copy, target, count) {
  const id = [...Array(32)].map(() => '123456789abcdef'[Math.floor(Math.random() * 15)]).join('');
  const headers = { traceparent: `00-${id}-00f067aa0ba902b7-01` };
  assert.equal((await request(copy.ports['frontend-port'], 'GET', target, { headers })).status, 200);
  return until(async () => {
    const { json } = await request(copy.ports['query-port'], 'GET', `/api/traces/${id}`);
    const [trace] = json.data;
    if (trace.spans.length < count) return undefined;
    return trace.spans.map((span) => `${trace.processes[span.processID].serviceName} ${span.operationName}`).sort();
  });
}

test('the way of a learner: from 10 points to 100, and back', { skip: SLOW }, async (t) => {
  const copy = await startCopy(t);
  const steps = [];

  await t.test('a copy has starters, lessons and a script', async () => {
    assertOk(copy.started);
    assert.match(copy.started.stdout, /\.\/challenge up/);
    assert.ok((await stat(path.join(copy.folder, 'challenge'))).mode & 0o111, 'the script can be run');
    assert.match(await copy.text('lessons/06_get_started.md'), /^# /);
    for (const name of SOURCES) {
      const source = await copy.text(name);
      const code = source.replace(/\/\/.*$/gm, '');
      assert.match(source, /^ *\/\/ TODO \d+ \(task [2-5]\): /m);
      assert.doesNotMatch(code, /trac|span/i, `${name} has no tracing`);
      assert.doesNotMatch(source, /^ *\/\/ \[/m, `${name} has no markers`);
    }
    assertRefused(await runProgram(BINARY, ['challenge', 'start', copy.folder]), copy.folder, './challenge up');
  });

  await t.test('up builds it and starts it; without tracing it is worth 10 points', async () => {
    const up = await copy.up();
    assert.deepEqual(changesIn(assertOk(up)), allParts('started'));
    assert.doesNotMatch(up.stdout, /warning/, 'starters compile without warnings');
    const { json } = await request(copy.ports['frontend-port'], 'GET', '/api/users');
    assert.equal(json.data.data.length, 5);
    const checked = await copy.check();
    assert.equal(checked.score, 10);
    assert.deepEqual(checked.tasks.map(({ passed }) => passed), [false, false, false, true, false, false]);
    const asked = await request(copy.ports['query-port'], 'POST', '/api/spoor/v1/challenge/check');
    assert.equal(asked.json.score, 10, 'the Learn page says the same');
  });

  await t.test('up once more changes nothing, and needs no flags', async () => {
    assert.deepEqual(changesIn(assertOk(await copy.run(['up']))), allParts('runs'));
  });

  for (const [task, score] of [[2, 45], [3, 65], [4, 100]]) {
    await t.test(`with task ${task} solved, it is worth ${score} points`, async () => {
      const service = PARTS[task - 2];
      const solved = assertOk(await copy.run(['solve', String(task)]));
      assert.ok(solved.startsWith(`${SOURCES[task - 2]} is solved\n`), solved);
      const up = await copy.run(['up']);
      assert.deepEqual(changesIn(assertOk(up)), { ...allParts('runs'), [service]: 'started anew' });
      assert.doesNotMatch(up.stdout, /warning/);
      assert.equal((await copy.check()).score, score);
      steps.push(task);
    });
  }

  await t.test('with task 5 solved, there are custom spans', async () => {
    assert.equal(steps.length, 3);
    const before = await spansOf(copy, '/api/users', 6);
    assertOk(await copy.run(['solve', '5']));
    assert.deepEqual(changesIn(assertOk(await copy.run(['up']))), { ...allParts('started anew'), spoor: 'runs' });
    assert.equal((await copy.check()).score, 100);
    const after = await spansOf(copy, '/api/users', before.length + 4);
    for (const span of ['backend validate_users', 'backend process_users', 'database-service query_users']) {
      assert.ok(!before.includes(span) && after.includes(span), `${span} in ${after}`);
    }
    assert.match((await copy.run(['status'])).stdout, /^task 5: no steps left$/m);
  });

  await t.test('everything solved is the sources of the demo, with comments for markers', async () => {
    for (const name of SOURCES) {
      const ours = await readFile(path.join(import.meta.dirname, '..', name.replace('services/', 'demo/')), 'utf8');
      const plain = (text) => text.replace(/^ *\/\/ (\[|> |Done).*\n/gm, '');
      assert.equal(plain(await copy.text(name)), plain(ours));
    }
  });

  await t.test('a mistake shows what the compiler says, and changes nothing that runs', async () => {
    const source = path.join(copy.folder, SOURCES[1]);
    const mine = (await copy.text(SOURCES[1])).replace('int main() {', 'int main() {\n  this is no code;\n');
    await writeFile(source, mine);
    const { code, stdout, stderr } = await copy.run(['up']);
    assert.equal(code, 1);
    assert.match(stderr, /^services\/backend\/main\.cc:\d+:\d+: error: /m);
    assert.match(stderr, /build failed.*\.\/challenge up.*\.spoor\/build\.log/);
    assert.doesNotMatch(stdout + stderr, /ninja|FAILED|\[\d+\/\d+\]/);
    assert.equal((await copy.check()).score, 100);

    assert.match(assertOk(await copy.run(['solve', '3'])), /main\.cc is solved; yours is kept as .*main\.cc\.mine$/m);
    assert.equal(await copy.text(`${SOURCES[1]}.mine`), mine);
    await writeFile(source, '// another try\n');
    assert.match(assertOk(await copy.run(['solve', '3'])), /kept as .*main\.cc\.mine\.1$/m);
    assert.equal(await copy.text(`${SOURCES[1]}.mine`), mine);
    assert.equal(await copy.text(`${SOURCES[1]}.mine.1`), '// another try\n');
  });

  await t.test('a service that ends at once shows what it wrote last', async () => {
    const starter = await copy.text(SOURCES[0]);
    const ending = 'return std::fputs("no luck today\\n", stderr) < 0 ? 0 : 3;';
    const mine = starter.replace('int main() {', `int main() {\n  ${ending}\n`);
    await writeFile(path.join(copy.folder, SOURCES[0]), `#include <cstdio>\n${mine}`);
    const { code, stderr } = await copy.run(['up']);
    assert.equal(code, 1);
    assert.match(stderr, /no luck today\n.*frontend ended.*\.spoor\/logs\/frontend\.log/);
    const { stdout } = await copy.run(['status']);
    assert.match(stdout, /^frontend +ended.*frontend\.log:\nno luck today$/m);
    assert.match(stdout, /^backend +runs +http:\/\/127\.0\.0\.1:\d+/m);
  });

  await t.test('reset goes back to 10 points, and keeps what was written', async () => {
    assert.match(assertOk(await copy.run(['reset'])), /frontend\/main\.cc .* yours is kept as .*main\.cc\.mine$/m);
    for (const name of SOURCES) assert.match(await copy.text(name), /TODO 1 \(task/);
    assertOk(await copy.run(['up']));
    assert.equal((await copy.check()).score, 10);
    assert.match((await copy.run(['status'])).stdout, /^task 2: steps left: \d+ in services\/frontend\/main\.cc$/m);
  });

  await t.test('a variable that is set starts the services anew', async () => {
    const up = await copy.run(['up'], { env: { OTEL_TRACES_EXPORTER: 'console' } });
    assert.deepEqual(changesIn(assertOk(up)), { ...allParts('started anew') });
  });

  await t.test('another copy runs beside it, on other ports', async () => {
    const other = await startCopy(t);
    assertOk(await other.up());
    assertOk(await other.run(['solve', 'all']));
    assertOk(await other.run(['up']));
    assert.equal((await other.check()).score, 100);
    assert.equal((await copy.check()).score, 10);
    assertOk(await other.run(['down']));
    assert.deepEqual(await processesOf(other.folder), []);
    assert.equal((await copy.check()).score, 10);
  });

  await t.test('down leaves no process behind', async () => {
    assert.equal((await processesOf(copy.folder)).length, 4);
    assert.match(assertOk(await copy.run(['down'])), /^Stopped frontend, backend, database-service, spoor\.$/m);
    assert.deepEqual(await processesOf(copy.folder), []);
    assert.match((await copy.run(['status'])).stdout, /^frontend +stopped$/m);
    assert.equal(assertOk(await copy.run(['down'])), 'Nothing ran.\n');
  });
});

test('what cannot be done is refused in one line that says what to do', async (t) => {
  const folder = await temporaryFolder(t);
  const challenge = (...words) => runProgram(BINARY, ['challenge', ...words], { cwd: folder });
  assertRefused(await challenge('up'), folder, 'spoor challenge start');
  assertRefused(await challenge('down', 'nowhere'), 'nowhere', 'spoor challenge start');
  assertRefused(await challenge('start'), 'start DIR');
  assertRefused(await challenge('start', 'a', 'b'), "'b'");
  assertRefused(await challenge('strat', 'a'), 'start');
  assertRefused(await challenge('up', '--frontend-port', 'x'), '--frontend-port', 'x');
  assertRefused(await challenge('up', '--frontend-prot=1'), '--frontend-prot');
  assertRefused(await challenge('solve'), 'task');
  await mkdir(path.join(folder, 'full'));
  await writeFile(path.join(folder, 'full/thesis.txt'), 'dear');
  assertRefused(await challenge('start', 'full'), 'full', 'not empty');
  await rm(path.join(folder, 'full/thesis.txt'));
  assert.equal((await challenge('start', 'full/')).code, 0);
  assertRefused(await challenge('start', 'full/challenge'), 'full/challenge');
  assert.equal((await challenge()).code, 0);
  assert.match((await challenge('up', '--help')).stdout, /--database-port/);
});

test('a copy says what is in its way', async (t) => {
  const copy = await startCopy(t);
  assertOk(copy.started);
  assertRefused(await copy.run(['solve', '9']), "'9'", '2, 3, 4, 5', 'all');
  const tools = await temporaryFolder(t);
  const withTools = () => copy.run(['up', ...portFlags(copy.ports)], { env: { PATH: tools } });
  assertRefused(await withTools(), 'cmake', 'apt-get install', 'libboost1.81-dev', 'libsqlite3-dev');
  await symlink('/usr/bin/cmake', path.join(tools, 'cmake'));
  assertRefused(await withTools(), 'compiler', 'apt-get install g++');
  const twice = await copy.run(['up', '--frontend-port=4711', '--backend-port=4711']);
  assertRefused(twice, '--frontend-port', '--backend-port');

  const taker = net.createServer();
  await new Promise((resolve) => taker.listen(copy.ports['backend-port'], '127.0.0.1', resolve));
  atEnd(t, () => taker.close());
  assertRefused(await copy.up(), `${copy.ports['backend-port']}`, '--backend-port', './dev run', 'spoor demo');
  assert.deepEqual(await processesOf(copy.folder), []);

  await rm(path.join(copy.folder, 'services'), { recursive: true });
  assertRefused(await copy.run(['up']), 'spoor challenge start');
});
