// A full disk, on a file system that is really full: new spans are refused with an answer that can be retried, what is
// there is served, and all goes on when there is space again.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import grpc from '@grpc/grpc-js';

import { exportOverGrpc } from './harness/grpc.mjs';
import * as otlp from './harness/otlp.mjs';
import { atEnd, startServer, temporaryFolder, until } from './harness/server.mjs';

const MIB = 1 << 20;
const DISK_BYTES = 160 * MIB;

// A mount in a name space of its own needs no privileges where the kernel lets users have them, and is gone with the
// process that holds it.
const MOUNT = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"';
const inOwnMount = (folder) => ['unshare', '-rm', 'bash', '-c', MOUNT, 'bash', String(DISK_BYTES), folder];

function whyNot() {
  const [command, ...words] = [...inOwnMount('/mnt'), 'true'];
  const { status, stderr, error } = spawnSync(command, words, { encoding: 'utf8' });
  return status === 0 ? false : `no mount of its own is possible here: ${error?.message ?? stderr.trim()}`;
}

// A small disk at `folder`: how to see it from here, and what puts a command where it sees it.
async function smallDisk(t, folder) {
  const [command, ...words] = [...inOwnMount(folder), 'sleep', 'infinity'];
  const holder = spawn(command, words, { stdio: 'ignore' });
  atEnd(t, () => holder.kill('SIGKILL'));
  const seen = path.join(`/proc/${holder.pid}/root`, folder);
  await until(
    async () => {
      const { bsize, blocks } = await statfs(seen);
      return bsize * blocks === DISK_BYTES;
    },
    { what: 'the disk is mounted' },
  );
  return { seen, within: ['nsenter', '-t', String(holder.pid), '-U', '-m', '--preserve-credentials'] };
}

test('a full disk refuses what is new, serves what is there, and recovers', { skip: whyNot() }, async (t) => {
  const dataDir = await temporaryFolder(t);
  const { seen, within } = await smallDisk(t, dataDir);
  let server = await startServer(t, { dataDir, within });

  const kept = [];
  const send = async () => {
    const span = otlp.span({ attributes: { pad: otlp.newTraceId().repeat(64) } });
    const answer = await server.export(otlp.requestBytes(otlp.request('kept', [span])));
    return { span, answer };
  };
  for (let i = 0; i < 10; ++i) {
    const { span, answer } = await send();
    assert.equal(answer.status, 200);
    kept.push(span);
    if (i === 4) await server.seal();
  }
  const assertServed = async (about) => {
    for (const { traceId } of kept) assert.equal((await server.get(`/api/traces/${traceId}`)).status, 200, about);
    assert.equal((await server.json('/api/traces?service=kept&limit=1000')).data.length, kept.length, about);
  };

  for (const round of [1, 2]) {
    const filler = path.join(seen, 'filler');
    await writeFile(filler, Buffer.alloc(DISK_BYTES)).catch((error) => assert.equal(error.code, 'ENOSPC'));
    const refused = await until(
      async () => {
        const { span, answer } = await send();
        if (answer.status === 200) kept.push(span);
        return answer.status !== 200 && { span, answer };
      },
      { what: 'the full disk is noticed' },
    );
    assert.equal(refused.answer.status, 503, refused.answer.text);
    assert.ok(Number(refused.answer.headers['retry-after']) >= 1);
    assert.equal((await server.get(`/api/traces/${refused.span.traceId}`)).status, 404, 'refused is not stored');
    const { code, error } = await exportOverGrpc(t, server, otlp.requestBytes(otlp.request('kept', [otlp.span()])));
    assert.equal(code, grpc.status.UNAVAILABLE);
    const [details] = error.metadata.get('grpc-status-details-bin');
    assert.ok(details.includes('google.rpc.RetryInfo'), 'when to come back');
    await assertServed(`full, round ${round}`);
    if (round === 2) {
      // Whoever starts on a full disk serves what it has.
      await server.kill();
      server = await startServer(t, { dataDir, within });
      await assertServed('started on the full disk');
      assert.equal((await send()).answer.status, 503);
    }

    await rm(filler);
    const taken = await until(
      async () => {
        const { span, answer } = await send();
        return answer.status === 200 && span;
      },
      { what: 'spans are taken again' },
    );
    kept.push(taken);
    await assertServed(`space again, round ${round}`);
  }
  assert.equal(server.how, undefined);
  assert.ok(
    server.logLines().some((line) => /space|full/i.test(line)),
    server.stderr,
  );
});
