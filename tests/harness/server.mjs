// Starts the real binary on free ports with a folder of its own, and talks to it. Everything it starts ends with the test.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export const BINARY = process.env.SPOOR_BINARY ?? path.resolve(import.meta.dirname, '../../build/spoor');
const START_PATIENCE_MS = 60_000; // sanitizer builds start slowly

export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

// A folder that is removed when the test `t` ends.
export async function temporaryFolder(t) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spoor-test-'));
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
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

class Server {
  constructor(child, ports, dataDir) {
    this.child = child;
    this.dataDir = dataDir;
    Object.assign(this, ports);
    this.stderr = '';
    this.stdout = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    child.stdout.setEncoding('utf8').on('data', (text) => (this.stdout += text));
    this.exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    this.exited.then((how) => (this.how = how));
  }

  get pid() {
    return this.child.pid;
  }

  // Ready: recovery is finished and every port accepts.
  async ready() {
    await until(
      async () => {
        if (this.how) throw new Error(`the server ended: ${JSON.stringify(this.how)}\n${this.stderr}`);
        return (await request(this.queryPort, 'GET', '/api/services')).status === 200;
      },
      { within: START_PATIENCE_MS, what: 'the server is ready' },
    );
    return this;
  }

  get(target, options) {
    return request(this.queryPort, 'GET', target, options);
  }

  async json(target) {
    const answer = await this.get(target);
    if (answer.json === undefined) throw new Error(`${target}: ${answer.status} is not JSON: ${answer.text.slice(0, 300)}`);
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

  async seal() {
    const answer = await request(this.queryPort, 'POST', '/api/spoor/v1/admin/compact');
    if (answer.status !== 200) throw new Error(`compact: ${answer.status} ${answer.text}`);
  }

  signal(name) {
    this.child.kill(name);
    return this.exited;
  }
  stop() {
    return this.signal('SIGTERM');
  }
  kill() {
    return this.signal('SIGKILL');
  }
}

// Starts `spoor serve`; with `ready: false`, does not wait for it. A port that `ports` leaves out is not on the command
// line.
export async function startServer(t, { dataDir, flags = [], env = {}, ready = true, ports } = {}) {
  dataDir ??= await temporaryFolder(t);
  ports ??= { queryPort: await freePort(), otlpHttpPort: await freePort(), otlpGrpcPort: await freePort() };
  const words = ['serve', '--data-dir', dataDir, '--query-port', ports.queryPort];
  if (ports.otlpHttpPort !== undefined) words.push('--otlp-http-port', ports.otlpHttpPort);
  if (ports.otlpGrpcPort !== undefined) words.push('--otlp-grpc-port', ports.otlpGrpcPort);
  words.push(...flags);
  const child = spawn(BINARY, words.map(String), { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const server = new Server(child, ports, dataDir);
  t.after(async () => {
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
