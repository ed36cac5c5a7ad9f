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

export function spanBytes(json) {
  const parts = [bytes(1, Buffer.from(json.traceId, 'hex')), bytes(2, Buffer.from(json.spanId, 'hex'))];
  if (json.traceState) parts.push(bytes(3, json.traceState));
  if (json.parentSpanId) parts.push(bytes(4, Buffer.from(json.parentSpanId, 'hex')));
  parts.push(bytes(5, json.name), number(6, json.kind), fixed64(7, json.startTimeUnixNano));
  parts.push(fixed64(8, json.endTimeUnixNano), keyValues(9, json.attributes));
  if (json.droppedAttributesCount) parts.push(number(10, json.droppedAttributesCount));
  for (const event of json.events ?? []) {
    const body = [fixed64(1, event.timeUnixNano), bytes(2, event.name), keyValues(3, event.attributes)];
    if (event.droppedAttributesCount) body.push(number(4, event.droppedAttributesCount));
    parts.push(bytes(11, Buffer.concat(body)));
  }
  if (json.droppedEventsCount) parts.push(number(12, json.droppedEventsCount));
  for (const link of json.links ?? []) {
    const body = [bytes(1, Buffer.from(link.traceId, 'hex')), bytes(2, Buffer.from(link.spanId, 'hex'))];
    if (link.traceState) body.push(bytes(3, link.traceState));
    body.push(keyValues(4, link.attributes));
    if (link.droppedAttributesCount) body.push(number(5, link.droppedAttributesCount));
    if (link.flags) body.push(fixed32(6, link.flags));
    parts.push(bytes(13, Buffer.concat(body)));
  }
  if (json.droppedLinksCount) parts.push(number(14, json.droppedLinksCount));
  if (json.status) {
    const body = json.status.message ? [bytes(2, json.status.message)] : [];
    parts.push(bytes(15, Buffer.concat([...body, number(3, json.status.code ?? 0)])));
  }
  if (json.flags) parts.push(fixed32(16, json.flags));
  return Buffer.concat(parts);
}

// The protobuf of a request object.
export function requestBytes(json) {
  const text = (id, content) => (content ? bytes(id, content) : Buffer.alloc(0));
  return Buffer.concat(
    json.resourceSpans.map((rs) => {
      const resource = bytes(1, keyValues(1, rs.resource?.attributes));
      const scopes = rs.scopeSpans.map((ss) => {
        const scope = ss.scope ?? {};
        const head = Buffer.concat([text(1, scope.name), text(2, scope.version), keyValues(3, scope.attributes)]);
        return bytes(2, Buffer.concat([bytes(1, head), ...ss.spans.map((s) => bytes(2, spanBytes(s))), text(3, ss.schemaUrl)]));
      });
      return bytes(1, Buffer.concat([resource, ...scopes, text(3, rs.schemaUrl)]));
    }),
  );
}
