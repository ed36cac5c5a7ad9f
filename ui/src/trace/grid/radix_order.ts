// Sorts rows by a 32-bit number each: least significant half first, each half by counting. Stable and linear, so that
// a million spans are in order before a reader has let go of the mouse.

const RADIX = 1 << 16;

/** The same rows in ascending (or descending) order of `keys[row]`; equal ones stay in the order they had. */
export function radixOrder(rows: Uint32Array, keys: Uint32Array, descending: boolean): Uint32Array {
  let [from, to] = [rows.slice(), new Uint32Array(rows.length)];
  const next = new Uint32Array(RADIX + 1);
  for (const shift of [0, 16]) {
    // Descending is ascending by the complement; unlike reversing, that keeps equal rows in their order.
    const digit = (row: number) => ((descending ? ~keys[row]! : keys[row]!) >>> shift) & (RADIX - 1);
    next.fill(0);
    for (const row of from) next[digit(row) + 1]!++;
    for (let value = 0; value < RADIX; value++) next[value + 1]! += next[value]!;
    for (const row of from) to[next[digit(row)]!++] = row;
    [from, to] = [to, from];
  }
  return from;
}
