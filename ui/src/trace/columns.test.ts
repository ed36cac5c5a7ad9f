import { describe, expect, it } from 'vitest';
import { encodeColumns } from '../../dev/encode_columns.mjs';
import { deepSpans, flatSpans, fleetSpans, madeTrace, shopTrace } from '../../dev/traces.mjs';
import { ColumnsError, decodeColumns, NONE } from './columns';
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
  const startColumn = 72 + 8 * spans;
  const column = (index: number) => startColumn + index * Math.ceil((4 * spans) / 8) * 8;
  const parentColumn = column(2);

  it.each([
    ['magic', 0, 0x43545054, /SPTC/],
    ['a later version', 4, 1, /version 1/],
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
    ['events that go backwards', column(5) + 4 * 20, 77, /events of span/],
  ])('%s', (_, offset, value, words) => {
    expect(tamper(offset, value)).toMatch(words);
  });

  it('refuses every truncation and a longer answer', () => {
    const whole = small();
    for (const length of [0, 1, 71, 72, 80, whole.byteLength - 8, whole.byteLength - 1]) {
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
