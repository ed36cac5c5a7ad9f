// Jaeger's batches in Thrift's binary protocol, made from plain objects that name things as jaeger.thrift does (field
// numbers: jaegertracing/jaeger-idl, thrift/jaeger.thrift). Ids are hex, numbers may be BigInt, tags a plain object or
// pairs of [key, value].

const TYPE = { bool: 2, double: 4, i32: 8, i64: 10, string: 11, struct: 12, list: 15 };
const STOP = Buffer.of(0);

export function i32(n) {
  const out = Buffer.alloc(4);
  out.writeInt32BE(n);
  return out;
}
export function i64(n) {
  const out = Buffer.alloc(8);
  out.writeBigInt64BE(BigInt.asIntN(64, BigInt(n)));
  return out;
}
function double(n) {
  const out = Buffer.alloc(8);
  out.writeDoubleBE(n);
  return out;
}
export function string(content) {
  const bytes = Buffer.isBuffer(content) ? content : Buffer.from(content);
  return Buffer.concat([i32(bytes.length), bytes]);
}
// A field of a struct: its type's name, its number, its value's bytes.
export function field(type, id, value) {
  const head = Buffer.alloc(3);
  head.writeUInt8(TYPE[type] ?? type, 0);
  head.writeInt16BE(id, 1);
  return Buffer.concat([head, value]);
}
export const struct = (...fields) => Buffer.concat([...fields, STOP]);
export const list = (type, values) => Buffer.concat([Buffer.of(TYPE[type] ?? type), i32(values.length), ...values]);
const structs = (id, values) => (values.length > 0 ? field('list', id, list('struct', values)) : Buffer.alloc(0));

// A value's type is that of what it is here: text, boolean, BigInt and whole numbers (LONG), other numbers (DOUBLE),
// Buffer (BINARY).
export function tag([key, value]) {
  const of = (type, ...rest) => struct(field('string', 1, string(key)), field('i32', 2, i32(type)), ...rest);
  if (typeof value === 'string') return of(0, field('string', 3, string(value)));
  if (typeof value === 'boolean') return of(2, field('bool', 5, Buffer.of(value ? 1 : 0)));
  if (typeof value === 'bigint' || Number.isInteger(value)) return of(3, field('i64', 6, i64(value)));
  if (typeof value === 'number') return of(1, field('double', 4, double(value)));
  return of(4, field('string', 7, string(value)));
}
const tags = (plain = []) => (Array.isArray(plain) ? plain : Object.entries(plain)).map(tag);

const hex = (id) => BigInt(`0x${id || '0'}`);
const low = (traceId) => hex(traceId) & 0xffff_ffff_ffff_ffffn;
const high = (traceId) => hex(traceId) >> 64n;

const CHILD_OF = 0;
const FOLLOWS_FROM = 1;
const reference = ({ refType = 'CHILD_OF', traceID, spanID }) =>
  struct(
    field('i32', 1, i32(refType === 'CHILD_OF' ? CHILD_OF : FOLLOWS_FROM)),
    field('i64', 2, i64(low(traceID))),
    field('i64', 3, i64(high(traceID))),
    field('i64', 4, i64(hex(spanID))),
  );

const log = ({ timestamp, fields }) =>
  struct(field('i64', 1, i64(timestamp)), field('list', 2, list('struct', tags(fields))));

export const span = ({
  traceID,
  spanID,
  parentSpanID = '0',
  operationName = 'work',
  references = [],
  flags = 1,
  startTime = BigInt(Date.now() - 1000) * 1000n,
  duration = 5000,
  tags: plain = [],
  logs = [],
}) =>
  struct(
    field('i64', 1, i64(low(traceID))),
    field('i64', 2, i64(high(traceID))),
    field('i64', 3, i64(hex(spanID))),
    field('i64', 4, i64(hex(parentSpanID))),
    field('string', 5, string(operationName)),
    structs(6, references.map(reference)),
    field('i32', 7, i32(flags)),
    field('i64', 8, i64(startTime)),
    field('i64', 9, i64(duration)),
    structs(10, tags(plain)),
    structs(11, logs.map(log)),
  );

const process = (serviceName, plain) => struct(field('string', 1, string(serviceName)), structs(2, tags(plain)));

// One process with its spans, each an object as `span` takes it.
export const batch = (serviceName, spans, processTags = []) =>
  struct(field('struct', 1, process(serviceName, processTags)), field('list', 2, list('struct', spans.map(span))));
