// The order of a table, kept in the address as sort=p99-desc.

export interface Sort<K extends string = string> {
  key: K;
  descending: boolean;
}

export function readSort<K extends string>(
  parameters: URLSearchParams,
  keys: readonly K[],
  otherwise: Sort<K>,
  name = 'sort',
): Sort<K> {
  const [, key, direction] = /^(\w+)-(asc|desc)$/.exec(parameters.get(name) ?? '') ?? [];
  const known = keys.find((each) => each === key);
  return known === undefined ? otherwise : { key: known, descending: direction === 'desc' };
}

export function withSort(
  parameters: URLSearchParams,
  sort: Sort,
  otherwise: Sort,
  name = 'sort',
): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  if (sort.key === otherwise.key && sort.descending === otherwise.descending) changed.delete(name);
  else changed.set(name, `${sort.key}-${sort.descending ? 'desc' : 'asc'}`);
  return changed;
}

/** The sort after a click on a column's head: turned round where it is the one, else as the column usually begins. */
export function nextSort<K extends string>(sort: Sort<K>, key: K, text: boolean): Sort<K> {
  return sort.key === key ? { key, descending: !sort.descending } : { key, descending: !text };
}

export type SortValue = string | number | null;

/**
 * A sorted copy. What has no value stands last in either direction; equal rows keep the order of their names, so that
 * a table does not jump when it is read again.
 */
export function sorted<T>(
  rows: readonly T[],
  value: (row: T) => SortValue,
  descending: boolean,
  name: (row: T) => string,
): T[] {
  const keyed = rows.map((row) => ({ row, value: value(row), name: name(row) }));
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) {
      if (a.value !== b.value) return a.value === null ? 1 : -1;
    } else if (a.value !== b.value) {
      const order =
        typeof a.value === 'string' && typeof b.value === 'string'
          ? a.value.localeCompare(b.value, 'en', { numeric: true })
          : Number(a.value) - Number(b.value);
      if (order !== 0) return descending ? -order : order;
    }
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  });
  return keyed.map(({ row }) => row);
}
