// A made-up hour of a shop, some 38,000 traces as a search sees them: two everyday clusters, and an incident that is
// slow and fails. It is made from a seed, and each answer is computed from the traces, so that orders, pages, counts
// and pictures agree.

import { COLOURS } from './traces.mjs';

/** @typedef {import('../src/api/types.ts').TraceSummary} TraceSummary */

const MINUTE = 60_000_000_000n;
const HOUR = 60n * MINUTE;
const PER_COLUMN = 318;
const COLUMNS = 120;
/** Traces of a nightly job, long before the hour. */
export const NIGHTLY = { service: 'checkout', operation: 'settle the day', count: 1204 };

/** Numbers from 0 to 1 that are the same in every run. @returns {() => number} */
export function randomFrom(/** @type {number} */ seed) {
  let state = seed;
  return () => (state = (state * 1664525 + 1013904223) >>> 0) / 4294967296;
}

/** @type {[service: string, name: string, share: number, services: [string, number][]][]} */
const KINDS = [
  [
    'frontend',
    'POST /checkout',
    0.62,
    [
      ['payment', 0.8],
      ['checkout', 0.1],
      ['inventory', 0.06],
      ['frontend', 0.04],
    ],
  ],
  [
    'checkout',
    'retry PlaceOrder',
    0.12,
    [
      ['payment', 0.5],
      ['risk', 0.3],
      ['checkout', 0.2],
    ],
  ],
  [
    'mobile-bff',
    'POST /v2/orders',
    0.1,
    [
      ['payment', 0.72],
      ['checkout', 0.12],
      ['pricing', 0.1],
      ['mobile-bff', 0.06],
    ],
  ],
  [
    'cart',
    'GET /cart',
    0.08,
    [
      ['cart', 0.7],
      ['pricing', 0.3],
    ],
  ],
  [
    'subscriptions',
    'renew batch 0412',
    0.05,
    [
      ['payment', 0.6],
      ['subscriptions', 0.3],
      ['email', 0.1],
    ],
  ],
  ['shipping', 'track parcels', 0.03, [['shipping', 1]]],
];

/** @param {bigint} now ns since 1970 @returns {TraceSummary[]} newest first */
export function makeHour(now) {
  const random = randomFrom(7);
  const gauss = () => Math.sqrt(-2 * Math.log(random() + 1e-9)) * Math.cos(2 * Math.PI * random());
  /** @type {TraceSummary[]} */
  const traces = [];
  const add = (
    /** @type {number} */ kind,
    /** @type {bigint} */ start,
    /** @type {number} */ log10Ms,
    failed = false,
    name = '',
  ) => {
    const [rootService = '', rootName = '', , shares = []] = KINDS[kind] ?? [];
    const duration = BigInt(Math.round(10 ** log10Ms * 1e6));
    const spanCount = Math.max(shares.length, Math.round(4 + 10 ** (log10Ms * 0.6)));
    const errorCount = failed ? 1 + Math.floor(random() * 3) : 0;
    traces.push({
      traceID: (0xfa_0000 + traces.length).toString(16).padStart(32, '0'),
      rootService,
      rootName: name || rootName,
      rootMissing: random() < 0.0003,
      startTimeUnixNano: String(start),
      durationNano: String(duration),
      spanCount,
      errorCount,
      services: shares.map(([service, share], index) => ({
        name: service,
        colour: COLOURS[service] ?? 1,
        spanCount: Math.max(1, Math.floor(share * spanCount)),
        errorCount: index === 0 ? errorCount : 0,
      })),
      criticalPath: pathOf(shares, duration - (traces.length % 9 === 0 ? duration / 10n : 0n)),
    });
  };
  const kindOf = (/** @type {number} */ at) => {
    let sum = 0;
    return Math.max(
      0,
      KINDS.findIndex(([, , share]) => (sum += share) > at),
    );
  };
  for (let column = 0; column < COLUMNS; column++) {
    const load = PER_COLUMN + 45 * Math.sin(column / 17) + 18 * gauss();
    const bad = column >= 78 && column <= 107 ? Math.sin(((column - 76.8) / 31.4) * Math.PI) : 0;
    for (let i = 0; i < load; i++) {
      const slow = random() < 0.07 * bad;
      let log10Ms = slow
        ? 3.4 + 0.15 * gauss()
        : random() < 0.6
          ? 2.26 + 0.17 * gauss()
          : 1.42 + 0.15 * gauss();
      if (!slow && random() < 0.01) log10Ms += 0.4 + 0.3 * random();
      const ago = (Number(HOUR) * (COLUMNS - column - random())) / COLUMNS;
      add(kindOf(random()), now - BigInt(Math.round(ago)), log10Ms, slow ? random() < 0.36 : random() < 0.0011);
    }
  }
  for (let i = 0; i < NIGHTLY.count; i++)
    add(1, now - 3n * HOUR - BigInt(i) * 40n * 1_000_000_000n, 2.8 + 0.2 * gauss(), false, NIGHTLY.operation);
  return traces.sort((a, b) => (a.startTimeUnixNano < b.startTimeUnixNano ? 1 : -1));
}

/** @param {[string, number][]} shares @param {bigint} duration */
function pathOf(shares, duration) {
  const parts = shares.map(([service, share]) => ({
    service,
    colour: COLOURS[service] ?? 1,
    duration: (duration * BigInt(Math.round(share * 1000))) / 1000n,
  }));
  const first = parts[0];
  if (first) first.duration += duration - parts.reduce((sum, part) => sum + part.duration, 0n);
  return parts.map(({ duration: part, ...rest }) => ({ ...rest, durationNano: String(part) }));
}

/** @param {string | null} text a duration as Go writes it @returns {number | null} ns */
function nanoseconds(text) {
  const units = /** @type {Record<string, number>} */ ({ ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 });
  let total = 0;
  for (const [, number, unit = ''] of text?.matchAll(/([\d.]+)(ns|us|ms|s|m|h)/g) ?? [])
    total += Number(number) * (units[unit] ?? 0);
  return text ? Math.round(total) : null;
}

/**
 * Start and duration as numbers that compare quickly: an answer looks at all 38,000.
 *
 * @type {WeakMap<TraceSummary, {start: bigint, duration: number}>}
 */
const measured = new WeakMap();
/** @param {TraceSummary} trace */
function measure(trace) {
  const known = measured.get(trace);
  if (known) return known;
  const made = { start: BigInt(trace.startTimeUnixNano), duration: Number(trace.durationNano) };
  measured.set(trace, made);
  return made;
}

/** @param {TraceSummary[]} traces @param {URLSearchParams} parameters */
function matching(traces, parameters) {
  const given = new Map(parameters);
  const text = (/** @type {string} */ name) => given.get(name) ?? '';
  const bound = (/** @type {string} */ name, /** @type {bigint} */ none) =>
    text(name) ? BigInt(text(name)) : none;
  const forever = 1n << 63n;
  const [from, to] = [bound('start', 0n) * 1000n, bound('end', forever / 1000n) * 1000n];
  const [startMin, startMax] = [bound('traceStartMin', 0n), bound('traceStartMax', forever)];
  const shortest = Math.max(nanoseconds(text('minDuration')) ?? 0, nanoseconds(text('traceDurationMin')) ?? 0);
  const longest = Math.min(
    nanoseconds(text('maxDuration')) ?? Infinity,
    nanoseconds(text('traceDurationMax')) ?? Infinity,
  );
  return traces.filter((trace) => {
    const { start, duration } = measure(trace);
    return (
      start >= from &&
      start <= to &&
      start >= startMin &&
      start <= startMax &&
      duration >= shortest &&
      duration <= longest &&
      (!text('service') || trace.services.some(({ name }) => name === text('service'))) &&
      (!text('operation') || trace.rootName === text('operation')) &&
      (text('traceErrors') !== 'true' || trace.errorCount > 0) &&
      (text('rootMissing') !== 'true' || trace.rootMissing) &&
      (!text('rootService') || trace.rootService === text('rootService')) &&
      !text('tags').includes('"colour"')
    );
  });
}

/** @type {Record<string, (a: TraceSummary, b: TraceSummary) => number>} */
const ORDERS = {
  newest: () => 0,
  longest: (a, b) => measure(b).duration - measure(a).duration,
  shortest: (a, b) => measure(a).duration - measure(b).duration,
  'most-spans': (a, b) => b.spanCount - a.spanCount,
  'most-errors': (a, b) => b.errorCount - a.errorCount,
};

/** @param {TraceSummary[]} traces newest first @param {URLSearchParams} parameters */
export function searchHour(traces, parameters) {
  if (parameters.has('traceID')) {
    const ids = parameters.getAll('traceID');
    return { traces: traces.filter(({ traceID }) => ids.includes(traceID)), complete: true };
  }
  const order = parameters.get('order') ?? 'newest';
  const found = matching(traces, parameters).sort(ORDERS[order] ?? ORDERS.newest);
  const from = Number(parameters.get('after') ?? 0);
  const to = from + Number(parameters.get('limit') ?? 20);
  const page = found.slice(from, to);
  return {
    traces: parameters.get('criticalPath') ? page : page.map(({ criticalPath: _, ...rest }) => rest),
    ...(parameters.get('count') ? { traceCount: found.length } : {}),
    ...(to < found.length ? { next: String(to) } : {}),
    complete: true,
  };
}

/** @param {number[]} values ascending @param {number} q */
const quantile = (values, q) => (values.length > 0 ? String(values[Math.ceil(q * values.length) - 1]) : null);

/** @param {TraceSummary[]} traces @param {URLSearchParams} parameters */
export function overviewOf(traces, parameters, now = BigInt(Date.now()) * 1_000_000n) {
  const found = matching(traces, parameters);
  const number = (/** @type {string} */ name, /** @type {number} */ none) =>
    Number(parameters.get(name) ?? none);
  const [columns, rows] = [number('columns', 120), number('rows', 36)];
  const durations = found.map((trace) => measure(trace).duration).sort((a, b) => a - b);
  const [min = 0, max = 0] = [durations[0], durations.at(-1)];
  const starts = found.map((trace) => measure(trace).start);
  const given = BigInt(parameters.get('start') ?? 0) * 1000n;
  const start = given || starts.reduce((least, at) => (at < least ? at : least), starts[0] ?? now);
  const end = BigInt(parameters.get('end') ?? 0) * 1000n || now;
  const clamp = (/** @type {number} */ at, /** @type {number} */ count) =>
    Math.min(count - 1, Math.max(0, Math.floor(at)));
  /** @type {Map<number, [number, number]>} */
  const cells = new Map();
  /** @type {number[][]} */
  const byColumn = Array.from({ length: columns }, () => []);
  found.forEach((trace, index) => {
    const { duration } = measure(trace);
    const column = clamp((Number((starts[index] ?? 0n) - start) / Number(end - start)) * columns, columns);
    const row = max > min ? clamp((Math.log(duration / min) / Math.log(max / min)) * rows, rows) : 0;
    const cell = cells.get(column * rows + row) ?? [0, 0];
    cells.set(column * rows + row, [cell[0] + 1, cell[1] + (trace.errorCount > 0 ? 1 : 0)]);
    byColumn[column]?.push(duration);
  });
  byColumn.forEach((column) => column.sort((a, b) => a - b));
  const p99 = quantile(durations, 0.99);
  /** @type {Map<string, number>} */
  const roots = new Map();
  for (const { rootService } of found) roots.set(rootService, (roots.get(rootService) ?? 0) + 1);
  const slow = (/** @type {TraceSummary} */ trace) => Number(trace.durationNano) > Number(p99);
  const every = Math.ceil(found.length / Math.max(1, number('points', 0) - found.filter(slow).length));
  return {
    traceCount: found.length,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    durationMinNano: String(min),
    durationMaxNano: String(max),
    columns,
    rows,
    cells: [...cells].map(([at, [count, errors]]) => [Math.floor(at / rows), at % rows, count, errors]),
    columnP50Nano: byColumn.map((column) => quantile(column, 0.5)),
    columnP99Nano: byColumn.map((column) => quantile(column, 0.99)),
    p50Nano: quantile(durations, 0.5),
    p99Nano: p99,
    points:
      number('points', 0) === 0
        ? []
        : found
            .filter((trace, index) => index % every === 0 || slow(trace))
            .slice(0, number('points', 0))
            .map((trace) => [
              trace.startTimeUnixNano,
              trace.durationNano,
              trace.spanCount,
              trace.errorCount,
              trace.traceID,
              trace.rootService,
            ]),
    counts: {
      errors: found.filter(({ errorCount }) => errorCount > 0).length,
      slow: durations.filter((duration) => duration > Number(p99)).length,
      rootMissing: found.filter(({ rootMissing }) => rootMissing).length,
    },
    rootServices: [...roots]
      .sort((a, b) => b[1] - a[1])
      .slice(0, 20)
      .map(([name, traceCount]) => ({ name, colour: COLOURS[name] ?? 1, traceCount })),
    rootServiceCount: roots.size,
    complete: true,
  };
}
