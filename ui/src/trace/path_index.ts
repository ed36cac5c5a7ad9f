import { NONE, type Columns } from './columns';

/** The critical path, as a row asks for it. What the path is: docs/formats/trace_columns.md. */
export interface PathIndex {
  /** Segments of row i: `segment[begin[i]] .. segment[begin[i + 1]]`, indices of the path columns, in order of time. */
  begin: Uint32Array;
  segment: Uint32Array;
  /** 1 for a row that has time on the path, itself or below it. */
  on: Uint8Array;
  /** Time on the path, in units, of the rows before row i: a difference is that of a run of rows. */
  timeBefore: Float64Array;
}

/** Sorts the segments by row, by counting. Linear. */
export function indexPath({ parent, pathRow, pathStart, pathEnd }: Columns): PathIndex {
  const count = parent.length;
  const begin = new Uint32Array(count + 1);
  const on = new Uint8Array(count);
  const timeBefore = new Float64Array(count + 1);
  for (let index = 0; index < pathRow.length; index++) {
    const row = pathRow[index]!;
    if (row === NONE) continue; // No span covers this part.
    begin[row + 1]!++;
    on[row] = 1;
    timeBefore[row + 1]! += pathEnd[index]! - pathStart[index]!;
  }
  for (let row = 0; row < count; row++) {
    begin[row + 1]! += begin[row]!;
    timeBefore[row + 1]! += timeBefore[row]!;
  }
  const segment = new Uint32Array(begin[count]!);
  const next = begin.slice();
  for (let index = 0; index < pathRow.length; index++) {
    if (pathRow[index] !== NONE) segment[next[pathRow[index]!]!++] = index;
  }
  for (let row = count - 1; row >= 0; row--) if (on[row] && parent[row] !== NONE) on[parent[row]!] = 1;
  return { begin, segment, on, timeBefore };
}
