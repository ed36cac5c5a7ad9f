// What a learner begins with: the demo services without what stands between their markers. They compile
// without a warning, at every stage of the way, answer the same JSON, and send no span.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';

import { startDemo } from './harness/demo_services.mjs';
import { BINARY, SLOW, startServer, temporaryFolder } from './harness/server.mjs';

const run = promisify(execFile);
const REPOSITORY = path.resolve(import.meta.dirname, '..');
const BUILD = path.dirname(BINARY);
const SOURCES = { frontend: 2, backend: 3, database_service: 4 }; // the task of each
const PROGRAMS = { frontend: 'frontend', backend: 'backend', database_service: 'database-service' };
const WARNINGS = ['-Wall', '-Wextra', '-Wshadow', '-Werror'];

// `source` with the tasks that `solved` names; what the others are about is left out, and becomes something to do.
function render(source, solved) {
  const lines = [];
  let left_out = false;
  for (const line of source.split('\n')) {
    const opening = line.match(/^(\s*)\/\/ \[(\d)\.(\d+)\] (.+)$/);
    const is_closing = /^\s*\/\/ \[\/\]$/.test(line);
    const hint = line.match(/^(\s*\/\/) > (.*)$/);
    if (opening && solved.includes(Number(opening[2]))) continue;
    if (opening) {
      left_out = true;
      const [, indent, task, number, what] = opening;
      lines.push(`${indent}// TODO ${number} (task ${task}): ${what}`); // check-ok(markers): as a learner reads it
    } else if (is_closing) {
      left_out = false;
    } else if (hint) {
      if (left_out) lines.push(`${hint[1]} ${hint[2]}`);
    } else if (!left_out) {
      lines.push(line);
    }
  }
  return lines.join('\n');
}

const sources = {};
before(async () => {
  for (const name of Object.keys(SOURCES)) {
    sources[name] = await readFile(path.join(REPOSITORY, 'demo', name, 'main.cc'), 'utf8');
  }
});

test('markers are whole, and numbered from 1 in the order in which they stand', () => {
  const seen = { 2: 0, 3: 0, 4: 0, 5: 0 };
  for (const [name, source] of Object.entries(sources)) {
    let open = false;
    for (const [index, line] of source.split('\n').entries()) {
      const where = `${name}/main.cc:${index + 1}`;
      const opening = line.match(/^\s*\/\/ \[(\d)\.(\d+)\] [A-Z].*\.$/);
      if (/\/\/ \[\d/.test(line)) {
        assert.ok(opening, `${where} is a marker with a sentence`);
        assert.ok(!open, `${where}: the one before is closed`);
        assert.ok([SOURCES[name], 5].includes(Number(opening[1])), `${where} is of a task of this service`);
        assert.equal(Number(opening[2]), ++seen[opening[1]], where);
        open = true;
      } else if (/\/\/ \[\/\]/.test(line)) {
        assert.ok(open, `${where} closes a marker`);
        open = false;
      } else if (!open) {
        assert.doesNotMatch(line, /spoor|trace::|kTracer|span->/, `${where} is not needed without tracing`);
      }
    }
    assert.ok(!open, `${name}: the last marker is closed`);
  }
});

// Compiles `source` to an object, with the warnings of a careful learner as errors.
async function compile(folder, name, source) {
  const [file, object] = [path.join(folder, `${name}.cc`), path.join(folder, `${name}.o`)];
  await writeFile(file, source);
  const includes = ['-I', path.join(REPOSITORY, 'demo'), '-I', path.join(BUILD, 'sdk/include')];
  await run('g++', ['-std=c++17', '-O1', ...WARNINGS, ...includes, '-c', file, '-o', object]);
  return object;
}

test('every stage of the way compiles without a warning', { skip: SLOW }, async (t) => {
  const folder = await temporaryFolder(t);
  for (const [name, task] of Object.entries(SOURCES)) {
    await compile(folder, name, render(sources[name], [task]));
  }
});

test('the starters answer as the services do, and send nothing', { skip: SLOW }, async (t) => {
  const folder = await temporaryFolder(t);
  const database = path.join(REPOSITORY, 'demo/database_service/database.cc');
  for (const [name, program] of Object.entries(PROGRAMS)) {
    const objects = [await compile(folder, name, render(sources[name], []))];
    if (name === 'database_service') {
      objects.push(await compile(folder, 'database', await readFile(database, 'utf8')));
    }
    const libraries = ['demo/libdemo_web.a', 'sdk/libspoor_tracing.a'].map((library) => path.join(BUILD, library));
    const system = ['-lsqlite3', '-lssl', '-lcrypto', '-lz', '-pthread'];
    await run('g++', [...objects, ...libraries, ...system, '-o', path.join(folder, program)]);
  }

  const server = await startServer(t);
  const env = { DELAY_SCALE: '0' };
  const solution = await startDemo(t, { env: { ...env, OTEL_SDK_DISABLED: 'true' } });
  const starter = await startDemo(t, { server, folder, env });
  const questions = ['/', '/health', '/api/users', '/api/users/2', '/api/users/77', '/api/orders', '/api/products'];
  for (const question of [...questions, '/api/orders?n_plus_one=true', '/api/users?fail=true', '/nothing']) {
    const [expected, answer] = [await solution.frontend.get(question), await starter.frontend.get(question)];
    assert.deepEqual([answer.status, answer.json], [expected.status, expected.json], question);
  }
  for (const service of Object.values(starter)) {
    assert.doesNotMatch(service.stderr, /trace_id|span_id/);
    assert.deepEqual(await service.stop(), { code: 0, signal: null });
  }
  assert.deepEqual((await server.json('/api/services')).data, []);
});
