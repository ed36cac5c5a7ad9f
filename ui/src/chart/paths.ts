// The outlines of marks over equal steps of time, as texts for <path d>.

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

const round = (value: number) => Math.round(value * 100) / 100;
/** Bars keep a gap between them where they are wide enough to lose it. */
const GAPPED = 4;

/** One bar a step, from the bottom up; heights are from 0 to 1, a step with 0 has none. */
export function barsPath(heights: readonly number[], box: Box, shortest = 1): string {
  const step = box.width / Math.max(1, heights.length);
  const width = step > GAPPED ? step - 1 : step;
  const bottom = box.top + box.height;
  let path = '';
  for (let index = 0; index < heights.length; index++) {
    if (!(heights[index] > 0)) continue;
    const high = Math.min(box.height, Math.max(shortest, heights[index] * box.height));
    path += `M${round(box.left + index * step)} ${round(bottom)}v${-round(high)}h${round(width)}v${round(high)}z`;
  }
  return path;
}

/** A line through the middle of the steps, broken where there is no value; a value alone is a dot. */
export function linePath(places: readonly (number | null)[], box: Box): string {
  const step = box.width / Math.max(1, places.length);
  let path = '';
  let drawing = false;
  for (let index = 0; index < places.length; index++) {
    const place = places[index];
    if (place === null) {
      drawing = false;
      continue;
    }
    const x = round(box.left + (index + 0.5) * step);
    const y = round(box.top + box.height * (1 - Math.min(1, Math.max(0, place))));
    const alone = !drawing && (index + 1 === places.length || places[index + 1] === null);
    path += `${drawing ? 'L' : 'M'}${x} ${y}${alone ? 'h0.01' : ''}`;
    drawing = true;
  }
  return path;
}

/** The places of labels that stand beside lines, moved apart by at least `room`, within the box, in their order. */
export function spreadLabels(places: readonly number[], room: number, low: number, high: number): number[] {
  const order = places.map((_, index) => index).sort((a, b) => places[a] - places[b]);
  const spread = [...places];
  let least = low;
  for (const index of order) {
    spread[index] = Math.max(spread[index], least);
    least = spread[index] + room;
  }
  let most = high;
  for (const index of order.reverse()) {
    spread[index] = Math.min(spread[index], most);
    most = spread[index] - room;
  }
  return spread;
}
