// Starts the real binary on free ports with a folder of its own, and talks to it. All it starts ends with the test.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { Running } from './running.mjs';

export const BINARY = process.env.SPOOR_BINARY ?? path.resolve(import.meta.dirname, '../../build/spoor');
// Sanitizer builds are slower.
export const SLOW = !['release', undefined].includes(process.env.SPOOR_BUILD);
const START_PATIENCE_MS = SLOW ? 120_000 : 60_000;

// The ports that the kernel gives out by itself are left alone: it may give one away again, as the near end of a
// connection, before the server binds it. Browsers refuse 10080; the rest are the servers' own defaults.
const FIRST_PORT = 10_000;
const PORTS = 20_000;
const TAKEN = new Set([10_080, 14_268, 16_685, 16_686]);

const bindable = (port) =>
  new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });

export async function freePort() {
  for (;;) {
    const port = FIRST_PORT + randomInt(PORTS);
    if (TAKEN.has(port)) continue;
    TAKEN.add(port);
    if (await bindable(port)) return port;
  }
}

const endings = new WeakMap();

// Undoes something when the test `t` ends, in the reverse order of doing: servers end before their folders.
export function atEnd(t, undo) {
  if (!endings.has(t)) {
    endings.set(t, []);
    t.after(async () => {
      for (const last of endings.get(t).reverse()) await last();
    });
  }
  endings.get(t).push(undo);
}

// A folder that is removed when the test `t` ends.
export async function temporaryFolder(t) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spoor-test-'));
  atEnd(t, () => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

// Repeats `probe` until it gives something truthy, which is returned.
export async function until(probe, { within = 20_000, what = String(probe) } = {}) {
  const deadline = Date.now() + within;
  let last;
  do {
    try {
      const value = await probe();
      if (value) return value;
    } catch (error) {
      last = error;
    }
    await wait(20);
  } while (Date.now() < deadline);
  throw new Error(`not within ${within} ms: ${what}${last ? ` (${last.message})` : ''}`);
}

// One request; the body as text and, where it is JSON, parsed. Headers as node gives them.
export function request(port, method, target, { headers = {}, body, agent, timeout = 30_000 } = {}) {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path: target, headers, agent: agent ?? false };
    const call = http.request(options, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString('utf8');
        let json;
        try {
          json = JSON.parse(text);
        } catch {
          json = undefined;
        }
        resolve({ status: answer.statusCode, headers: answer.headers, bytes, text, json });
      });
    });
    call.setTimeout(timeout, () => call.destroy(new Error(`${method} ${target}: no answer in ${timeout} ms`)));
    call.on('error', reject);
    if (body !== undefined) call.write(body);
    call.end();
  });
}

class Server extends Running {
  constructor(child, ports, dataDir) {
    super(child);
    this.dataDir = dataDir;
    Object.assign(this, ports);
  }

  // Ready: recovery is finished and every port accepts.
  async ready() {
    await until(
      async () => {
        if (this.how) return true;
        return (await request(this.queryPort, 'GET', '/api/services')).status === 200;
      },
      { within: START_PATIENCE_MS, what: 'the server is ready' },
    );
    if (this.how) throw new Error(`the server ended: ${JSON.stringify(this.how)}\n${this.stderr}`);
    return this;
  }

  get(target, options) {
    return request(this.queryPort, 'GET', target, options);
  }

  async json(target) {
    const answer = await this.get(target);
    if (answer.json === undefined)
      throw new Error(`${target}: ${answer.status} is not JSON: ${answer.text.slice(0, 300)}`);
    return answer.json;
  }

  // Sends OTLP JSON (an object) or protobuf (a Buffer).
  export(body, headers = {}) {
    const binary = Buffer.isBuffer(body);
    return request(this.otlpHttpPort, 'POST', '/v1/traces', {
      headers: { 'content-type': binary ? 'application/x-protobuf' : 'application/json', ...headers },
      body: binary ? body : JSON.stringify(body),
    });
  }

  // Sends a batch of Jaeger's, encoded (harness/jaeger_thrift.mjs).
  sendThrift(body, headers = {}) {
    return request(this.jaegerHttpPort, 'POST', '/api/traces', {
      headers: { 'content-type': 'application/x-thrift', ...headers },
      body,
    });
  }

  async seal() {
    const answer = await request(this.queryPort, 'POST', '/api/spoor/v1/admin/seal');
    if (answer.status !== 200) throw new Error(`seal: ${answer.status} ${answer.text}`);
  }

  // Seals, and makes as few blocks of all as it may.
  async compact() {
    const answer = await request(this.queryPort, 'POST', '/api/spoor/v1/admin/compact');
    if (answer.status !== 200) throw new Error(`compact: ${answer.status} ${answer.text}`);
  }

  // OTLP's own JSON of a trace, as /api/v3 gives it.
  async otlpTrace(traceId) {
    const answer = await this.get(`/api/v3/traces/${traceId}`);
    if (answer.status !== 200) throw new Error(`${traceId}: ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer.json.result;
  }

  // The value of a metric, summed over all labels; 0 where it is not told.
  async metric(name) {
    const { text } = await this.get('/metrics');
    const samples = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
    return samples.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }
}

// Checks what is true of the spans wherever they are: in the live block, in a block file, in one that was opened anew,
// and as they come out of the log of a server that was killed. Gives the server that runs at the end.
export async function inEveryState(t, server, check) {
  const again = () => startServer(t, { dataDir: server.dataDir });
  await check(server, 'live');
  await server.kill();
  server = await again();
  await check(server, 'restarted from the log');
  await server.seal();
  await check(server, 'sealed');
  await server.stop();
  server = await again();
  await check(server, 'restarted from a block');
  return server;
}

// Starts `spoor serve`; with `ready: false`, does not wait for it. An OTLP port that `ports` leaves out is not on the
// command line; Jaeger's is off then. `within`: a command that is put in front of the server's.
export async function startServer(t, { dataDir, flags = [], env = {}, ready = true, ports, within = [] } = {}) {
  dataDir ??= await temporaryFolder(t);
  ports ??= {
    queryPort: await freePort(),
    otlpHttpPort: await freePort(),
    otlpGrpcPort: await freePort(),
    jaegerHttpPort: await freePort(),
  };
  const words = [...within, BINARY, 'serve', '--data-dir', dataDir, '--query-port', ports.queryPort];
  if (ports.otlpHttpPort !== undefined) words.push('--otlp-http-port', ports.otlpHttpPort);
  if (ports.otlpGrpcPort !== undefined) words.push('--otlp-grpc-port', ports.otlpGrpcPort);
  words.push('--jaeger-http-port', ports.jaegerHttpPort ?? 'off');
  const [command, ...rest] = [...words, ...flags].map(String);
  const child = spawn(command, rest, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const server = new Server(child, ports, dataDir);
  atEnd(t, async () => {
    if (!server.how) await server.kill();
  });
  return ready ? server.ready() : server;
}

// Runs the binary to its end.
export async function run(words, { env = {}, timeout = 30_000 } = {}) {
  const child = spawn(BINARY, words, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
  const [code, signal] = await new Promise((resolve) => child.once('close', (...how) => resolve(how)));
  clearTimeout(timer);
  return { code, signal, stdout, stderr };
}
