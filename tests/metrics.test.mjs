// Self-metrics in Prometheus' text, health and readiness, and the log.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as otlp from './harness/otlp.mjs';
import { parseMetrics } from './harness/prometheus.mjs';
import { request, run, startServer, temporaryFolder } from './harness/server.mjs';

async function metrics(server) {
  const answer = await server.get('/metrics');
  assert.equal(answer.status, 200);
  assert.match(answer.headers['content-type'], /^text\/plain; ?version=0\.0\.4/);
  return parseMetrics(answer.text);
}

test('/metrics is Prometheus text that follows the conventions', async (t) => {
  const server = await startServer(t);
  await server.export(otlp.request('m', [otlp.span()]));
  await server.get('/api/services');
  await server.get('/nothing/here');
  const families = await metrics(server);
  assert.ok(families.size > 10, `${families.size} families`);
  for (const [name, { help, type, samples }] of families) {
    assert.match(name, /^(spoor|process)_[a-z0-9_]+$/);
    assert.ok(help.length > 10, `${name} says what it is`);
    assert.ok(type && samples.length > 0, name);
    assert.equal(name.endsWith('_total'), type === 'counter', `${name} is a ${type}`);
    assert.ok(!/_(ms|us|ns|kb|mb|mib)(_|$)/.test(name), `${name}: base units`);
    if (type !== 'histogram') continue;
    const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
    assert.ok(
      buckets.some(({ labels }) => labels.includes('le="+Inf"')),
      name,
    );
    for (const [i, bucket] of buckets.entries()) {
      const restarts = i === 0 || buckets[i - 1].labels.includes('le="+Inf"');
      assert.ok(restarts || bucket.value >= buckets[i - 1].value, `${name} is cumulative`);
    }
  }
});

test('counters move with what happens', async (t) => {
  const server = await startServer(t);
  const at = (name) => server.metric(name);
  const body = otlp.request('m', [otlp.span(), otlp.span(), otlp.span()]);
  assert.equal(await at('spoor_store_spans_total'), 0);
  await server.export(body);
  assert.equal(await at('spoor_store_spans_total'), 3);
  await server.export(body);
  assert.equal(await at('spoor_store_spans_total'), 3, 'a retry is not counted');
  assert.equal(await at('spoor_store_retries_total'), 1);
  assert.equal(await at('spoor_store_blocks_sealed_total'), 0);
  await server.seal();
  assert.equal(await at('spoor_store_blocks_sealed_total'), 1);
  assert.equal(await at('spoor_store_damage_total'), 0);

  const answers = async (labels) => {
    const families = await metrics(server);
    const all = [...families.values()].flatMap((family) => family.samples);
    const counted = all.filter((sample) => labels.every((label) => sample.labels.includes(label)));
    return counted.reduce((sum, { value }) => sum + value, 0);
  };
  const refused = await answers(['server="otlp-http"', '400']);
  await request(server.otlpHttpPort, 'POST', '/v1/traces', {
    headers: { 'content-type': 'application/json' },
    body: '[',
  });
  assert.equal(await answers(['server="otlp-http"', '400']), refused + 1);
});

test('/healthz and /ready are for probes, /api/services says the same', async (t) => {
  const server = await startServer(t);
  for (const path of ['/healthz', '/ready', '/api/services']) {
    assert.equal((await server.get(path)).status, 200, path);
    assert.equal((await request(server.queryPort, 'HEAD', path)).status, 200, path);
  }
});

test('the log is logfmt or JSON, one event a line, at the level asked for', async (t) => {
  for (const format of ['logfmt', 'json']) {
    const server = await startServer(t, { flags: ['--log-format', format, '--log-level', 'info'] });
    await server.export(otlp.request('m', [otlp.span()]));
    await server.stop();
    const lines = server.logLines();
    assert.ok(lines.length >= 3, server.stderr);
    for (const line of lines) {
      if (format === 'json') {
        const event = JSON.parse(line);
        assert.ok(event.ts && event.msg && event.level, line);
      } else {
        assert.match(line, /^ts=\S+ level=(debug|info|warn|error) msg=/);
      }
    }
    assert.ok(!lines.some((line) => /level"?[=:]"?debug/.test(line)), 'info is info');
  }
  const quiet = await startServer(t, { flags: ['--log-level', 'error'] });
  await quiet.stop();
  assert.deepEqual(quiet.logLines(), [], 'nothing went wrong');
  const words = ['serve', '--data-dir', await temporaryFolder(t), '--log-level', 'loud'];
  const { code, stderr } = await run(words);
  assert.ok(code > 0);
  assert.match(stderr, /loud/);
});
