import { describe, expect, it } from 'vitest';
import { radixOrder } from './radix_order';
import { readSort, sortBy, writeSort } from './sort';

const KEYS = Uint32Array.of(5, 0xffffffff, 70_000, 5, 0, 65_536, 70_000);
const all = Uint32Array.from(KEYS.keys());

describe('radixOrder', () => {
  it('sorts, and leaves equal rows in their order in both directions', () => {
    expect([...radixOrder(all, KEYS, false)]).toEqual([4, 0, 3, 5, 2, 6, 1]);
    expect([...radixOrder(all, KEYS, true)]).toEqual([1, 2, 6, 5, 0, 3, 4]);
  });
  it('takes some of the rows, and changes nothing that it was given', () => {
    const some = Uint32Array.of(6, 3, 1);
    expect([...radixOrder(some, KEYS, false)]).toEqual([3, 6, 1]);
    expect([...some]).toEqual([6, 3, 1]);
    expect(radixOrder(new Uint32Array(), KEYS, true).length).toBe(0);
  });
  it('agrees with a plain sort on random numbers', () => {
    const keys = Uint32Array.from({ length: 3000 }, (_, row) => Math.imul(row + 1, 2_654_435_761) % 400);
    const rows = Uint32Array.from(keys.keys());
    const plain = [...rows].sort((a, b) => keys[b]! - keys[a]! || a - b);
    expect([...radixOrder(rows, keys, true)]).toEqual(plain);
  });
});

describe('a sort', () => {
  const otherwise = { column: 'start', descending: false };
  it.each([
    ['-self', { column: 'self', descending: true }],
    ['self', { column: 'self', descending: false }],
    ['none', otherwise],
    ['', otherwise],
    [undefined, otherwise],
  ])('reads %s', (text, sort) => {
    expect(readSort(text, ['self', 'start'], otherwise)).toEqual(sort);
    if (text && sort !== otherwise) expect(writeSort(sort)).toBe(text);
  });
  it('begins with the greatest number and the first text, and turns round at a second click', () => {
    expect(sortBy('self', true, otherwise)).toEqual({ column: 'self', descending: true });
    expect(sortBy('name', false, otherwise)).toEqual({ column: 'name', descending: false });
    expect(sortBy('start', true, otherwise)).toEqual({ column: 'start', descending: true });
  });
});
