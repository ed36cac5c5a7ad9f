import type { Overview } from '../../api/types';
import { cellPixel } from './colour_scale';
import type { Colours } from './colours';
import type { Plot } from './grid';

// The picture of counts: a cell for each column and row that has traces, and the quantiles over them.

type Context = CanvasRenderingContext2D;

/** The most traces that one cell has: what the darkest colour stands for. */
export function mostInCell({ cells }: Overview): number {
  return cells.reduce((most, [, , traces]) => Math.max(most, traces), 1);
}

/** One pixel for each cell, made as large as the plot: far quicker than a rectangle for each. */
export function drawCells(context: Context, plot: Plot, overview: Overview, colours: Colours): void {
  const { grid } = plot;
  const most = mostInCell(overview);
  const small = document.createElement('canvas');
  small.width = grid.columns;
  small.height = grid.rows;
  const smallContext = small.getContext('2d') as Context;
  const image = smallContext.createImageData(grid.columns, grid.rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (const [column, serverRow, traces, withError] of overview.cells) {
    const line = grid.rows - 1 - grid.row(serverRow);
    pixels[line * grid.columns + column] = cellPixel(colours, traces, withError, most);
  }
  smallContext.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, plot.top, plot.width, plot.bottom - plot.top);
}

/** Of fewer traces in a column a quantile is just one of them, and its line would hide their cells. */
const TRACES_FOR_QUANTILES = 5;

/** Whether columns hold enough traces, on average where they hold any, for lines of quantiles to tell something. */
export function tellsQuantiles({ traceCount, columnP50Nano }: Overview): boolean {
  return traceCount >= TRACES_FOR_QUANTILES * columnP50Nano.filter((quantile) => quantile !== null).length;
}

/** One quantile over time, with a halo that parts it from the cells. It stops where a column is empty. */
export function drawQuantile(
  context: Context,
  plot: Plot,
  quantiles: readonly (string | null)[],
  colours: Colours,
): void {
  context.beginPath();
  let drawing = false;
  quantiles.forEach((quantile, column) => {
    if (quantile === null) {
      drawing = false;
      return;
    }
    const y = plot.y(plot.grid.rowOf(Number(quantile)));
    const alone = !drawing && (quantiles[column + 1] ?? null) === null;
    if (!drawing) context.moveTo(plot.x(alone || column === 0 ? column : column + 0.5), y);
    else context.lineTo(plot.x(column + 0.5), y);
    if (alone || column === quantiles.length - 1) context.lineTo(plot.x(column + 1), y);
    drawing = true;
  });
  context.lineJoin = 'round';
  context.strokeStyle = colours.surface;
  context.globalAlpha = 0.75;
  context.lineWidth = 3.5;
  context.stroke();
  context.globalAlpha = 1;
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.25;
  context.stroke();
}

/** Traces with an error in each column. */
export function errorsByColumn({ columns, cells }: Overview): number[] {
  const errors = new Array<number>(columns).fill(0);
  for (const [column, , , withError] of cells) errors[column]! += withError;
  return errors;
}

/** Errors over time as heights: the same as the red cells say, for those who do not see red. */
export function drawErrorStrip(
  context: Context,
  plot: Plot,
  overview: Overview,
  colours: Colours,
  { floor, height }: { floor: number; height: number },
): void {
  const errors = errorsByColumn(overview);
  const most = Math.max(1, ...errors);
  context.fillStyle = colours.error;
  errors.forEach((count, column) => {
    if (count === 0) return;
    const high = Math.max(1, Math.round((count / most) * height));
    const left = Math.round(plot.x(column));
    context.fillRect(left, floor - high, Math.max(1, Math.round(plot.x(column + 1)) - left - 1), high);
  });
  context.fillStyle = colours.line;
  context.fillRect(0, floor, plot.width, 1);
}
