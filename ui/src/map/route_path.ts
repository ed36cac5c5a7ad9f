import type { Point } from './layout';

// The lines of calls, as texts for <path d>.

/** How far a call within one column, or to itself, swings out. */
const SWING = 36;
const LOOP_HEIGHT = 26;

const text = (value: number) => String(Math.round(value * 10) / 10);

/** A curve through the points, level where it leaves and arrives. */
export function routePath(route: readonly Point[], loop: boolean): string {
  const [first] = route;
  if (loop) {
    const [x, out] = [first.x, first.x + SWING];
    const [above, below] = [first.y - LOOP_HEIGHT, first.y + LOOP_HEIGHT];
    return (
      `M${text(x)} ${text(first.y - 6)}` +
      `C${text(out)} ${text(above)} ${text(out)} ${text(below)} ${text(x)} ${text(first.y + 6)}`
    );
  }
  let path = `M${text(first.x)} ${text(first.y)}`;
  for (let at = 1; at < route.length; at++) {
    const [a, b] = [route[at - 1], route[at]];
    if (Math.abs(a.x - b.x) < 1) {
      path += `C${text(a.x + SWING)} ${text(a.y)} ${text(b.x + SWING)} ${text(b.y)} ${text(b.x)} ${text(b.y)}`;
      continue;
    }
    const middle = (a.x + b.x) / 2;
    path += `C${text(middle)} ${text(a.y)} ${text(middle)} ${text(b.y)} ${text(b.x)} ${text(b.y)}`;
  }
  return path;
}

/** The middle of a call's first stretch: there its words stand. */
function labelPlace([a, b = a]: readonly Point[], loop: boolean): Point {
  if (loop) return { x: a.x + SWING * 0.75, y: a.y - LOOP_HEIGHT };
  if (Math.abs(a.x - b.x) < 1) return { x: a.x + SWING * 0.75, y: (a.y + b.y) / 2 };
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}

export interface LabelAsk {
  route: readonly Point[];
  loop: boolean;
  /** Lines of text. */
  lines: number;
}

const LABEL_WIDTH = 52;
export const LINE_HEIGHT = 13;

/** Where the words of calls stand: in the middle of their first stretch, moved down where others stand already. */
export function placeLabels(asked: readonly LabelAsk[]): Point[] {
  const wishes = asked.map(({ route, loop }) => labelPlace(route, loop));
  const taken: { x: number; top: number; bottom: number }[] = [];
  const places = new Array<Point>(asked.length);
  const downwards = wishes.map((_, at) => at).sort((a, b) => wishes[a].y - wishes[b].y);
  for (const at of downwards) {
    const { x, y } = wishes[at];
    const height = asked[at].lines * LINE_HEIGHT;
    let top = y - height / 2;
    for (const other of taken) {
      if (Math.abs(other.x - x) < LABEL_WIDTH && top < other.bottom && top + height > other.top)
        top = other.bottom;
    }
    taken.push({ x, top, bottom: top + height });
    places[at] = { x, y: top + height / 2 };
  }
  return places;
}

/** From 1 to 4 pixels by the logarithm of the rate against the busiest: ten times as many are 1.25 more. */
export function lineWidth(count: number, busiest: number): number {
  return count <= 0 ? 1 : Math.max(1, 4 + 1.25 * Math.log10(count / Math.max(1, busiest)));
}
