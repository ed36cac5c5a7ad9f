// Reads docs/formats/trace_columns.md. The bytes come over a network: every count and index is checked here, once,
// so that nothing behind this file has to.

export const NONE = 0xffffffff;

export const FLAG_ERROR = 1;
export const FLAG_EVENTS = 2;
export const FLAG_LINKS = 4;
export const FLAG_WARNINGS = 8;
export const FLAG_PARENT_MISSING = 16;
export const FLAG_END_BEFORE_START = 32;

export const TRACE_ROOT_MISSING = 1;
export const TRACE_SHARED_IDS = 2;

export const KIND_SERVER = 2;
export const KIND_CLIENT = 3;
export const KIND_NAMES = ['', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'];

/** What a segment of the critical path is: the span's own work, a client around its server's span, no span, or a call
 * to something that sends no spans. */
export const PATH_WORK = 0;
export const PATH_NETWORK = 1;
export const PATH_GAP = 2;
export const PATH_OUTSIDE = 3;

/** One trace, spans in preorder. Times are in units of `unit` nanoseconds from `startNano`. */
export interface Columns {
  traceId: string;
  flags: number;
  startNano: bigint;
  endNano: bigint;
  unit: number;
  errorCount: number;
  spanId: BigUint64Array;
  start: Uint32Array;
  duration: Uint32Array;
  parent: Uint32Array;
  name: Uint32Array;
  service: Uint32Array;
  eventBegin: Uint32Array;
  eventTime: Uint32Array;
  /**
   * The critical path, in segments from first to last; each begins where the one before ends. The row is NONE in a gap.
   * Without segments the root took no time.
   */
  pathRow: Uint32Array;
  pathStart: Uint32Array;
  pathEnd: Uint32Array;
  pathKind: Uint8Array;
  serviceName: Uint32Array;
  serviceColour: Uint32Array;
  stringEnd: Uint32Array;
  kind: Uint8Array;
  spanFlags: Uint8Array;
  text: Uint8Array;
}

export class ColumnsError extends Error {}

const HEADER = 80;
const VERSION = 1;

function refuse(what: string): never {
  throw new ColumnsError(`The trace that the server sent cannot be read: ${what}.`);
}

function check(holds: boolean, what: string): void {
  if (!holds) refuse(what);
}

export function decodeColumns(buffer: ArrayBuffer): Columns {
  check(buffer.byteLength >= HEADER, 'it ends within its header');
  const header = new DataView(buffer, 0, HEADER);
  const u32 = (offset: number) => header.getUint32(offset, true);
  check(u32(0) === 0x43545053, 'it does not begin with SPTC');
  check(u32(4) === VERSION, `it has version ${u32(4)}, and this page knows ${VERSION}. Reload the page`);
  const [spans, services, events, strings, textBytes] = [u32(8), u32(12), u32(16), u32(20), u32(24)];
  const segments = u32(72);

  let offset = HEADER;
  const column = (bytes: number): number => {
    const begin = offset;
    offset += Math.ceil(bytes / 8) * 8;
    return begin;
  };
  const at = {
    spanId: column(8 * spans),
    start: column(4 * spans),
    duration: column(4 * spans),
    parent: column(4 * spans),
    name: column(4 * spans),
    service: column(4 * spans),
    eventBegin: column(4 * (spans + 1)),
    eventTime: column(4 * events),
    pathRow: column(4 * segments),
    pathStart: column(4 * segments),
    pathEnd: column(4 * segments),
    serviceName: column(4 * services),
    serviceColour: column(4 * services),
    stringEnd: column(4 * strings),
    kind: column(spans),
    spanFlags: column(spans),
    pathKind: column(segments),
    text: column(textBytes),
  };
  check(buffer.byteLength === offset, `it has ${buffer.byteLength} bytes where its counts give ${offset}`);

  const numbers = (begin: number, count: number) => new Uint32Array(buffer, begin, count);
  const columns: Columns = {
    traceId: [...new Uint8Array(buffer, 48, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    flags: u32(28),
    startNano: header.getBigUint64(32, true),
    endNano: header.getBigUint64(40, true),
    unit: u32(64),
    errorCount: u32(68),
    spanId: new BigUint64Array(buffer, at.spanId, spans),
    start: numbers(at.start, spans),
    duration: numbers(at.duration, spans),
    parent: numbers(at.parent, spans),
    name: numbers(at.name, spans),
    service: numbers(at.service, spans),
    eventBegin: numbers(at.eventBegin, spans + 1),
    eventTime: numbers(at.eventTime, events),
    pathRow: numbers(at.pathRow, segments),
    pathStart: numbers(at.pathStart, segments),
    pathEnd: numbers(at.pathEnd, segments),
    serviceName: numbers(at.serviceName, services),
    serviceColour: numbers(at.serviceColour, services),
    stringEnd: numbers(at.stringEnd, strings),
    kind: new Uint8Array(buffer, at.kind, spans),
    spanFlags: new Uint8Array(buffer, at.spanFlags, spans),
    pathKind: new Uint8Array(buffer, at.pathKind, segments),
    text: new Uint8Array(buffer, at.text, textBytes),
  };
  checkHeader(columns);
  checkIndices(columns);
  checkPreorder(columns.parent);
  checkPath(columns);
  return columns;
}

function checkHeader(columns: Columns): void {
  check(columns.unit > 0, 'its unit of time is 0');
  check(columns.endNano >= columns.startNano, 'it ends before it starts');
  check(columns.spanId.length > 0, 'it has no spans');
  check(columns.errorCount <= columns.spanId.length, 'it has more errors than spans');
}

function checkIndices(columns: Columns): void {
  const allBelow = (values: Uint32Array, limit: number, what: string) => {
    for (let i = 0; i < values.length; i++) if (values[i]! >= limit) refuse(`${what} ${i} points nowhere`);
  };
  const rising = (values: Uint32Array, last: number, what: string) => {
    for (let i = 1; i < values.length; i++)
      if (values[i]! < values[i - 1]!) refuse(`${what} ${i} goes backwards`);
    check((values.at(-1) ?? 0) === last, `${what} does not reach its end`);
  };
  allBelow(columns.name, columns.stringEnd.length, 'name');
  allBelow(columns.service, columns.serviceName.length, 'service');
  allBelow(columns.serviceName, columns.stringEnd.length, 'service name');
  check(columns.eventBegin[0] === 0, 'events do not begin at 0');
  rising(columns.eventBegin, columns.eventTime.length, 'events of span');
  rising(columns.stringEnd, columns.text.length, 'string');
}

/** A parent stands before its children and every subtree is one run of rows. */
function checkPreorder(parent: Uint32Array): void {
  let open = NONE; // The row before, then its ancestors: each is left once, so this is linear.
  for (let row = 0; row < parent.length; row++) {
    const above = parent[row]!;
    if (above !== NONE && above >= row) refuse(`span ${row} stands before its parent`);
    while (open !== above && open !== NONE) open = parent[open]!;
    if (open !== above) refuse(`span ${row} stands outside its parent's subtree`);
    open = row;
  }
}

/** Segments touch each other, and gaps alone have no row. */
function checkPath({ pathRow, pathStart, pathEnd, pathKind, parent }: Columns): void {
  for (let i = 0; i < pathRow.length; i++) {
    const row = pathRow[i]!;
    if (pathKind[i]! > PATH_OUTSIDE) refuse(`path segment ${i} is of an unknown kind`);
    if (row === NONE ? pathKind[i] !== PATH_GAP : row >= parent.length || pathKind[i] === PATH_GAP)
      refuse(`path segment ${i} points nowhere`);
    if (pathEnd[i]! < pathStart[i]!) refuse(`path segment ${i} goes backwards`);
    if (i > 0 && pathStart[i] !== pathEnd[i - 1]) refuse(`path segment ${i} does not follow the one before`);
  }
}
