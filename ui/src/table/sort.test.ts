import { describe, expect, it } from 'vitest';
import { nextSort, readSort, sorted, withSort, type Sort } from './sort';

const USUAL: Sort<'name' | 'rate'> = { key: 'rate', descending: true };
const read = (query: string) => readSort(new URLSearchParams(query), ['name', 'rate'], USUAL);

describe('the order in the address', () => {
  it('is read, and is the usual one where it says nothing that is known', () => {
    expect(read('sort=name-asc')).toEqual({ key: 'name', descending: false });
    for (const query of ['', 'sort=', 'sort=rate', 'sort=size-asc', 'sort=rate-up'])
      expect(read(query)).toEqual(USUAL);
  });
  it('is left out where it is the usual one', () => {
    expect(withSort(new URLSearchParams('sort=name-asc'), USUAL, USUAL).toString()).toBe('');
    expect(withSort(new URLSearchParams(), { key: 'name', descending: true }, USUAL).toString()).toBe(
      'sort=name-desc',
    );
  });
  it('turns round on the second click', () => {
    expect(nextSort(USUAL, 'rate', false).descending).toBe(false);
    expect(nextSort(USUAL, 'name', true)).toEqual({ key: 'name', descending: false });
  });
});

describe('sorted', () => {
  const rows = [
    { name: 'b', value: 2 },
    { name: 'nothing', value: null },
    { name: 'a', value: 2 },
    { name: 'c', value: 9 },
  ];
  const names = (descending: boolean) =>
    sorted(
      rows,
      ({ value }) => value,
      descending,
      ({ name }) => name,
    ).map(({ name }) => name);
  it('has equal rows by name and rows without a value last, in both directions', () => {
    expect(names(true)).toEqual(['c', 'a', 'b', 'nothing']);
    expect(names(false)).toEqual(['a', 'b', 'c', 'nothing']);
  });
  it('counts numbers within names', () => {
    const byName = sorted(
      ['s10', 's9'],
      (text) => text,
      false,
      (text) => text,
    );
    expect(byName).toEqual(['s9', 's10']);
  });
});
