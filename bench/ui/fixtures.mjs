// Traces of fixed shapes, as OTLP JSON. Every span has eight attributes, and there are twenty services, as in the
// traces that Jaeger's figures were taken with.

const SERVICES = 20;
const OPERATIONS = 97;
const BATCH = 5000;
/** Times are made in microseconds and begin a few minutes ago, so that the trace is within the last hour. */
const AGO_MS = 5 * 60_000;

/** @typedef {{parent: number, start: number, duration: number}} Shape times in us from the start of the trace */

/** A tree as fleets make them: four calls at each span, in turn. @param {number} count @returns {Shape[]} */
function balanced(count) {
  /** @type {Shape[]} */
  const spans = [];
  const open = [{ parent: -1, start: 0, duration: count * 100, count }];
  for (let next = open.shift(), at = 0; next; next = open[at++]) {
    const row = spans.length;
    spans.push({ parent: next.parent, start: next.start, duration: Math.max(1, next.duration) });
    const share = Math.ceil((next.count - 1) / 4);
    for (let kid = 0, left = next.count - 1; left > 0; kid++, left -= share) {
      const slot = next.duration / 4.4;
      open.push({
        parent: row,
        start: Math.round(next.start + slot * (kid + 0.2)),
        duration: Math.round(slot * 0.92),
        count: Math.min(left, share),
      });
    }
  }
  return spans;
}

/** Every span but the first is a child of it, some dozens at a time. @param {number} count @returns {Shape[]} */
function flat(count) {
  const children = Array.from({ length: count - 1 }, (_, i) => ({
    parent: 0,
    start: (i + 1) * 9,
    duration: 25 + ((i * 7919) % 400),
  }));
  return [{ parent: -1, start: 0, duration: count * 10 }, ...children];
}

/** Every span is the only child of the one before. @param {number} count @returns {Shape[]} */
function chain(count) {
  return Array.from({ length: count }, (_, i) => ({ parent: i - 1, start: i * 5, duration: (count - i) * 12 }));
}

/** A name, a shape, the budgets for opening it, and what Jaeger takes; null where it fails. */
const fixture = (name, id, make, readyMs, blockingMs, jaegerMs) => ({ name, id, make, readyMs, blockingMs, jaegerMs });

/** What is measured. */
export const FIXTURES = [
  fixture('10,000 balanced', 'a1', () => balanced(10_000), 500, 50, 2700),
  fixture('10,008 balanced', 'a2', () => balanced(10_008), 500, 50, 2700),
  { ...fixture('100,000 balanced', 'a3', () => balanced(100_000), 1000, 100, 4200), views: true },
  fixture('20,000 children', 'a4', () => flat(20_000), 600, 100, 10_200),
  fixture('chain of 5,000', 'a5', () => chain(5_000), 600, 50, 4100),
  fixture('1,000,000 balanced', 'a6', () => balanced(1_000_000), 2500, 200, null),
];

export const traceId = (/** @type {string} */ id) => id.padStart(32, '0');
const spanId = (/** @type {number} */ row) => (row + 1).toString(16).padStart(16, '0');
const text = (/** @type {string} */ key, /** @type {string} */ stringValue) => ({ key, value: { stringValue } });
const whole = (/** @type {string} */ key, /** @type {number} */ value) => ({ key, value: { intValue: String(value) } });

/** @param {string} id @param {Shape[]} shape @param {number} row @param {bigint} began */
function span(id, shape, row, began) {
  const { parent, start, duration } = shape[row];
  const from = began + BigInt(start) * 1000n;
  return {
    traceId: traceId(id),
    spanId: spanId(row),
    parentSpanId: parent < 0 ? '' : spanId(parent),
    name: `operation ${row % OPERATIONS}`,
    kind: 1 + (row % 5),
    startTimeUnixNano: String(from),
    endTimeUnixNano: String(from + BigInt(duration) * 1000n),
    status: row % 401 === 400 ? { code: 2, message: 'it failed' } : {},
    attributes: [
      text('http.request.method', row % 3 ? 'GET' : 'POST'),
      text('http.route', `/api/things/{id}/${row % 40}`),
      whole('http.response.status_code', row % 401 === 400 ? 500 : 200),
      text('server.address', `host-${row % 60}.prod.example`),
      text('user.id', `user-${(row * 7919) % 10_000}`),
      whole('attempt', row % 3),
      text('thread.name', `worker-${row % 16}`),
      text('needle', row % 1000 === 7 ? 'haystack' : 'hay'),
    ],
  };
}

/** One request. @param {{row: number}[]} spans @param {(each: {row: number}) => object} make */
function request(spans, make) {
  const resourceSpans = Array.from({ length: SERVICES }, (_, service) => ({
    resource: { attributes: [text('service.name', `service-${service}`), text('host.name', `node-${service}`)] },
    scopeSpans: [
      { scope: { name: 'bench' }, spans: spans.filter(({ row }) => row % SERVICES === service).map(make) },
    ],
  }));
  return { resourceSpans };
}

/** A trace in requests of some thousand spans. @param {{id: string, make: () => Shape[]}} fixture */
export function* requests({ id, make }) {
  const shape = make();
  const began = BigInt(Date.now() - AGO_MS) * 1_000_000n;
  for (let begin = 0; begin < shape.length; begin += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, shape.length - begin) }, (_, i) => ({ row: begin + i }));
    yield request(rows, ({ row }) => span(id, shape, row, began));
  }
}

const SMALL = 10;

/** A million spans in traces of ten, spread over three quarters of the last hour: what a list is made of. */
export function* manyTraces(spanCount = 1_000_000) {
  const shape = balanced(SMALL);
  const first = Date.now() - 50 * 60_000;
  const perBatch = BATCH / SMALL;
  const traces = spanCount / SMALL;
  for (let begin = 0; begin < traces; begin += perBatch) {
    const spans = Array.from({ length: BATCH }, (_, i) => ({ row: i % SMALL, trace: begin + Math.floor(i / SMALL) }));
    yield request(spans, ({ row, trace }) => {
      const began = BigInt(Math.floor(first + (trace / traces) * 45 * 60_000)) * 1_000_000n;
      const slow = 1 + ((trace * 7919) % 400) ** 2 / 200;
      const stretched = shape.map((each) => ({
        parent: each.parent,
        start: Math.round(each.start * slow),
        duration: Math.round(each.duration * slow),
      }));
      return span((0xb000000 + trace).toString(16), stretched, row, began);
    });
  }
}
