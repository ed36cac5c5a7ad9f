import { describe, expect, it } from 'vitest';
import { encodeColumns } from '../../../dev/encode_columns.mjs';
import { fleetSpans, madeTrace, shopTrace } from '../../../dev/traces.mjs';
import { decodeColumns } from '../columns';
import { pathTimes } from '../path_time';
import { finish } from '../slices';
import { buildStructure } from '../structure';
import { Trace } from '../trace';
import { chooseRows, COLUMNS, type Choice } from './choose_rows';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const EVERYTHING: Choice = { text: '', service: undefined, operation: undefined, failed: false, marks: null };

function open(plain = shopTrace(ID, 0n)): Trace {
  const columns = decodeColumns(encodeColumns(plain));
  return new Trace(columns, buildStructure(columns));
}
const trace = open();
const path = pathTimes(trace);
const rows = (choice: Partial<Choice>, column = 'start', descending = false) => [
  ...finish(chooseRows(trace, { ...EVERYTHING, ...choice }, { column, descending }, path)),
];

describe('chooseRows', () => {
  it('takes every span, in any order, each once', () => {
    for (const column of COLUMNS) expect(new Set(rows({}, column)).size).toBe(trace.count);
  });

  it('sorts as a plain sort does, equal ones as in the waterfall', () => {
    const cell = (row: number): Record<string, string | number> => ({
      service: trace.service(row).toLowerCase(),
      operation: trace.name(row).toLowerCase(),
      duration: trace.columns.duration[row]!,
      self: trace.structure.self[row]!,
      path: path?.[row] ?? 0,
      start: trace.start(row),
      kind: trace.columns.kind[row]!,
      error: trace.failed(row) ? 1 : 0,
    });
    for (const column of COLUMNS) {
      for (const sign of [1, -1]) {
        const plain = [...Array(trace.count).keys()].sort((a, b) => {
          const [first, second] = [cell(a)[column]!, cell(b)[column]!];
          return (first < second ? -sign : first > second ? sign : 0) || a - b;
        });
        expect(rows({}, column, sign < 0)).toEqual(plain);
      }
    }
  });

  it('takes what has a text in its service or its operation', () => {
    const expected = [...Array(trace.count).keys()].filter((row) =>
      `${trace.service(row)}\n${trace.name(row)}`.toLowerCase().includes('cart'),
    );
    expect(rows({ text: ' CART ' }).toSorted((a, b) => a - b)).toEqual(expected);
    expect(expected.length).toBeGreaterThan(5);
  });

  it('takes exactly one operation of one service, which another service may have too', () => {
    const operation = 'cart.CartService/GetCart';
    const own = rows({ service: 'cart', operation });
    expect(own.map((row) => [trace.service(row), trace.name(row)])).toEqual([['cart', operation]]);
    expect(rows({ operation }).length).toBe(2);
    expect(rows({ service: 'car' })).toEqual([]);
  });

  it('takes errors, and rows that are marked', () => {
    expect(rows({ failed: true }).every((row) => trace.failed(row))).toBe(true);
    expect(rows({ failed: true }).length).toBe(trace.columns.errorCount);
    const marks = new Uint8Array(trace.count);
    marks[7] = 1;
    expect(rows({ marks })).toEqual([7]);
  });

  it('is quick for 100,000 spans, by name as well', () => {
    const big = open(madeTrace(ID, 0n, fleetSpans(100_000)));
    // Of the processor: other tests run beside this one.
    const begun = process.cpuUsage();
    for (const column of ['operation', 'duration'])
      finish(chooseRows(big, { ...EVERYTHING, text: '7' }, { column, descending: true }, null));
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1000).toBeLessThan(300);
  });
});
