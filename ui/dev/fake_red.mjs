// Made-up rates, errors and durations in the shapes of docs/api/spoor.md: a shop with one incident twenty minutes ago,
// or as many services as a test wants. The same question at the same minute has the same answer.

import { COLOURS } from './traces.mjs';

const MINUTE = 60_000;
/** The incident at the payment service: from so many minutes ago to so many. */
const INCIDENT = [22, 9];

/**
 * @typedef {object} Operation
 * @property {string} service
 * @property {number} colour
 * @property {string} operation
 * @property {string} kind
 * @property {'entry' | 'all'} counted
 * @property {number} perMinute
 * @property {number} errorShare
 * @property {number} p50 in ms
 * @property {number} tail p99 over p50
 */
/** @typedef {{parent: string, child: string, share: number}} Call */

/** @type {[string, string, string, number, number, number, number][]} per minute, error share, p50 in ms, tail */
const SHOP_OPERATIONS = [
  ['frontend', 'GET /', 'server', 640, 0.0004, 14, 6],
  ['frontend', 'GET /products/{id}', 'server', 420, 0.001, 38, 5],
  ['frontend', 'POST /checkout', 'server', 96, 0.004, 310, 7],
  ['frontend', 'GET /cart', 'server', 180, 0, 21, 4],
  ['mobile-bff', 'POST /v2/orders', 'server', 38, 0.006, 350, 6],
  ['mobile-bff', 'GET /v2/home', 'server', 210, 0.0008, 44, 5],
  ['checkout', 'CheckoutService/PlaceOrder', 'server', 134, 0.003, 270, 7],
  ['payment', 'PaymentService/Charge', 'server', 130, 0.006, 118, 9],
  ['payment', 'PaymentService/Refund', 'server', 3, 0.01, 190, 4],
  ['payment', 'settlements receive', 'consumer', 12, 0, 830, 3],
  ['inventory', 'InventoryService/Reserve', 'server', 134, 0.0006, 52, 5],
  ['inventory', 'InventoryService/Stock', 'server', 410, 0, 4.2, 9],
  ['currency', 'CurrencyService/Convert', 'server', 880, 0, 0.82, 6],
  ['pricing', 'PricingService/Quote', 'server', 520, 0.0002, 6.1, 8],
  ['cart', 'CartService/Get', 'server', 300, 0, 3.4, 12],
  ['cart', 'CartService/Add', 'server', 71, 0.0003, 5.6, 10],
  ['risk', 'risk.RiskService/Score', 'server', 130, 0.011, 64, 3],
  ['shipping', 'ShippingService/Quote', 'server', 128, 0.002, 97, 4],
  ['email', 'receipts process', 'consumer', 118, 0.0009, 410, 5],
  ['subscriptions', 'renew batch', 'internal', 0.4, 0.02, 41_000, 3],
];

/** @type {[string, string, number][]} the child's calls that come from this parent */
const SHOP_CALLS = [
  ['frontend', 'checkout', 0.72],
  ['mobile-bff', 'checkout', 0.28],
  ['frontend', 'cart', 0.8],
  ['mobile-bff', 'cart', 0.2],
  ['frontend', 'pricing', 0.6],
  ['mobile-bff', 'pricing', 0.15],
  ['cart', 'pricing', 0.25],
  ['pricing', 'currency', 0.9],
  ['checkout', 'currency', 0.1],
  ['checkout', 'payment', 0.94],
  ['subscriptions', 'payment', 0.03],
  ['checkout', 'inventory', 0.25],
  ['frontend', 'inventory', 0.7],
  ['payment', 'risk', 1],
  ['checkout', 'shipping', 1],
  ['checkout', 'email', 0.9],
  ['subscriptions', 'email', 0.02],
  ['risk', 'payment', 0.01],
];

/** @param {number} index */
const fleetName = (index) => `service-${String(index).padStart(3, '0')}`;

/** The shop, or `fleet` services with six times as many calls. @param {number} fleet */
function world(fleet) {
  /** @type {Operation[]} */
  const operations = [];
  /** @type {Call[]} */
  const calls = [];
  if (fleet === 0) {
    for (const [service, operation, kind, perMinute, errorShare, p50, tail] of SHOP_OPERATIONS) {
      const counted = kind === 'internal' ? 'all' : 'entry';
      const colour = COLOURS[service] ?? 1;
      operations.push({ service, colour, operation, kind, counted, perMinute, errorShare, p50, tail });
    }
    for (const [parent, child, share] of SHOP_CALLS) calls.push({ parent, child, share });
  }
  for (let index = 0; index < fleet; index++) {
    operations.push({
      service: fleetName(index),
      colour: index + 1,
      operation: 'GET /',
      kind: 'server',
      counted: 'entry',
      perMinute: 1 + ((index * 7919) % 600),
      errorShare: index % 9 === 0 ? 0.03 : 0,
      p50: 1 + ((index * 31) % 200),
      tail: 5,
    });
    for (let nth = 1; nth <= 6; nth++)
      calls.push({
        parent: fleetName(Math.floor(index / nth)),
        child: fleetName((index * nth + nth) % fleet),
        share: 1 / 6,
      });
  }
  return { operations, calls };
}

/** From 0 to 1, the same for the same arguments. @param {string} text @param {number} number */
function chance(text, number) {
  let hash = 2166136261 ^ number;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** One operation in the step that starts at `at` (ms) and is `step` ms long. @param {Operation} operation */
function point(
  { service, operation, perMinute, errorShare, p50, tail },
  /** @type {number} */ at,
  /** @type {number} */ step,
  /** @type {number} */ now,
) {
  const minutesAgo = (now - at) / MINUTE;
  const hit =
    (service === 'payment' || service === 'checkout') &&
    minutesAgo < (INCIDENT[0] ?? 0) &&
    minutesAgo > (INCIDENT[1] ?? 0);
  const noise = chance(service + operation, Math.floor(at / MINUTE));
  const wave = 1 + 0.25 * Math.sin((at / MINUTE / 1440) * 2 * Math.PI) + 0.2 * (noise - 0.5);
  const elapsed = Math.max(0, Math.min(step, now - at));
  const count = Math.round(((perMinute * elapsed) / MINUTE) * wave * (hit ? 0.8 : 1) + noise - 0.5);
  const share = hit && service === 'payment' ? 0.14 : errorShare;
  const errorCount = Math.min(
    count,
    Math.floor(count * share * (0.6 + noise * 0.8) + (noise < share * count ? 0.6 : 0)),
  );
  const middle = p50 * (hit ? 3.2 : 1) * (0.94 + noise * 0.12) * 1e6;
  return {
    count: Math.max(0, count),
    errorCount: Math.max(0, errorCount),
    p50: middle,
    p95: middle * (1 + (tail - 1) * 0.45),
    p99: middle * tail * (0.9 + noise * 0.2),
  };
}

const text = (/** @type {number} */ nanoseconds) => String(Math.round(nanoseconds));

/** Adds up what several operations have in one step; quantiles are weighed, which is near enough for a made-up one. */
function sum(/** @type {ReturnType<typeof point>[]} */ parts) {
  const total = { count: 0, errorCount: 0, p50: 0, p95: 0, p99: 0 };
  for (const part of parts) {
    total.count += part.count;
    total.errorCount += part.errorCount;
    for (const name of /** @type {const} */ (['p50', 'p95', 'p99'])) total[name] += part[name] * part.count;
  }
  for (const name of /** @type {const} */ (['p50', 'p95', 'p99'])) total[name] /= total.count || 1;
  return total;
}

/** @param {ReturnType<typeof sum>} total */
function numbers({ count, errorCount, p50, p95, p99 }) {
  const quantile = (/** @type {number} */ value) => (count > 0 ? text(value) : null);
  return { count, errorCount, p50Nano: quantile(p50), p95Nano: quantile(p95), p99Nano: quantile(p99) };
}

/** Start and end in ms, in whole minutes. @param {URLSearchParams} parameters */
function minutes(parameters) {
  const end = Number(parameters.get('end') ?? Date.now() * 1000) / 1000;
  const start = Number(parameters.get('start') ?? (end - 60 * MINUTE) * 1000) / 1000;
  return [Math.floor(start / MINUTE) * MINUTE, Math.ceil(end / MINUTE) * MINUTE];
}

/** @param {URLSearchParams} parameters @param {number} fleet */
export function redAnswer(parameters, fleet) {
  const [start = 0, end = 0] = minutes(parameters);
  const step = Number(parameters.get('step') ?? Math.ceil((end - start) / MINUTE / 60) * 60) * 1000;
  const byOperation = parameters.get('groupBy') === 'operation';
  const now = Date.now();
  const kind = parameters.get('kind') ?? 'entry';
  /** @type {Map<string, Operation[]>} */
  const groups = new Map();
  for (const operation of world(fleet).operations) {
    if (parameters.has('service') && parameters.get('service') !== operation.service) continue;
    if (parameters.has('operation') && parameters.get('operation') !== operation.operation) continue;
    if (kind !== 'entry' && kind !== operation.kind) continue;
    const key = byOperation
      ? `${operation.service} ${operation.operation} ${operation.kind}`
      : operation.service;
    groups.set(key, [...(groups.get(key) ?? []), operation]);
  }
  const answered = [...groups.entries()].map(([key, members]) => {
    const steps = [];
    for (let at = start; at < end; at += step)
      steps.push(sum(members.map((member) => point(member, at, step, now))));
    const [{ service, colour, operation, counted } = members[0]] = members;
    const each = steps.map(numbers);
    return {
      key,
      service,
      colour,
      ...(byOperation ? { operation, kind: members[0]?.kind } : {}),
      counted,
      ...numbers(sum(steps)),
      durationSumNano: text(steps.reduce((total, { count, p50 }) => total + count * p50 * 1.3, 0)),
      ...(parameters.get('points') === 'false'
        ? {}
        : {
            points: Object.fromEntries(
              /** @type {const} */ (['count', 'errorCount', 'p50Nano', 'p95Nano', 'p99Nano']).map((name) => [
                name,
                each.map((value) => value[name]),
              ]),
            ),
          }),
    };
  });
  return {
    startTimeUnixNano: text(start * 1e6),
    endTimeUnixNano: text(end * 1e6),
    stepNano: text(step * 1e6),
    groups: answered.filter(({ count }) => count > 0).map(({ key, ...group }) => group),
    complete: true,
  };
}

/** @param {URLSearchParams} parameters @param {number} fleet */
export function mapAnswer(parameters, fleet) {
  const ask = new URLSearchParams(parameters);
  ask.set('points', 'false');
  const { groups, startTimeUnixNano, endTimeUnixNano } = redAnswer(ask, fleet);
  const byName = new Map(groups.map((group) => [group.service, group]));
  const calls = world(fleet).calls.flatMap(({ parent, child, share }) => {
    const callee = byName.get(child);
    const count = Math.round((callee?.count ?? 0) * share);
    if (!callee || count === 0) return [];
    const { p50Nano, p95Nano, p99Nano } = callee;
    return [
      { parent, child, count, errorCount: Math.round(callee.errorCount * share), p50Nano, p95Nano, p99Nano },
    ];
  });
  return {
    startTimeUnixNano,
    endTimeUnixNano,
    services: groups.map(({ service, colour, count, errorCount, p50Nano, p95Nano, p99Nano }) => ({
      name: service,
      colour,
      count,
      errorCount,
      p50Nano,
      p95Nano,
      p99Nano,
    })),
    calls: calls.sort((a, b) => (a.parent + a.child < b.parent + b.child ? -1 : 1)),
    complete: true,
  };
}

/** Every service of the shop or the fleet, and one that sent spans long ago. @param {number} fleet */
export function serviceNames(fleet) {
  const known = new Map([['legacy-billing', 11]]);
  for (const { service, colour } of world(fleet).operations) known.set(service, colour);
  return [...known].map(([name, colour]) => ({ name, colour })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
