import type { Overview } from '../../api/types';
import { counted } from '../../format/count';
import { formatDuration } from '../../format/duration';
import type { Cell } from './brush';
import type { Grid } from './grid';
import type { Dot } from './scatter';
import { momentInWords } from './ticks';

// What stands at the crosshair, in lines of words: the tip for the eye, and what is read out.

/** Cells by place, for looking one up. */
export function indexCells(overview: Overview, grid: Grid): Map<number, [traces: number, withError: number]> {
  return new Map(
    overview.cells.map(([column, row, traces, withError]) => [
      column * grid.rows + grid.row(row),
      [traces, withError],
    ]),
  );
}

export function cellInWords(
  overview: Overview,
  grid: Grid,
  counts: ReturnType<typeof indexCells>,
  { column, row }: Cell,
): string[] {
  const [traces, withError] = counts.get(column * grid.rows + row) ?? [0, 0];
  const [from, to] = [grid.startAt(column), grid.startAt(column + 1)];
  const lines = [
    `${momentInWords(from, grid)} to ${momentInWords(to, grid)}`,
    `${formatDuration(grid.durationAt(row))} to ${formatDuration(grid.durationAt(row + 1))}`,
    traces === 0 ? 'no traces' : `${counted(traces, 'trace')}, ${withError} with errors`,
  ];
  const [p50, p99] = [overview.columnP50Nano[column], overview.columnP99Nano[column]];
  if (p50 && p99)
    lines.push(`at that time p50 ${formatDuration(Number(p50))}, p99 ${formatDuration(Number(p99))}`);
  return lines;
}

export function dotInWords({ point }: Dot, grid: Grid): string[] {
  const [start, duration, spans, withError, , rootService] = point;
  return [
    `${rootService || 'unnamed service'}, ${formatDuration(Number(duration))}`,
    momentInWords(BigInt(start), grid),
    withError > 0 ? `${counted(spans, 'span')}, ${counted(withError, 'error')}` : counted(spans, 'span'),
  ];
}
