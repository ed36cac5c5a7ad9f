// Writes docs/formats/trace_columns.md, for the fake server and the tests of the reader.

import { criticalPath } from './critical_path.mjs';

/**
 * @typedef {object} PlainSpan
 * @property {bigint} id
 * @property {number} parent row of the parent, -1 for a root
 * @property {number} start in units from the start of the trace
 * @property {number} duration in units
 * @property {string} name
 * @property {string} service
 * @property {number} kind
 * @property {number} flags
 * @property {number[]} [events] times in units
 */
/**
 * @typedef {object} PlainTrace
 * @property {string} traceId
 * @property {bigint} startNano
 * @property {number} unit
 * @property {number} flags
 * @property {PlainSpan[]} spans in preorder
 * @property {Record<string, number>} colours by service
 */

/** @param {PlainTrace} trace @returns {ArrayBuffer} */
export function encodeColumns(trace) {
  const { spans } = trace;
  /** @type {Map<string, number>} */
  const strings = new Map([['', 0]]);
  /** @param {string} text */
  const intern = (text) => {
    const known = strings.get(text);
    if (known !== undefined) return known;
    strings.set(text, strings.size);
    return strings.size - 1;
  };
  /** @type {Map<string, number>} */
  const services = new Map();
  for (const { service } of spans) if (!services.has(service)) services.set(service, services.size);
  const names = spans.map((span) => intern(span.name));
  const serviceNames = [...services.keys()].map(intern);
  const pieces = [...strings.keys()].map((text) => new TextEncoder().encode(text));
  const textBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const events = spans.flatMap((span) => span.events ?? []);
  const path = criticalPath(trace);
  const [n, s, e, m, p] = [spans.length, services.size, events.length, pieces.length, path.length];
  const sizes = [
    8 * n,
    4 * n,
    4 * n,
    4 * n,
    4 * n,
    4 * n,
    4 * (n + 1),
    4 * e,
    4 * p,
    4 * p,
    4 * p,
    4 * s,
    4 * s,
    4 * m,
    n,
    n,
    p,
    textBytes,
  ];
  const buffer = new ArrayBuffer(80 + sizes.reduce((sum, size) => sum + Math.ceil(size / 8) * 8, 0));
  const view = new DataView(buffer);
  /** @param {number} offset @param {number} value */
  const u32 = (offset, value) => view.setUint32(offset, value, true);
  const end = spans.reduce((last, span) => Math.max(last, span.start + span.duration), 0);
  const errors = spans.filter((span) => span.flags & 1).length;
  [0x43545053, 1, n, s, e, m, textBytes, trace.flags].forEach((value, i) => u32(4 * i, value));
  view.setBigUint64(32, trace.startNano, true);
  view.setBigUint64(40, trace.startNano + BigInt(end) * BigInt(trace.unit), true);
  for (let i = 0; i < 16; i++) view.setUint8(48 + i, parseInt(trace.traceId.slice(2 * i, 2 * i + 2), 16));
  u32(64, trace.unit);
  u32(68, errors);
  u32(72, p);

  let column = 0;
  let at = 80;
  /** @param {(begin: number) => void} write */
  const next = (write) => {
    write(at);
    at += Math.ceil((sizes[column++] ?? 0) / 8) * 8;
  };
  /** @param {number[]} values */
  const numbers = (values) => next((begin) => new Uint32Array(buffer, begin, values.length).set(values));
  /** @param {number[]} values */
  const bytes = (values) => next((begin) => new Uint8Array(buffer, begin, values.length).set(values));
  next((begin) => new BigUint64Array(buffer, begin, n).set(spans.map((span) => span.id)));
  numbers(spans.map((span) => span.start));
  numbers(spans.map((span) => span.duration));
  numbers(spans.map((span) => (span.parent < 0 ? 0xffffffff : span.parent)));
  numbers(names);
  numbers(spans.map((span) => services.get(span.service) ?? 0));
  let eventCount = 0;
  numbers([0, ...spans.map((span) => (eventCount += span.events?.length ?? 0))]);
  numbers(events);
  numbers(path.map(({ row }) => (row < 0 ? 0xffffffff : row)));
  numbers(path.map((segment) => segment.start));
  numbers(path.map((segment) => segment.end));
  numbers(serviceNames);
  numbers([...services.keys()].map((name) => trace.colours[name] ?? 1));
  let textEnd = 0;
  numbers(pieces.map((piece) => (textEnd += piece.length)));
  bytes(spans.map((span) => span.kind));
  bytes(spans.map((span) => span.flags));
  bytes(path.map((segment) => segment.kind));
  next((begin) => {
    let offset = begin;
    for (const piece of pieces) {
      new Uint8Array(buffer, offset, piece.length).set(piece);
      offset += piece.length;
    }
  });
  return buffer;
}
