// Services that know nothing of Spoor: Flask, traced with OpenTelemetry's Python packages, over HTTP and over gRPC.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';

import { atEnd, BINARY, freePort, request, startServer, until } from '../harness/server.mjs';

const PYTHON = process.env.SPOOR_INTEROP_PYTHON;
const SHOP = path.join(import.meta.dirname, 'python/shop.py');

async function startService(t, name, variables) {
  const port = await freePort();
  const environment = {
    ...process.env,
    SERVICE_NAME: name,
    PORT: String(port),
    OTEL_BSP_SCHEDULE_DELAY: '200',
    ...variables,
  };
  const child = spawn(PYTHON, [SHOP], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const exited = new Promise((resolve) => child.once('close', resolve));
  atEnd(t, () => (child.kill('SIGKILL'), exited));
  await until(
    async () => {
      assert.equal(child.exitCode, null, stderr);
      return (await request(port, 'GET', '/health')).status === 200;
    },
    { within: 30_000, what: `${name} answers` },
  );
  return `http://127.0.0.1:${port}`;
}

async function startShop(t, spoor, variables) {
  const database = await startService(t, 'database-service', variables);
  const backend = await startService(t, 'backend', { DATABASE_SERVICE_URL: database, ...variables });
  const frontend = await startService(t, 'frontend', { BACKEND_URL: backend, ...variables });
  return [
    ['--frontend-url', frontend],
    ['--backend-url', backend],
    ['--database-url', database],
    ['--query-url', `http://127.0.0.1:${spoor.queryPort}`],
  ].flat();
}

function check(words) {
  return new Promise((resolve) => {
    const child = spawn(BINARY, ['check', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.once('close', (code) => resolve({ code, stdout }));
  });
}

for (const protocol of ['http/protobuf', 'grpc']) {
  test(`services in Flask have the whole score, by ${protocol}`, async (t) => {
    const spoor = await startServer(t);
    const port = protocol === 'grpc' ? spoor.otlpGrpcPort : spoor.otlpHttpPort;
    const addresses = await startShop(t, spoor, {
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    });
    const { code, stdout } = await check(addresses);
    assert.match(stdout, /Score: 100\/100 points \(100%\)/);
    assert.equal(code, 0);
  });
}

test('Flask services that pass no trace context on break the link, and the check says so', async (t) => {
  const spoor = await startServer(t);
  const addresses = await startShop(t, spoor, {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${spoor.otlpHttpPort}`,
    OTEL_PROPAGATORS: 'baggage', // 'none' makes OpenTelemetry's Flask instrumentation fail
  });
  const { code, stdout } = await check([...addresses, '--json', '--wait', '3s']);
  const { score, tasks } = JSON.parse(stdout);
  assert.equal(code, 1);
  assert.equal(tasks[5].passed, false);
  assert.ok(score < 100);
  assert.match(JSON.stringify(tasks), /propagat/i);
});
