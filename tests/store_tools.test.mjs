// `spoor store`: what a data folder can be looked into, checked, compacted, exported and imported with.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { BINARY, startServer, temporaryFolder } from './harness/server.mjs';

function spoor(...words) {
  return new Promise((resolve) => {
    execFile(BINARY, ['store', ...words], { maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
  });
}

// A folder with two blocks that share a trace, and a log; and the ids in it.
async function filledFolder(t) {
  const dataDir = await temporaryFolder(t);
  const server = await startServer(t, { dataDir });
  const ids = [];
  const shared = otlp.newTraceId();
  for (let n = 0; n < 3; ++n) {
    const own = otlp.newTraceId();
    const odd = { text: 'é\u0000', nan: NaN, big: 9007199254740993n, list: [1, 'two', []], flag: true };
    const body = otlp.request(n === 2 ? 'late' : 'shop', [
      otlp.span({ traceId: own, name: `own ${n}`, attributes: odd }),
      otlp.span({ traceId: shared, name: `part ${n}` }),
    ]);
    assert.equal((await server.export(body)).status, 200);
    if (n < 2) await server.seal();
    ids.push(own);
  }
  ids.push(shared);
  const traces = await tracesOf(server, ids);
  assert.equal((await server.stop()).code, 0);
  return { dataDir, ids, shared, traces };
}

async function tracesOf(server, ids) {
  const traces = {};
  for (const id of ids) {
    const spans = (await server.otlpTrace(id)).resourceSpans.flatMap((r) =>
      r.scopeSpans.flatMap((s) => s.spans.map((span) => JSON.stringify([r.resource, s.scope, span]))),
    );
    traces[id] = spans.sort();
  }
  return traces;
}

const storeFolder = (dataDir) => path.join(dataDir, 'tenants/default');
async function filesIn(dataDir, folder) {
  const names = await readdir(path.join(storeFolder(dataDir), folder));
  return names.sort().map((name) => path.join(storeFolder(dataDir), folder, name));
}

test('inspect tells of every byte of every file, and shows spans', async (t) => {
  const { dataDir } = await filledFolder(t);
  for (const folder of ['blocks', 'rollups', 'wal']) {
    for (const file of await filesIn(dataDir, folder)) {
      const { code, stdout, stderr } = await spoor('inspect', file);
      assert.equal(code, 0, stderr);
      let next = 0;
      for (const line of stdout.split('\n')) {
        const match = /^([0-9a-f]{8}) +(\d+)  /.exec(line);
        if (!match) continue;
        assert.equal(parseInt(match[1], 16), next, `${file}: ${line}`);
        next += Number(match[2]);
      }
      assert.equal(next, (await stat(file)).size, file);
    }
  }
  const [block] = (await filesIn(dataDir, 'blocks')).filter((file) => file.endsWith('.block'));
  const { stdout } = await spoor('inspect', block, '--rows', '1');
  assert.match(stdout, /^00000000 +16  head: "SPOORBLK"/m);
  assert.match(stdout, /page 0\/span id: 2 numbers, \w+, \d+ to \d+, CRC32C [0-9a-f]{8}$/m);
  const rows = stdout.split('\n').filter((line) => line.startsWith('[{"resource"'));
  assert.equal(rows.length, 1);
  assert.equal(JSON.parse(rows[0])[0].scopeSpans[0].spans.length, 1);
});

test('verify finds nothing wrong, beside a server too, and every flipped byte', async (t) => {
  const { dataDir } = await filledFolder(t);
  const whole = await spoor('verify', dataDir);
  assert.deepEqual([whole.code, whole.stderr], [0, '']);
  assert.match(whole.stdout, /4 spans in blocks and 2 in the log: no damage/);
  const [block] = (await filesIn(dataDir, 'blocks')).filter((file) => file.endsWith('.block'));
  const bytes = await readFile(block);
  for (let at = 3; at < bytes.length; at += 211) {
    const damaged = Buffer.from(bytes);
    damaged[at] ^= 0x20;
    await writeFile(block, damaged);
    const found = await spoor('verify', dataDir);
    assert.equal(found.code, 1, `byte ${at}`);
    assert.match(found.stdout, new RegExp(`^damage: .*${path.basename(block)}.* at \\d+`, 'm'), `byte ${at}`);
    assert.match(found.stderr, /^spoor: .* is damaged\n$/);
  }
  await writeFile(block, bytes);
  const server = await startServer(t, { dataDir });
  const beside = await spoor('verify', dataDir);
  assert.equal(beside.code, 0, beside.stdout + beside.stderr);
  assert.match(beside.stderr, /a server uses/);
  for (const words of [['compact', dataDir], ['export', dataDir], ['import', block, '--data-dir', dataDir]]) {
    const refused = await spoor(...words);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^spoor: a server uses .*\n$/);
  }
  assert.equal((await server.get('/api/services')).status, 200);
});

test('compact makes one block, and every trace stays as it is', async (t) => {
  const { dataDir, ids, traces } = await filledFolder(t);
  const done = await spoor('compact', dataDir);
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /^2 blocks with \d+ bytes are 1 blocks with \d+ bytes now, of 6 spans\n$/);
  assert.equal((await filesIn(dataDir, 'blocks')).filter((file) => file.endsWith('.block')).length, 1);
  assert.equal((await spoor('verify', dataDir)).code, 0);
  const server = await startServer(t, { dataDir });
  assert.deepEqual(await tracesOf(server, ids), traces);
});

test('what is exported can be imported: into a folder, into a running server, and twice', async (t) => {
  const { dataDir, ids, shared, traces } = await filledFolder(t);
  const file = path.join(await temporaryFolder(t), 'spans.jsonl');
  const out = await spoor('export', dataDir, '--output', file);
  assert.equal(out.code, 0, out.stderr);
  assert.match(out.stderr, /6 spans in \d+ lines/);
  for (const line of (await readFile(file, 'utf8')).trim().split('\n')) {
    assert.ok(JSON.parse(line).resourceSpans.length > 0);
  }

  const copy = await temporaryFolder(t);
  for (let time = 0; time < 2; ++time) {
    const taken = await spoor('import', file, '--data-dir', copy);
    assert.equal(taken.code, 0, taken.stderr);
  }
  let server = await startServer(t, { dataDir: copy });
  assert.deepEqual(await tracesOf(server, ids), traces);
  await server.stop();

  server = await startServer(t);
  for (let time = 0; time < 2; ++time) {
    const sent = await spoor('import', file, '--otlp-url', `http://127.0.0.1:${server.otlpHttpPort}`);
    assert.equal(sent.code, 0, sent.stderr);
  }
  assert.deepEqual(await tracesOf(server, ids), traces);

  const some = await spoor('export', dataDir, '--service', 'late');
  const found = new Set([...some.stdout.matchAll(/"traceId":"([0-9a-f]{32})"/g)].map((match) => match[1]));
  assert.deepEqual(found, new Set([ids[2], shared]), 'whole traces in which the service has a span');
  assert.equal((await spoor('export', dataDir, '--to', '2001-01-01T00:00:00Z')).stdout, '');
});

test('a line that cannot be understood is told in one line', async (t) => {
  const folder = await temporaryFolder(t);
  for (const [words, code, text] of [
    [['verfy', folder], 2, /verify/],
    [['verify'], 2, /takes one folder/],
    [['verify', folder, '--nonsense'], 2, /unknown flag --nonsense/],
    [['verify', path.join(folder, 'missing')], 1, /holds no store/],
    [['export', folder], 1, /holds no store/],
    [['export', folder, '--from', 'yesterday'], 1, /--from: 'yesterday' is no time/],
    [['inspect', folder], 1, /is a folder/],
    [['inspect', path.join(folder, 'missing')], 1, /missing/],
    [['import', path.join(folder, 'missing'), '--data-dir', folder], 1, /cannot read/],
    [['import', '-'], 1, /say where to/],
    [['import', '-', '--otlp-url', 'ftp://x'], 1, /http:\/\//],
  ]) {
    const told = await spoor(...words);
    assert.equal(told.code, code, `${words}: ${told.stderr}`);
    assert.match(told.stderr, text);
    assert.match(told.stderr, /^spoor: [^\n]*\n$/, `${words}`);
  }
  const help = await spoor('--help');
  assert.equal(help.code, 0);
  for (const action of ['inspect', 'verify', 'compact', 'export', 'import']) {
    assert.match(help.stdout, new RegExp(action));
  }
});
