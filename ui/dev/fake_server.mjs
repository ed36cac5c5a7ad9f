// A server with made-up answers, for looking at the built pages without Spoor: `npm run build && npm run fake`.
//
//   node dev/fake_server.mjs [--empty] [--fleet 500] [--learner] [--port 16687]
//
// --empty begins without spans; whatever is posted to /v1/traces on the next port is the first. --fleet has so many
// services call one another. --learner has one more check of the Learn page pass every other time that it checks.

import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { encodeColumns } from './encode_columns.mjs';
import { FakeChallenge } from './fake_challenge.mjs';
import { makeHour, overviewOf, searchHour } from './fake_hour.mjs';
import { jaegerJson, otlpJson } from './fake_raw.mjs';
import { mapAnswer, redAnswer, serviceNames } from './fake_red.mjs';
import { hex, spanDetails } from './fake_spans.mjs';
import { statusAnswer } from './fake_status.mjs';
import { pathParts } from './path_parts.mjs';
import {
  COLOURS,
  deepSpans,
  fleetSpans,
  flatSpans,
  instantSpans,
  madeTrace,
  reportTrace,
  shopTrace,
} from './traces.mjs';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const TYPES = /** @type {Record<string, string>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
});
export const SHOP = '4bf92f3577b34da6a3ce929d0e0e4736';
const id = (/** @type {string} */ digits) => digits.padStart(32, '0');
export const TEN = id('10');
export const FLEET_300 = id('300');
export const FLEET_100K = id('100000');
export const FLAT_20K = id('f1a7');
export const DEEP_5K = id('dee9');
export const ROOTLESS = id('bad');
/** These two are in no list. */
export const REPORT = id('4e9047');
export const INSTANT = id('1257a47');
/** Its last 12 spans are missing every other time that it is read: as if they arrived later. */
export const ARRIVING = id('a77');
const LATE = 12;

function makeTraces() {
  const now = BigInt(Date.now()) * 1_000_000n;
  const minute = 60_000_000_000n;
  const rootless = shopTrace(ROOTLESS, now - 3n * minute).spans.slice(0, 9);
  rootless.forEach((span) => (span.flags |= span.parent < 0 ? 16 : 0));
  const traces = [
    madeTrace(TEN, now - minute / 4n, fleetSpans(10)),
    madeTrace(FLEET_300, now - minute, fleetSpans(300)),
    shopTrace(ARRIVING, now - minute / 10n),
    madeTrace(ROOTLESS, now - 3n * minute, rootless, 1),
    shopTrace(SHOP, now - 10n * minute),
    madeTrace(FLAT_20K, now - 12n * minute, flatSpans(20_000)),
    madeTrace(DEEP_5K, now - 14n * minute, deepSpans(5_000)),
    madeTrace(FLEET_100K, now - 80n * minute, fleetSpans(100_000)),
  ];
  return new Map(traces.map((trace) => [trace.traceId, trace]));
}

/** @param {import('./encode_columns.mjs').PlainTrace} trace */
function summary(trace) {
  /** @type {Map<string, {name: string, colour: number, spanCount: number, errorCount: number}>} */
  const services = new Map();
  for (const { service, flags } of trace.spans) {
    const share = services.get(service) ?? {
      name: service,
      colour: COLOURS[service] ?? 1,
      spanCount: 0,
      errorCount: 0,
    };
    share.spanCount++;
    share.errorCount += flags & 1;
    services.set(service, share);
  }
  const end = trace.spans.reduce((last, span) => Math.max(last, span.start + span.duration), 0);
  return {
    traceID: trace.traceId,
    rootService: trace.spans[0]?.service ?? '',
    rootName: trace.spans[0]?.name ?? '',
    rootMissing: trace.flags === 1,
    startTimeUnixNano: String(trace.startNano),
    durationNano: String(BigInt(end) * BigInt(trace.unit)),
    spanCount: trace.spans.length,
    errorCount: trace.spans.filter((span) => span.flags & 1).length,
    services: [...services.values()].sort((a, b) => b.spanCount - a.spanCount),
  };
}

/** As if every operation took 41 ms, now and then three times as long. */
function distribution(/** @type {URLSearchParams} */ parameters) {
  if (parameters.get('service') === 'email') return { count: 0, buckets: [] };
  const middle = parameters.get('operation') === 'POST /checkout' ? 800e6 : 41e6;
  const buckets = Array.from({ length: 56 }, (_, i) => {
    const from = middle * 1.08 ** (i - 17);
    const spans = 4000 * Math.exp(-(((i - 17) / 6.5) ** 2)) + 600 * Math.exp(-(((i - 34) / 5) ** 2)) + 40;
    return [String(Math.round(from)), String(Math.round(from * 1.08)), Math.round(spans)];
  });
  const count = buckets.reduce((sum, bucket) => sum + Number(bucket[2]), 0);
  const at = (/** @type {number} */ factor) => String(Math.round(middle * factor));
  return { count, p50Nano: at(1), p95Nano: at(3), p99Nano: at(6), buckets };
}

/** A trace of the made-up hour, for those who open one: as many spans, as long, of the same root. */
function openHour(/** @type {import('../src/api/types.ts').TraceSummary} */ row) {
  const spans = fleetSpans(row.spanCount);
  const scale = Number(row.durationNano) / 1000 / Math.max(1, spans[0]?.duration ?? 1);
  for (const span of spans) {
    span.start = Math.floor(span.start * scale);
    span.duration = Math.max(1, Math.floor(span.duration * scale));
  }
  Object.assign(spans[0] ?? {}, { service: row.rootService, name: row.rootName });
  return madeTrace(row.traceID, BigInt(row.startTimeUnixNano), spans);
}

/**
 * @param {{empty?: boolean, fleet?: number, damage?: boolean, port?: number, prefix?: string}} options
 * `prefix`: the path that everything is under; `fleet`: so many services instead of the shop's
 */
export async function startFakeServer({
  empty = false,
  fleet = 0,
  damage = false,
  port = 0,
  prefix = '',
} = {}) {
  const traces = makeTraces();
  const challenge = new FakeChallenge(SHOP);
  /** @type {import('../src/api/types.ts').TraceSummary[]} */
  const rows = [...traces.values()].map(summary);
  const now = BigInt(Date.now()) * 1_000_000n;
  traces.set(REPORT, reportTrace(REPORT, now - 60_000_000_000n));
  traces.set(INSTANT, madeTrace(INSTANT, now - 60_000_000_000n, instantSpans()));
  if (!empty) rows.push(...makeHour(BigInt(Date.now()) * 1_000_000n));
  rows.sort((a, b) => (a.startTimeUnixNano < b.startTimeUnixNano ? 1 : -1));
  let stored = empty ? 0 : 1000;
  let readsOfArriving = 0;

  const otlp = createServer((request, response) => {
    request.resume().on('end', () => {
      stored += request.method === 'POST' && request.url === '/v1/traces' ? 1 : 0;
      response
        .writeHead(request.url === '/v1/traces' ? 200 : 404, { 'content-type': 'application/x-protobuf' })
        .end();
    });
  });
  await new Promise((done) => otlp.listen(port && port + 1, '127.0.0.1', () => done(undefined)));
  const address = (/** @type {import('node:http').Server} */ server) =>
    `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;

  /** @param {URL} url @returns {unknown} a promise or not, of an ArrayBuffer, or JSON; undefined where there is none */
  function answer(url) {
    const [, own, rest = ''] = /^\/api\/(spoor\/v1\/)?(.*)$/.exec(url.pathname) ?? [];
    if (rest === 'status') {
      const endpoints = [
        { name: 'otlp-http', url: address(otlp) },
        { name: 'otlp-grpc', url: 'http://127.0.0.1:4317' },
        { name: 'jaeger-http', url: 'http://127.0.0.1:14268' },
        { name: 'query', url: address(server) },
      ];
      return statusAnswer({ stored, endpoints, damage });
    }
    if (rest === 'services' && own) {
      return { services: empty ? [] : serviceNames(fleet) };
    }
    if (/^services\/.*\/operations$/.test(rest))
      return { data: ['POST /checkout', 'GET /', 'SELECT users'], errors: null };
    if (rest === 'challenge') return challenge.offer();
    if (rest === 'challenge/check') return challenge.run();
    if (rest === 'search') return searchHour(visible(url.searchParams), url.searchParams);
    if (rest === 'overview') return overviewOf(visible(url.searchParams), url.searchParams);
    if (rest === 'distribution') return distribution(url.searchParams);
    if (rest === 'red' || rest === 'map') {
      if (url.searchParams.get('service') === 'broken') throw new Error('Rollup 3 is damaged at offset 96.');
      const longAgo = Number(url.searchParams.get('end') ?? Infinity) < 1.6e15;
      if (empty || longAgo) return { ...redAnswer(url.searchParams, 0), groups: [], services: [], calls: [] };
      return rest === 'red' ? redAnswer(url.searchParams, fleet) : mapAnswer(url.searchParams, fleet);
    }
    const [, v3, rawId] = (!own && /^(v3\/)?traces\/(\w+)$/.exec(rest)) || [];
    const raw = traces.get(rawId ?? '');
    if (raw) return v3 ? otlpJson(raw) : jaegerJson(raw);
    const [, traceId, what = '', spanId] = /^traces\/(\w+)(?:\/([\w-]+))?(?:\/(\w+))?$/.exec(rest) ?? [];
    const row = rows.find((each) => each.traceID === traceId);
    const trace = traces.get(traceId ?? '') ?? (row && openHour(row));
    if (!trace) return undefined;
    if (what === '') return summary(trace);
    if (what === 'critical-path') return pathParts(trace);
    if (what === 'columns') return encodeColumns(traceId === ARRIVING ? arrived(trace) : trace);
    if (what === 'spans')
      return spanDetails(
        trace,
        trace.spans.findIndex((span) => hex(span.id) === spanId),
      );
    if (what !== 'find') return undefined;
    const text = (url.searchParams.get('q') ?? '').toLowerCase();
    const found = trace.spans.flatMap(({ service, name }, row) =>
      `${service} ${name}`.toLowerCase().includes(text) ? row : [],
    );
    return { rows: found, spanCount: trace.spans.length };
  }

  /** Every other time without its last spans. @param {import('./encode_columns.mjs').PlainTrace} trace */
  function arrived(trace) {
    const late = readsOfArriving++ % 2 === 0 ? LATE : 0;
    return { ...trace, spans: trace.spans.slice(0, trace.spans.length - late) };
  }

  /** @param {URLSearchParams} parameters */
  function visible(parameters) {
    if (parameters.get('service') === 'broken') throw new Error('Block 14 is damaged at offset 812.');
    if (stored === 0) return [];
    return empty ? rows.slice(0, 1) : rows;
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    if (!url.pathname.startsWith(`${prefix}/`)) return void response.writeHead(404).end();
    url.pathname = url.pathname.slice(prefix.length);
    serve(url, response).catch((error) => response.writeHead(500).end(String(error)));
  });

  /** @param {URL} url @param {import('node:http').ServerResponse} response */
  async function serve(url, response) {
    const json = (/** @type {number} */ status, /** @type {unknown} */ body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname.startsWith('/api/')) {
      try {
        const body = await answer(url);
        if (body === undefined) json(404, { error: { code: 'not_found', message: 'No such trace.' } });
        else if (body instanceof ArrayBuffer) response.writeHead(200).end(new Uint8Array(body));
        else json(200, body);
      } catch (error) {
        json(500, { error: { code: 'internal', message: error instanceof Error ? error.message : '' } });
      }
      return;
    }
    const asset = url.pathname.startsWith('/assets/');
    const path = asset ? normalize(url.pathname) : '/index.html';
    const body = await readFile(join(DIST, path)).catch(() => null);
    if (body === null) return void response.writeHead(404).end();
    response.writeHead(200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
      'cache-control': asset ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
    response.end(asset ? body : String(body).replace('<base href="/"', `<base href="${prefix}/"`));
  }

  await new Promise((done) => server.listen(port, '127.0.0.1', () => done(undefined)));
  return {
    url: address(server),
    otlpUrl: address(otlp),
    challenge,
    close: () => {
      server.close();
      server.closeAllConnections();
      otlp.close();
      otlp.closeAllConnections();
    },
  };
}

/** The learner of --learner. @param {FakeChallenge} challenge */
function letLearn(challenge) {
  const order = [4, 1, 5, 2, 3, 6];
  const run = challenge.run.bind(challenge);
  challenge.takesMs = 800;
  challenge.run = () => {
    challenge.passed = order.slice(0, 1 + Math.floor(challenge.runs / 2));
    return run();
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const number = (/** @type {string} */ flag, /** @type {number} */ otherwise) =>
    process.argv.includes(flag) ? Number(process.argv[process.argv.indexOf(flag) + 1]) : otherwise;
  const server = await startFakeServer({
    empty: process.argv.includes('--empty'),
    damage: process.argv.includes('--damage'),
    fleet: number('--fleet', 0),
    port: number('--port', 16687),
  });
  if (process.argv.includes('--learner')) letLearn(server.challenge);
  console.log(`${server.url}/search  (spans to ${server.otlpUrl})`);
  for (const trace of [SHOP, TEN, FLEET_300, FLEET_100K, FLAT_20K, DEEP_5K, ROOTLESS, ARRIVING])
    console.log(`${server.url}/trace/${trace}`);
}
