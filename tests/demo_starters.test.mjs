// What a learner begins with: the demo services without what stands between their markers. They compile without a
// warning, answer the same JSON, and send no span. The whole way of a learner is in challenge.test.mjs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
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

// Compiles a file to an object, with the warnings of a careful learner as errors.
async function compile(file, object) {
  const includes = ['-I', path.join(REPOSITORY, 'demo'), '-I', path.join(BUILD, 'sdk/include')];
  await run('g++', ['-std=c++17', '-O1', ...WARNINGS, ...includes, '-c', file, '-o', object]);
  return object;
}

test('starters compile without a warning, answer as the services do, and send nothing', { skip: SLOW }, async (t) => {
  const copy = path.join(await temporaryFolder(t), 'copy');
  const programs = await temporaryFolder(t);
  await run(BINARY, ['challenge', 'start', copy]);
  for (const [name, program] of Object.entries(PROGRAMS)) {
    const folder = path.join(copy, 'services', name);
    const sources = (await readdir(folder)).filter((file) => file.endsWith('.cc'));
    const objects = [];
    for (const file of sources) objects.push(await compile(path.join(folder, file), path.join(programs, `${file}.o`)));
    const libraries = ['demo/libdemo_web.a', 'sdk/libspoor_tracing.a'].map((library) => path.join(BUILD, library));
    const system = ['-lsqlite3', '-lssl', '-lcrypto', '-lz', '-pthread'];
    await run('g++', [...objects, ...libraries, ...system, '-o', path.join(programs, program)]);
  }

  const server = await startServer(t);
  const env = { DELAY_SCALE: '0' };
  const solution = await startDemo(t, { env: { ...env, OTEL_SDK_DISABLED: 'true' } });
  const starter = await startDemo(t, { server, folder: programs, env });
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

test('with its own task alone, a service compiles without a warning, too', { skip: SLOW }, async (t) => {
  const folder = await temporaryFolder(t);
  const copy = path.join(folder, 'copy');
  await run(BINARY, ['challenge', 'start', copy]);
  for (const [name, task] of Object.entries(SOURCES)) {
    await run(BINARY, ['challenge', 'solve', String(task), copy]);
    await compile(path.join(copy, 'services', name, 'main.cc'), path.join(folder, 'main.o'));
  }
});
