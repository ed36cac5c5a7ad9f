import type { Trace } from '../trace';
import type { Axis } from './axis';

// The comb: the bar of similar siblings. A member that is wide enough is a bar of its own; where members are narrower,
// even teeth stand for them, and a wide gap between members is left empty.

const TOOTH = 3;
const PITCH = 4;
/** Members closer than this make one run of teeth. */
const GAP_MIN = 6;
/** More members than this on a pixel are not looked at one by one. */
const MEMBERS_PER_PIXEL = 4;

/** Draws the members from `first` to before `end`, siblings of each other. */
export function drawComb(
  context: CanvasRenderingContext2D,
  trace: Trace,
  axis: Axis,
  members: { first: number; end: number; count: number },
  top: number,
  height: number,
): void {
  const { subtreeEnd } = trace.structure;
  const stride = Math.max(1, Math.floor(members.count / (axis.width * MEMBERS_PER_PIXEL)));
  let [from, to] = [0, -Infinity];
  const flush = () => {
    if (to > from) drawTeeth(context, from, to, top, height);
  };
  let skipped = 0;
  for (let row = members.first; row < members.end; row = subtreeEnd[row]!) {
    if (skipped++ % stride !== 0) continue;
    const [x, end] = [axis.x(trace.start(row)), axis.x(trace.end(row))];
    if (end < 0 || x > axis.width) continue;
    if (end - x >= PITCH) {
      context.fillRect(x, top, end - x - 1, height);
      continue;
    }
    if (x - to > GAP_MIN) {
      flush();
      from = x;
    }
    to = Math.max(to, end, x + 1);
  }
  flush();
}

function drawTeeth(
  context: CanvasRenderingContext2D,
  from: number,
  to: number,
  top: number,
  height: number,
): void {
  const begin = Math.max(from, -PITCH);
  for (let x = Math.floor(begin / PITCH) * PITCH; x < to; x += PITCH) {
    const left = Math.max(x, from);
    const right = Math.min(x + TOOTH, Math.max(to, from + 1));
    if (right > left) context.fillRect(left, top, right - left, height);
  }
}
