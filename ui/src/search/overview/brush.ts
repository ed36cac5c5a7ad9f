import type { Grid, Plot, Range } from './grid';

// Drawing a box, moving it and pulling its edges: what a drag makes of a range of the grid.

/** What is held: edges of the box that is there, all of it, or nothing, which draws a new one. */
export type Grip = { left: boolean; right: boolean; top: boolean; bottom: boolean } | 'inside' | 'new';

export interface Point {
  x: number;
  y: number;
}

/** What a pointer takes hold of. Edges win, so that a small box can still be pulled larger. */
export function gripAt(plot: Plot, box: Range | null, { x, y }: Point, reach: number): Grip {
  if (!box) return 'new';
  const [x0, x1, y0, y1] = [plot.x(box.column0), plot.x(box.column1), plot.y(box.row1), plot.y(box.row0)];
  if (x < x0 - reach || x > x1 + reach || y < y0 - reach || y > y1 + reach) return 'new';
  const left = Math.abs(x - x0) <= reach;
  const top = Math.abs(y - y0) <= reach;
  const right = !left && Math.abs(x - x1) <= reach;
  const bottom = !top && Math.abs(y - y1) <= reach;
  return left || right || top || bottom ? { left, right, top, bottom } : 'inside';
}

/** The pointer that a grip deserves. */
export function cursorOf(grip: Grip): string {
  if (grip === 'new') return 'crosshair';
  if (grip === 'inside') return 'move';
  if ((grip.left && grip.top) || (grip.right && grip.bottom)) return 'nwse-resize';
  if ((grip.left && grip.bottom) || (grip.right && grip.top)) return 'nesw-resize';
  return grip.left || grip.right ? 'ew-resize' : 'ns-resize';
}

/** The range that a drag from one point to another makes of `box`; in whole cells where `whole`. */
export function dragged(
  plot: Plot,
  box: Range | null,
  grip: Grip,
  from: Point,
  to: Point,
  whole: boolean,
): Range {
  const { grid } = plot;
  const round = whole ? Math.round : (at: number) => at;
  if (grip === 'new' || !box) {
    const range = {
      column0: plot.column(Math.min(from.x, to.x)),
      column1: plot.column(Math.max(from.x, to.x)),
      row0: plot.row(Math.max(from.y, to.y)),
      row1: plot.row(Math.min(from.y, to.y)),
    };
    return clipped(grid, whole ? outwards(range) : range);
  }
  const [byColumns, byRows] = [
    round(plot.column(to.x) - plot.column(from.x)),
    round(plot.row(to.y) - plot.row(from.y)),
  ];
  if (grip === 'inside') return moved(grid, box, byColumns, byRows);
  const [columnA, columnB] = pulled(box.column0, box.column1, grip.left, grip.right, byColumns);
  const [rowA, rowB] = pulled(box.row0, box.row1, grip.bottom, grip.top, byRows);
  return clipped(grid, {
    column0: Math.min(columnA, columnB),
    column1: Math.max(columnA, columnB),
    row0: Math.min(rowA, rowB),
    row1: Math.max(rowA, rowB),
  });
}

function pulled(
  low: number,
  high: number,
  pullsLow: boolean,
  pullsHigh: boolean,
  by: number,
): [number, number] {
  return [pullsLow ? low + by : low, pullsHigh ? high + by : high];
}

/** Every cell that is touched. */
function outwards({ column0, column1, row0, row1 }: Range): Range {
  return {
    column0: Math.floor(column0),
    column1: Math.max(Math.floor(column0) + 1, Math.ceil(column1)),
    row0: Math.floor(row0),
    row1: Math.max(Math.floor(row0) + 1, Math.ceil(row1)),
  };
}

function clipped(grid: Grid, { column0, column1, row0, row1 }: Range): Range {
  const column = (at: number) => Math.min(grid.columns, Math.max(0, at));
  const row = (at: number) => Math.min(grid.rows, Math.max(0, at));
  return { column0: column(column0), column1: column(column1), row0: row(row0), row1: row(row1) };
}

/** The box at another place, as large as before: it stops at the edges of the picture. */
function moved(grid: Grid, box: Range, byColumns: number, byRows: number): Range {
  const columns = Math.min(grid.columns - box.column1, Math.max(-box.column0, byColumns));
  const rows = Math.min(grid.rows - box.row1, Math.max(-box.row0, byRows));
  return {
    column0: box.column0 + columns,
    column1: box.column1 + columns,
    row0: box.row0 + rows,
    row1: box.row1 + rows,
  };
}

export interface Cell {
  column: number;
  row: number;
}

/** All cells from one to the other, both included. */
export function rangeOfCells(a: Cell, b: Cell): Range {
  return {
    column0: Math.min(a.column, b.column),
    column1: Math.max(a.column, b.column) + 1,
    row0: Math.min(a.row, b.row),
    row1: Math.max(a.row, b.row) + 1,
  };
}

/** The cell that a key leads to from another; null where the key is none of these. */
export function stepCell(grid: Grid, { column, row }: Cell, key: string): Cell | null {
  const steps: Record<string, [number, number]> = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, 1],
    ArrowDown: [0, -1],
    PageUp: [0, 6],
    PageDown: [0, -6],
    Home: [-Infinity, 0],
    End: [Infinity, 0],
  };
  const step = steps[key];
  if (!step) return null;
  return grid.cellAt(
    Math.min(grid.columns - 1, Math.max(0, column + step[0])),
    Math.min(grid.rows - 1, Math.max(0, row + step[1])),
  );
}
