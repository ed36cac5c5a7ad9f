import type { Trace } from './trace';

/** Time of each row on the critical path, its own without its children's, in units; null where there is no path. */
export function pathTimes({ columns, structure, count }: Trace): Float64Array | null {
  if (columns.pathRow.length === 0) return null;
  const { timeBefore } = structure.path;
  return Float64Array.from({ length: count }, (_, row) => timeBefore[row + 1]! - timeBefore[row]!);
}
