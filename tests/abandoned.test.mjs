// Questions whose client goes away: they end at once, and leave the server to those who still wait.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import net from 'node:net';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { parseMetrics } from './harness/prometheus.mjs';
import { startServer, until } from './harness/server.mjs';

const BODIES = 20;
const SPANS = 2_000; // of a body
const QUESTIONS = 200;

// Spans of a trace each, so that an overview has as many rows to look at.
async function fill(server) {
  for (let i = 0; i < BODIES; ++i) {
    const spans = Array.from({ length: SPANS }, (_, at) => otlp.span({ attributes: { number: i * SPANS + at } }));
    const answer = await server.export(otlp.request('crowd', spans));
    assert.equal(answer.status, 200);
  }
}

// A client that asks, and never reads.
function ask(port, target) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\n\r\n`, () => resolve(socket));
    });
    socket.on('error', reject);
  });
}

async function counter(server, name) {
  const families = parseMetrics((await server.get('/metrics')).text);
  return families.get(name).samples.reduce((sum, sample) => sum + sample.value, 0);
}

async function cpuSeconds(server) {
  const stat = await readFile(`/proc/${server.pid}/stat`, 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

for (const how of ['destroy', 'resetAndDestroy']) {
  test(`questions end when their clients ${how === 'destroy' ? 'close' : 'reset'} the connection`, async (t) => {
    const server = await startServer(t);
    await fill(server);
    // Of no use to anybody, and a different one each time.
    const target = (i) => `/api/spoor/v1/overview?start=0&points=10000&tag=number:${i}`;
    const sockets = await Promise.all(Array.from({ length: QUESTIONS }, (_, i) => ask(server.queryPort, target(i))));
    for (const socket of sockets) socket[how]();
    await until(async () => (await counter(server, 'spoor_questions_abandoned_total')) > QUESTIONS / 2, {
      what: 'questions are abandoned',
    });
    const answer = await server.get('/api/services');
    assert.deepEqual([answer.status, answer.json.data], [200, ['crowd']]);
    // Nothing goes on for those who are gone.
    await until(
      async () => {
        const before = await cpuSeconds(server);
        await new Promise((resolve) => setTimeout(resolve, 500));
        return (await cpuSeconds(server)) - before < 0.1;
      },
      { what: 'the server is idle' },
    );
    const found = await server.get('/api/spoor/v1/search?tag=number:7&start=0');
    assert.equal(found.json.traces.length, 1);
  });
}
