// OTLP requests: as JSON objects that are easy to write, and as protobuf made from them by hand (field numbers:
// opentelemetry-proto, trace/v1/trace.proto).
import { randomBytes } from 'node:crypto';

export const newTraceId = () => randomBytes(16).toString('hex');
export const newSpanId = () => randomBytes(8).toString('hex');
export const nowNs = () => BigInt(Date.now()) * 1_000_000n;

export function value(plain) {
  if (plain === null || plain === undefined) return {};
  if (typeof plain === 'string') return { stringValue: plain };
  if (typeof plain === 'boolean') return { boolValue: plain };
  if (typeof plain === 'bigint') return { intValue: String(plain) };
  if (typeof plain === 'number') return Number.isInteger(plain) ? { intValue: String(plain) } : { doubleValue: plain };
  if (Buffer.isBuffer(plain)) return { bytesValue: plain.toString('base64') };
  if (Array.isArray(plain)) return { arrayValue: { values: plain.map(value) } };
  return { kvlistValue: { values: attributes(plain) } };
}

export const attributes = (plain) => Object.entries(plain).map(([key, v]) => ({ key, value: value(v) }));

// A span with every default filled in; `fields` are OTLP JSON's own names, attributes a plain object.
export function span(fields = {}) {
  const start = fields.startTimeUnixNano !== undefined ? BigInt(fields.startTimeUnixNano) : nowNs() - 1_000_000_000n;
  const { attributes: plain = {}, ...rest } = fields;
  return {
    traceId: newTraceId(),
    spanId: newSpanId(),
    name: 'work',
    kind: 2,
    ...rest,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(fields.endTimeUnixNano ?? start + 5_000_000n),
    attributes: attributes(plain),
  };
}

// One resource with its spans.
export const request = (service, spans, resource = {}) => ({
  resourceSpans: [
    {
      resource: { attributes: attributes({ 'service.name': service, ...resource }) },
      scopeSpans: [{ scope: { name: 'tests', version: '1' }, spans }],
    },
  ],
});

// --- protobuf ---

export function varint(n) {
  if (n >= 0 && n < 128) return Buffer.of(Number(n));
  let rest = BigInt.asUintN(64, BigInt(n));
  const out = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    out.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(out);
}
export const field = (number, wireType) => varint((number << 3) | wireType);
export const bytes = (number, content) => {
  const body = Buffer.isBuffer(content) ? content : Buffer.from(content);
  return Buffer.concat([field(number, 2), varint(body.length), body]);
};
export const number = (id, n) => Buffer.concat([field(id, 0), varint(n)]);
export function fixed64(id, n) {
  const body = Buffer.alloc(8);
  body.writeBigUInt64LE(BigInt.asUintN(64, BigInt(n)));
  return Buffer.concat([field(id, 1), body]);
}
function double(id, n) {
  const body = Buffer.alloc(8);
  body.writeDoubleLE(n);
  return Buffer.concat([field(id, 1), body]);
}
function fixed32(id, n) {
  const body = Buffer.alloc(4);
  body.writeUInt32LE(n);
  return Buffer.concat([field(id, 5), body]);
}

// Absent where there is nothing to say.
const text = (id, content) => (content ? bytes(id, content) : Buffer.alloc(0));
const count = (id, n) => (n ? number(id, n) : Buffer.alloc(0));

function anyValue(json) {
  if (json.stringValue !== undefined) return bytes(1, json.stringValue);
  if (json.boolValue !== undefined) return number(2, json.boolValue ? 1 : 0);
  if (json.intValue !== undefined) return number(3, json.intValue);
  if (json.doubleValue !== undefined) return double(4, Number(json.doubleValue));
  if (json.arrayValue) return bytes(5, Buffer.concat(json.arrayValue.values.map((v) => bytes(1, anyValue(v)))));
  if (json.kvlistValue) return bytes(6, keyValues(1, json.kvlistValue.values));
  if (json.bytesValue !== undefined) return bytes(7, Buffer.from(json.bytesValue, 'base64'));
  return Buffer.alloc(0);
}
const keyValues = (id, list = []) =>
  Buffer.concat(list.map((pair) => bytes(id, Buffer.concat([bytes(1, pair.key), bytes(2, anyValue(pair.value))]))));

const eventBytes = (event) =>
  Buffer.concat([
    fixed64(1, event.timeUnixNano),
    bytes(2, event.name),
    keyValues(3, event.attributes),
    count(4, event.droppedAttributesCount),
  ]);
const linkBytes = (link) =>
  Buffer.concat([
    bytes(1, Buffer.from(link.traceId, 'hex')),
    bytes(2, Buffer.from(link.spanId, 'hex')),
    text(3, link.traceState),
    keyValues(4, link.attributes),
    count(5, link.droppedAttributesCount),
    link.flags ? fixed32(6, link.flags) : Buffer.alloc(0),
  ]);
const statusBytes = (status) => Buffer.concat([text(2, status.message), count(3, status.code)]);

export const spanBytes = (json) =>
  Buffer.concat([
    bytes(1, Buffer.from(json.traceId, 'hex')),
    bytes(2, Buffer.from(json.spanId, 'hex')),
    text(3, json.traceState),
    json.parentSpanId ? bytes(4, Buffer.from(json.parentSpanId, 'hex')) : Buffer.alloc(0),
    bytes(5, json.name),
    number(6, json.kind),
    fixed64(7, json.startTimeUnixNano),
    fixed64(8, json.endTimeUnixNano),
    keyValues(9, json.attributes),
    count(10, json.droppedAttributesCount),
    ...(json.events ?? []).map((event) => bytes(11, eventBytes(event))),
    count(12, json.droppedEventsCount),
    ...(json.links ?? []).map((link) => bytes(13, linkBytes(link))),
    count(14, json.droppedLinksCount),
    json.status ? bytes(15, statusBytes(json.status)) : Buffer.alloc(0),
    json.flags ? fixed32(16, json.flags) : Buffer.alloc(0),
  ]);

const resourceBytes = (json = {}) =>
  Buffer.concat([keyValues(1, json.attributes), count(2, json.droppedAttributesCount)]);
const scopeBytes = (json = {}) =>
  Buffer.concat([
    text(1, json.name),
    text(2, json.version),
    keyValues(3, json.attributes),
    count(4, json.droppedAttributesCount),
  ]);
const scopeSpansBytes = (json) => {
  const spans = json.spans.map((each) => bytes(2, spanBytes(each)));
  return Buffer.concat([bytes(1, scopeBytes(json.scope)), ...spans, text(3, json.schemaUrl)]);
};

// The protobuf of a request object.
export const requestBytes = (json) =>
  Buffer.concat(
    json.resourceSpans.map((rs) => {
      const scopes = rs.scopeSpans.map((each) => bytes(2, scopeSpansBytes(each)));
      return bytes(1, Buffer.concat([bytes(1, resourceBytes(rs.resource)), ...scopes, text(3, rs.schemaUrl)]));
    }),
  );
