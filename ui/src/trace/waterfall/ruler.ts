import { formatDuration } from '../../format/duration';
import type { Axis } from './axis';
import type { Palette } from './palette';
import type { Surface } from './surface';

/** Draws the ticks above the bars, and the time under the pointer over them. */
export function drawRuler(
  { context, width, height }: Surface,
  palette: Palette,
  axis: Axis,
  pointed: number | null,
): void {
  const { ticks, at } = axis.ticks();
  context.textAlign = 'left';
  let labelEnd = -Infinity;
  for (const [x, nano] of at) {
    context.fillStyle = palette.colour('line-strong');
    context.fillRect(x, height - 8, 1, 8);
    const label = ticks.label(nano);
    const labelWidth = context.measureText(label).width;
    if (x + 4 < labelEnd + 4 || x + 4 + labelWidth > width) continue;
    context.fillStyle = palette.colour('text-2');
    context.fillText(label, x + 4, height / 2);
    labelEnd = x + 4 + labelWidth;
  }
  if (pointed === null) return;
  const text = formatDuration(axis.trace.nano(pointed));
  const box = context.measureText(text).width + 10;
  const left = Math.min(width - box, Math.max(0, axis.x(pointed) - box / 2));
  context.fillStyle = palette.colour('ink');
  context.beginPath();
  context.roundRect(left, 3, box, height - 6, 3);
  context.fill();
  context.fillStyle = palette.colour('surface');
  context.fillText(text, left + 5, height / 2 + 0.5);
}
