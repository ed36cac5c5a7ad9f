import type { Colours } from './colours';
import type { Plot, Range } from './grid';

// What moves over the picture: the crosshair, the box with its handles, the ring around a point.

type Context = CanvasRenderingContext2D;
const HANDLE = 6;

/** Dashed lines through a place, down to `floor`. */
export function drawCrosshair(
  context: Context,
  plot: Plot,
  colours: Colours,
  { x, y }: { x: number; y: number },
  floor: number,
): void {
  context.strokeStyle = colours.ink;
  context.lineWidth = 1;
  context.setLineDash([2, 2]);
  context.beginPath();
  context.moveTo(Math.round(x) + 0.5, plot.top);
  context.lineTo(Math.round(x) + 0.5, floor);
  context.moveTo(0, Math.round(y) + 0.5);
  context.lineTo(plot.width, Math.round(y) + 0.5);
  context.stroke();
  context.setLineDash([]);
}

export function drawBox(context: Context, plot: Plot, colours: Colours, range: Range): void {
  const [left, right] = [Math.round(plot.x(range.column0)), Math.round(plot.x(range.column1))];
  const [top, bottom] = [Math.round(plot.y(range.row1)), Math.round(plot.y(range.row0))];
  const [x0, x1] = [Math.max(1, left), Math.min(plot.width - 1, Math.max(left + 2, right))];
  const [y0, y1] = [Math.max(1, top), Math.max(top + 2, bottom)];
  context.strokeStyle = context.fillStyle = colours.accent;
  context.lineWidth = 1.5;
  context.strokeRect(x0, y0, x1 - x0, y1 - y0);
  for (const x of [x0, x1])
    for (const y of [y0, y1]) context.fillRect(x - HANDLE / 2, y - HANDLE / 2, HANDLE, HANDLE);
}

export function drawRing(
  context: Context,
  colours: Colours,
  dot: { x: number; y: number; radius: number },
): void {
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.arc(dot.x, dot.y, dot.radius + 4, 0, 2 * Math.PI);
  context.stroke();
}
