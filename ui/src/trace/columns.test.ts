import { describe, expect, it } from 'vitest';
import { encodeColumns } from '../../dev/encode_columns.mjs';
import { deepSpans, flatSpans, fleetSpans, madeTrace, shopTrace } from '../../dev/traces.mjs';
import { ColumnsError, decodeColumns, NONE, PATH_GAP, PATH_NETWORK, PATH_OUTSIDE, PATH_WORK } from './columns';
import { Strings } from './strings';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const small = () => encodeColumns(shopTrace(ID, 1_764_000_000_123_456_789n));

describe('decodeColumns', () => {
  it('reads what was written', () => {
    const plain = shopTrace(ID, 1_764_000_000_123_456_789n);
    const columns = decodeColumns(encodeColumns(plain));
    const strings = new Strings(columns);
    expect(columns).toMatchObject({ traceId: ID, startNano: plain.startNano, unit: 1000, errorCount: 2 });
    expect(columns.endNano - columns.startNano).toBe(3_120_000_000n);
    plain.spans.forEach((span, row) => {
      expect(columns.spanId[row]).toBe(span.id);
      expect([columns.start[row], columns.duration[row]]).toEqual([span.start, span.duration]);
      expect(columns.parent[row]).toBe(span.parent < 0 ? NONE : span.parent);
      expect(strings.at(columns.name[row]!)).toBe(span.name);
      expect(strings.at(columns.serviceName[columns.service[row]!]!)).toBe(span.service);
      const events = columns.eventTime.subarray(columns.eventBegin[row], columns.eventBegin[row + 1]);
      expect([...events]).toEqual(span.events ?? []);
    });
  });

  it('reads the critical path', () => {
    const row = (
      id: bigint,
      parent: number,
      start: number,
      duration: number,
      service: string,
      kind: number,
    ) => ({
      id,
      parent,
      start,
      duration,
      service,
      kind,
      name: 'x',
      flags: parent < 0 ? 16 : 0,
    });
    const spans = [
      row(1n, -1, 0, 100, 'shop', 3),
      row(2n, 0, 10, 80, 'bank', 2),
      row(3n, 1, 20, 30, 'bank', 3),
      row(4n, 1, 10, 40, 'bank', 1),
      row(5n, -1, 150, 50, 'shop', 1),
    ];
    const columns = decodeColumns(encodeColumns(madeTrace(ID, 0n, spans, 1)));
    expect([...columns.pathRow]).toEqual([0, 3, 1, 0, NONE, 4]);
    expect([...columns.pathStart]).toEqual([0, 10, 50, 90, 100, 150]);
    expect([...columns.pathEnd]).toEqual([10, 50, 90, 100, 150, 200]);
    expect([...columns.pathKind]).toEqual([
      PATH_NETWORK,
      PATH_WORK,
      PATH_WORK,
      PATH_NETWORK,
      PATH_GAP,
      PATH_WORK,
    ]);
  });

  it('reads a path through the checkout that covers its root', () => {
    const { pathStart, pathEnd, pathKind, duration } = decodeColumns(small());
    expect([pathStart[0], pathEnd.at(-1)]).toEqual([0, duration[0]]);
    expect(new Set(pathKind)).toEqual(new Set([PATH_WORK, PATH_NETWORK, PATH_OUTSIDE]));
  });

  it('reads names in any script', () => {
    const spans = fleetSpans(3);
    spans[1]!.name = 'größe 尺寸 🦌';
    const columns = decodeColumns(encodeColumns(madeTrace(ID, 0n, spans)));
    expect(new Strings(columns).at(columns.name[1]!)).toBe('größe 尺寸 🦌');
  });

  it.each([
    ['flat', flatSpans(20_000)],
    ['deep', deepSpans(5_000)],
    ['fleet', fleetSpans(100_000)],
  ])('reads a %s trace', (_, spans) => {
    expect(decodeColumns(encodeColumns(madeTrace(ID, 0n, spans))).spanId.length).toBe(spans.length);
  });
});

/** Changes one 32-bit number of a small trace and says what the reader thinks of it. */
function tamper(offset: number, value: number): string {
  const buffer = small();
  new DataView(buffer).setUint32(offset, value, true);
  try {
    decodeColumns(buffer);
  } catch (error) {
    if (error instanceof ColumnsError) return error.message;
    throw error;
  }
  return 'read';
}

describe('hostile bytes', () => {
  const spans = shopTrace(ID, 0n).spans.length;
  const startColumn = 80 + 8 * spans;
  const column = (index: number) => startColumn + index * Math.ceil((4 * spans) / 8) * 8;
  const parentColumn = column(2);
  const { pathRow, pathStart, pathEnd, pathKind } = decodeColumns(small());

  it.each([
    ['magic', 0, 0x43545054, /SPTC/],
    ['an earlier version', 4, 0, /version 0/],
    ['a later version', 4, 2, /version 2/],
    ['more spans than bytes', 8, 0xffffffff, /bytes where its counts give/],
    ['no spans', 8, 0, /bytes where/],
    ['more strings', 20, 0xfffffff0, /bytes where/],
    ['a unit of 0', 64, 0, /unit/],
    ['too many errors', 68, spans + 1, /errors/],
    ['an end before the start', 44, 0, /ends before/],
    ['a parent after its child', parentColumn + 4 * 3, 5, /stands before its parent/],
    ['itself as parent', parentColumn + 4 * 3, 3, /stands before its parent/],
    ['a parent that is closed', parentColumn + 4 * (spans - 1), 2, /outside its parent/],
    ['a name out of range', column(3), 9999, /name 0 points nowhere/],
    ['a service out of range', column(4) + 4, 200, /service 1 points nowhere/],
    ['events that begin late', column(5), 1, /events do not begin/],
    ['more segments than bytes', 72, 0xffffffff, /bytes where its counts give/],
    ['a segment of no span', pathRow.byteOffset, spans, /path segment 0 points nowhere/],
    ['a gap with the kind of work', pathRow.byteOffset, NONE, /path segment 0 points nowhere/],
    ['work of the kind of a gap', pathKind.byteOffset, PATH_GAP, /path segment 0 points nowhere/],
    ['a kind of segment that is not there', pathKind.byteOffset, 4, /path segment 0 is of an unknown kind/],
    ['a segment that goes backwards', pathStart.byteOffset, 0x7fffffff, /path segment 0 goes backwards/],
    ['segments with a hole', pathEnd.byteOffset, pathEnd[0]! - 1, /path segment 1 does not follow/],
    ['events that go backwards', column(5) + 4 * 20, 77, /events of span/],
  ])('%s', (_, offset, value, words) => {
    expect(tamper(offset, value)).toMatch(words);
  });

  it('refuses every truncation and a longer answer', () => {
    const whole = small();
    for (const length of [0, 1, 71, 72, 79, 80, 88, whole.byteLength - 8, whole.byteLength - 1]) {
      expect(() => decodeColumns(whole.slice(0, length))).toThrow(ColumnsError);
    }
    const longer = new ArrayBuffer(whole.byteLength + 8);
    new Uint8Array(longer).set(new Uint8Array(whole));
    expect(() => decodeColumns(longer)).toThrow(ColumnsError);
  });

  it('either reads or refuses any flipped byte, and never points out of range', () => {
    const whole = new Uint8Array(small());
    let seed = 7;
    for (let round = 0; round < 2000; round++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const bytes = whole.slice();
      bytes[seed % bytes.length]! ^= 1 << (round % 8);
      try {
        const columns = decodeColumns(bytes.buffer);
        const strings = new Strings(columns);
        const lost = columns.name.findIndex(
          (name, row) =>
            typeof strings.at(name) !== 'string' || columns.serviceColour[columns.service[row]!] === undefined,
        );
        expect(lost).toBe(-1);
      } catch (error) {
        expect(error).toBeInstanceOf(ColumnsError);
      }
    }
  });
});
