import type { PathPart } from '../../api/types';
import { NONE } from '../columns';
import type { Trace } from '../trace';

/** Of the time that no finding tells about, how much belongs to each service: index, and share of it from 0 to 1. */
export function restServices(trace: Trace, parts: PathPart[]): { service: number; share: number }[] {
  const told = new Uint8Array(trace.count);
  for (const { kind, rows } of parts) {
    for (const row of rows) {
      if (row >= trace.count) continue;
      // What is below a loop or a retry belongs to it; other findings are about the spans' own time.
      const below = kind === 'repeats' || kind === 'retry';
      told.fill(1, row, below ? trace.structure.subtreeEnd[row]! : row + 1);
    }
  }
  const { pathRow, pathStart, pathEnd, service } = trace.columns;
  const units = new Map<number, number>();
  let total = 0;
  for (let index = 0; index < pathRow.length; index++) {
    const row = pathRow[index]!;
    if (row === NONE || told[row]) continue;
    const length = pathEnd[index]! - pathStart[index]!;
    units.set(service[row]!, (units.get(service[row]!) ?? 0) + length);
    total += length;
  }
  return [...units]
    .map(([index, length]) => ({ service: index, share: length / Math.max(1, total) }))
    .filter((part) => part.share > 0)
    .sort((a, b) => b.share - a.share);
}
