import { NONE, type Columns } from './columns';

/** Time of each row on the critical path, its own without its children's, in units; null where there is no path. */
export function pathTimes({ parent, pathRow, pathStart, pathEnd }: Columns): Float64Array | null {
  if (pathRow.length === 0) return null;
  const times = new Float64Array(parent.length);
  for (let index = 0; index < pathRow.length; index++) {
    if (pathRow[index] !== NONE) times[pathRow[index]!]! += pathEnd[index]! - pathStart[index]!;
  }
  return times;
}
