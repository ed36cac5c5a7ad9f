// Reads trace columns (docs/formats/trace_columns.md), refusing whatever is not exactly as the page says.
import assert from 'node:assert/strict';

const HEADER_BYTES = 80;
export const NO_PARENT = 0xffffffff;
export const NO_ROW = 0xffffffff;
export const PATH = { work: 0, network: 1, gap: 2, outside: 3 };
export const FLAG = { error: 1, events: 2, links: 4, warnings: 8, parentMissing: 16, endBeforeStart: 32 };

export function decodeColumns(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at) => view.getUint32(at, true);
  const u64 = (at) => view.getBigUint64(at, true);
  assert.equal(bytes.toString('latin1', 0, 4), 'SPTC');
  assert.equal(u32(4), 1, 'version');
  assert.equal(u32(76), 0, 'reserved');
  const [spans, services, events, strings, textBytes] = [8, 12, 16, 20, 24].map(u32);
  const segments = u32(72);
  let at = HEADER_BYTES;
  const column = (count, width, read) => {
    assert.ok(at + count * width <= bytes.length, 'the columns end before the answer does');
    const cells = Array.from({ length: count }, (_, i) => read(at + i * width));
    at += Math.ceil((count * width) / 8) * 8;
    return cells;
  };
  const u8 = (place) => bytes[place];
  const c = {
    spanId: column(spans, 8, u64),
    start: column(spans, 4, u32),
    duration: column(spans, 4, u32),
    parent: column(spans, 4, u32),
    name: column(spans, 4, u32),
    service: column(spans, 4, u32),
    eventBegin: column(spans + 1, 4, u32),
    eventTime: column(events, 4, u32),
    pathRow: column(segments, 4, u32),
    pathStart: column(segments, 4, u32),
    pathEnd: column(segments, 4, u32),
    serviceName: column(services, 4, u32),
    serviceColour: column(services, 4, u32),
    stringEnd: column(strings, 4, u32),
    kind: column(spans, 1, u8),
    flags: column(spans, 1, u8),
    pathKind: column(segments, 1, u8),
  };
  const text = bytes.subarray(at, at + textBytes);
  at += Math.ceil(textBytes / 8) * 8;
  assert.equal(bytes.length, at, 'nothing follows');

  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const words = c.stringEnd.map((end, i) => {
    const begin = i === 0 ? 0 : c.stringEnd[i - 1];
    assert.ok(begin <= end && end <= textBytes, 'string ends ascend');
    return utf8.decode(text.subarray(begin, end));
  });
  if (strings > 0) assert.equal(words[0], '', 'string 0 is empty');
  const string = (code) => {
    assert.ok(code < strings, 'a string that there is');
    return words[code];
  };
  const unit = u32(64);
  assert.ok(unit >= 1);
  assert.equal(c.eventBegin[0], 0);
  assert.equal(c.eventBegin[spans], events);
  const rows = c.spanId.map((id, row) => {
    const parent = c.parent[row];
    assert.ok(parent === NO_PARENT || parent < row, 'a parent stands before its children');
    assert.ok(c.service[row] < services, 'a service that there is');
    assert.ok(c.eventBegin[row] <= c.eventBegin[row + 1], 'events ascend');
    return {
      spanId: id.toString(16).padStart(16, '0'),
      start: BigInt(c.start[row]) * BigInt(unit),
      duration: BigInt(c.duration[row]) * BigInt(unit),
      parent,
      name: string(c.name[row]),
      service: string(c.serviceName[c.service[row]]),
      kind: c.kind[row],
      flags: c.flags[row],
      events: c.eventTime.slice(c.eventBegin[row], c.eventBegin[row + 1]).map((time) => BigInt(time) * BigInt(unit)),
    };
  });
  const path = c.pathRow.map((row, i) => {
    const kind = c.pathKind[i];
    assert.ok(kind <= 3, 'a kind of segment that there is');
    assert.equal(row === NO_ROW, kind === PATH.gap, 'gaps alone have no row');
    assert.ok(row === NO_ROW || row < spans, 'a row that there is');
    assert.ok(c.pathStart[i] <= c.pathEnd[i], 'segments do not go backwards');
    if (i > 0) assert.equal(c.pathStart[i], c.pathEnd[i - 1], 'segments touch each other');
    return { row, kind, start: BigInt(c.pathStart[i]) * BigInt(unit), end: BigInt(c.pathEnd[i]) * BigInt(unit) };
  });
  return {
    traceId: bytes.toString('hex', 48, 64),
    flags: u32(28),
    start: u64(32),
    end: u64(40),
    unit,
    errors: u32(68),
    services: c.serviceName.map((code, i) => ({ name: string(code), colour: c.serviceColour[i] })),
    rows,
    path,
  };
}
