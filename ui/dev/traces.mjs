// Made-up traces for looking at pages: a shop's checkout, and shapes that are hard on a viewer.

/** @typedef {import('./encode_columns.mjs').PlainSpan} PlainSpan */
/** @typedef {import('./encode_columns.mjs').PlainTrace} PlainTrace */
/**
 * @typedef {object} Node
 * @property {string} service
 * @property {string} name
 * @property {number} kind
 * @property {number} start
 * @property {number} end
 * @property {Node[]} kids
 * @property {number} flags
 * @property {number[]} events
 */

const [INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER] = [1, 2, 3, 4, 5];
export const ERROR = 1;

export const COLOURS = /** @type {Record<string, number>} */ ({
  frontend: 1,
  checkout: 2,
  payment: 3,
  inventory: 4,
  currency: 5,
  pricing: 6,
  cart: 7,
  'mobile-bff': 8,
  risk: 9,
  shipping: 10,
  subscriptions: 12,
  email: 13,
});

/** Times in ms. @returns {Node} */
function span(
  /** @type {string} */ service,
  /** @type {string} */ name,
  /** @type {number} */ kind,
  /** @type {number} */ start,
  /** @type {number} */ end,
  /** @type {Node[]} */ kids = [],
  /** @type {{flags?: number, events?: number[]}} */ { flags = 0, events = [] } = {},
) {
  return { service, name, kind, start, end, kids, flags: flags | (events.length ? 2 : 0), events };
}

/** A call over the network: the client's span around the server's. @returns {Node} */
function call(
  /** @type {string} */ from,
  /** @type {string} */ to,
  /** @type {string} */ name,
  /** @type {[number, number, number, number]} */ [start, begin, done, end],
  /** @type {Node[]} */ kids = [],
  /** @type {{flags?: number, events?: number[]}} */ more = {},
) {
  const server = span(to, name, SERVER, begin, done, kids, { flags: more.flags ?? 0 });
  return span(from, name, CLIENT, start, end, [server], more);
}

/** @param {Node} root @param {bigint} startNano @param {string} traceId @returns {PlainTrace} */
function flatten(root, startNano, traceId) {
  /** @type {PlainSpan[]} */
  const spans = [];
  /** @type {[Node, number][]} */
  const open = [[root, -1]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, parent] = next;
    const row = spans.length;
    spans.push({
      id: spanId(row),
      parent,
      start: Math.round(node.start * 1000),
      duration: Math.round((node.end - node.start) * 1000),
      name: node.name,
      service: node.service,
      kind: node.kind,
      flags: node.flags,
      events: node.events.map((at) => Math.round(at * 1000)),
    });
    for (const kid of [...node.kids].sort((a, b) => b.start - a.start)) open.push([kid, row]);
  }
  return { traceId, startNano, unit: 1000, flags: 0, spans, colours: COLOURS };
}

/** @param {number} row */
const spanId = (row) => 0xa000_0000_0000_0001n + BigInt(row) * 0x9e37_79b9n;

/** The checkout of the drawn page: 264 spans, a loop of 214 queries, a timeout and a retry. @returns {PlainTrace} */
export function shopTrace(/** @type {string} */ traceId, /** @type {bigint} */ startNano) {
  /** @type {Node[]} */
  const ledger = [];
  let at = 519.2;
  for (let i = 0; i < 214; i++) {
    const duration = 7.3 + ((i * 37) % 17) / 10 + (i % 53 === 20 ? 6.2 : 0);
    ledger.push(span('payment', 'SELECT ledger_entries', CLIENT, at, at + duration));
    at += duration + 0.07;
  }
  const l = at - 0.07;
  const sql = (
    /** @type {string} */ service,
    /** @type {string} */ name,
    /** @type {number} */ from,
    /** @type {number} */ to,
  ) => span(service, name, CLIENT, from, to);
  const score = (/** @type {number} */ from, /** @type {number} */ length, /** @type {boolean} */ failed) =>
    call(
      'payment',
      'risk',
      'risk.RiskService/Score',
      [from, from + 5, from + length - (failed ? 2 : 10), from + length],
      [sql('risk', 'SELECT features', from + 9, from + length - 15)],
      failed ? { flags: ERROR, events: [from + 1, from + length] } : {},
    );
  const charge = call(
    'checkout',
    'payment',
    'payment.PaymentService/Charge',
    [408, 506, 2871, 2974],
    [
      sql('payment', 'SELECT customers', 509, 516.5),
      span('payment', 'LedgerRepository.history', INTERNAL, 518, l + 6, ledger),
      score(l + 14, 122, true),
      score(l + 187, 75, false),
      span('payment', 'POST api.acquirer.example/v1/charges', CLIENT, l + 268, l + 549),
      sql('payment', 'INSERT ledger_entries', l + 553, l + 577),
      span('payment', 'publish payment.captured', PRODUCER, l + 580, l + 586, [
        span('email', 'process payment.captured', CONSUMER, l + 620, l + 702, [
          span('email', 'render receipt', INTERNAL, l + 624, l + 661),
          span('email', 'send smtp', CLIENT, l + 663, l + 699),
        ]),
      ]),
    ],
  );
  const quote = call(
    'checkout',
    'pricing',
    'pricing.PricingService/Quote',
    [86, 91, 206.5, 212],
    [
      call(
        'pricing',
        'currency',
        'currency.CurrencyService/Convert',
        [95, 99.5, 126.3, 131],
        [sql('currency', 'GET rates:eur', 102, 105.1)],
      ),
      sql('pricing', 'SELECT price_rules', 134, 169),
      span('pricing', 'apply promotions', INTERNAL, 170, 204),
    ],
  );
  const order = call(
    'frontend',
    'checkout',
    'checkout.CheckoutService/PlaceOrder',
    [75, 80.5, 3093, 3099],
    [
      quote,
      call(
        'checkout',
        'shipping',
        'shipping.ShippingService/Quote',
        [216, 222, 324, 331],
        [span('shipping', 'GET rates.parcel.example/v2/rates', CLIENT, 228, 317)],
      ),
      call(
        'checkout',
        'inventory',
        'inventory.InventoryService/Reserve',
        [217, 223, 396, 402],
        [
          sql('inventory', 'SELECT stock FOR UPDATE', 227, 301),
          sql('inventory', 'UPDATE stock', 303, 361),
          sql('inventory', 'COMMIT', 363, 391),
        ],
      ),
      charge,
      sql('checkout', 'INSERT orders', 2978, 3016),
      span('checkout', 'publish order.placed', PRODUCER, 3019, 3025, [
        span('inventory', 'process order.placed', CONSUMER, 3036, 3071, [
          sql('inventory', 'UPDATE stock', 3040, 3066),
        ]),
      ]),
      call(
        'checkout',
        'cart',
        'cart.CartService/EmptyCart',
        [3028, 3033, 3070, 3076],
        [sql('cart', 'DEL cart:{id}', 3037, 3046)],
      ),
    ],
  );
  const root = span('frontend', 'POST /checkout', SERVER, 0, 3120, [
    span('frontend', 'verify session', INTERNAL, 2.1, 21.4, [
      sql('frontend', 'GET session:{id}', 4.6, 9.1),
      sql('frontend', 'SELECT users', 9.8, 20.2),
    ]),
    call(
      'frontend',
      'cart',
      'cart.CartService/GetCart',
      [23, 27.5, 66.3, 71],
      [sql('cart', 'HGETALL cart:{id}', 30, 37.5), sql('cart', 'SELECT cart_items', 39, 62.8)],
    ),
    order,
    span('frontend', 'render confirmation', INTERNAL, 3101, 3117),
  ]);
  return flatten(root, startNano, traceId);
}

/** @returns {PlainSpan} */
function plain(
  /** @type {number} */ row,
  /** @type {number} */ parent,
  /** @type {number} */ start,
  /** @type {number} */ duration,
) {
  const services = Object.keys(COLOURS);
  return {
    id: spanId(row),
    parent,
    start,
    duration,
    name: `operation ${row % 97}`,
    service: services[row % services.length] ?? 'frontend',
    kind: 1 + (row % 5),
    flags: row % 401 === 400 ? ERROR : 0,
  };
}

/** Every span but the first is a child of it. @returns {PlainSpan[]} */
export function flatSpans(/** @type {number} */ count) {
  const spans = [plain(0, -1, 0, count * 10)];
  for (let row = 1; row < count; row++) spans.push(plain(row, 0, row * 9, 25 + ((row * 7919) % 400)));
  return spans;
}

/** Every span is the only child of the one before. @returns {PlainSpan[]} */
export function deepSpans(/** @type {number} */ count) {
  return Array.from({ length: count }, (_, row) => plain(row, row - 1, row * 5, (count - row) * 12));
}

/** A report: a call over the network, a loop of spans without names, and a consumer that works long after the end. */
export function reportTrace(/** @type {string} */ traceId, /** @type {bigint} */ startNano) {
  const items = Array.from({ length: 30 }, (_, i) => span('api', 'item', INTERNAL, 60 + i, 60.9 + i));
  const root = span('api', 'GET /report', SERVER, 0, 100, [
    span('api', 'fetch', CLIENT, 5, 45, [span('db', 'fetch', SERVER, 20, 30)]),
    ...items,
    span('api', 'publish', PRODUCER, 92, 93, [span('mail', 'send', CONSUMER, 200, 3000)]),
  ]);
  return flatten(root, startNano, traceId);
}

/** One span that took no time. @returns {PlainSpan[]} */
export function instantSpans() {
  return [plain(0, -1, 0, 0)];
}

/** A tree as fleets make them: four calls at each span, in turn. @returns {PlainSpan[]} */
export function fleetSpans(/** @type {number} */ count) {
  /** @type {PlainSpan[]} */
  const spans = [];
  /** @type {{parent: number, start: number, duration: number, count: number}[]} */
  const open = [{ parent: -1, start: 0, duration: count * 1000, count }];
  for (let next = open.pop(); next; next = open.pop()) {
    const row = spans.length;
    spans.push(plain(row, next.parent, Math.round(next.start), Math.max(1, Math.round(next.duration))));
    const share = Math.ceil((next.count - 1) / 4);
    const begun = open.length;
    for (let kid = 0, left = next.count - 1; left > 0; kid++, left -= share) {
      const slot = next.duration / 4.4;
      open.push({
        parent: row,
        start: next.start + slot * (kid + 0.2),
        duration: slot * 0.92,
        count: Math.min(left, share),
      });
    }
    open.splice(begun, Infinity, ...open.slice(begun).reverse());
  }
  return spans;
}

/** @returns {PlainTrace} */
export function madeTrace(
  /** @type {string} */ traceId,
  /** @type {bigint} */ startNano,
  /** @type {PlainSpan[]} */ spans,
  /** @type {number} */ flags = 0,
) {
  return { traceId, startNano, unit: 1000, flags, spans, colours: COLOURS };
}
