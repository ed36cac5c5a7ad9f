import type { Overview, OverviewPoint } from '../../api/types';
import type { Colours } from './colours';
import type { Plot } from './grid';

// The picture of single traces: where they began and how long they took, larger with more spans. A trace with an
// error is a red ring around a square, so that shape tells it too.

const RADIUS_MIN = 1.6;
const RADIUS_MAX = 6;

export interface Dot {
  x: number;
  y: number;
  radius: number;
  point: OverviewPoint;
}

export const hasError = (point: OverviewPoint) => point[3] > 0;

/** The points on the canvas, in order of time. */
export function placeDots(plot: Plot, { points }: Overview): Dot[] {
  const most = points.reduce((largest, [, , spans]) => Math.max(largest, spans), 1);
  return points
    .map((point) => ({
      x: plot.x(Math.min(plot.grid.columns, Math.max(0, plot.grid.columnOf(BigInt(point[0]))))),
      y: plot.y(plot.grid.rowOf(Number(point[1]))),
      // The area tells the spans.
      radius: Math.max(RADIUS_MIN, RADIUS_MAX * Math.sqrt(point[2] / most)),
      point,
    }))
    .sort((a, b) => a.x - b.x || a.y - b.y);
}

export function drawDots(context: CanvasRenderingContext2D, dots: readonly Dot[], colours: Colours): void {
  context.fillStyle = colours.point;
  context.globalAlpha = 0.55;
  for (const { x, y, radius, point } of dots) {
    if (hasError(point)) continue;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
  context.fillStyle = context.strokeStyle = colours.error;
  context.lineWidth = 1.25;
  context.beginPath();
  for (const { x, y, radius, point } of dots) {
    if (!hasError(point)) continue;
    context.moveTo(x + radius + 2, y);
    context.arc(x, y, radius + 2, 0, 2 * Math.PI);
    const half = Math.max(1, radius * 0.7);
    context.fillRect(x - half, y - half, 2 * half, 2 * half);
  }
  context.stroke();
}

/** The dot that lies nearest to a place on the canvas, within `reach` of its edge; -1 where none does. */
export function nearestDot(dots: readonly Dot[], x: number, y: number, reach: number): number {
  let nearest = -1;
  let least = reach;
  dots.forEach((dot, index) => {
    const distance = Math.hypot(dot.x - x, dot.y - y) - dot.radius;
    if (distance > least || (distance === least && nearest >= 0)) return;
    least = distance;
    nearest = index;
  });
  return nearest;
}

/** The dot that a key leads to: left and right in time, up and down in duration. -1 is none yet. */
export function stepDot(dots: readonly Dot[], from: number, key: string): number | null {
  const last = dots.length - 1;
  if (last < 0) return null;
  const dot = dots[from];
  if (key === 'Home' || (!dot && key === 'ArrowRight')) return 0;
  if (key === 'End' || (!dot && ['ArrowLeft', 'ArrowUp', 'ArrowDown'].includes(key))) return last;
  if (key === 'ArrowRight') return Math.min(last, from + 1);
  if (key === 'ArrowLeft') return Math.max(0, from - 1);
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return null;
  const byDuration = dots.map((_, index) => index).sort((a, b) => dots[b]!.y - dots[a]!.y || a - b);
  const next = byDuration.indexOf(from) + (key === 'ArrowUp' ? 1 : -1);
  return byDuration[Math.min(last, Math.max(0, next))]!;
}
