/** The part of a trace's time that is on the screen, in units. */
export interface TimeWindow {
  from: number;
  to: number;
}

/** Zooming in ends where a unit fills a good part of the screen. */
const UNITS_MIN = 4;

function within(from: number, length: number, total: number): TimeWindow {
  const kept = Math.min(total, Math.max(length, Math.min(UNITS_MIN, total)));
  const begin = Math.min(total - kept, Math.max(0, from));
  return { from: begin, to: begin + kept };
}

export function wholeTrace(total: number): TimeWindow {
  return { from: 0, to: total };
}

/** Shows `factor` times as much time as before; what is under `anchor` stays where it is. */
export function zoom({ from, to }: TimeWindow, total: number, factor: number, anchor: number): TimeWindow {
  const length = Math.min(total, Math.max((to - from) * factor, Math.min(UNITS_MIN, total)));
  const share = (anchor - from) / (to - from);
  return within(anchor - share * length, length, total);
}

export function pan({ from, to }: TimeWindow, total: number, by: number): TimeWindow {
  return within(from + by, to - from, total);
}

/** The window between two times, in whichever order they come. */
export function between(a: number, b: number, total: number): TimeWindow {
  const [from, to] = a < b ? [a, b] : [b, a];
  return within(from, Math.min(to, total) - Math.max(from, 0), total);
}

export function isWhole({ from, to }: TimeWindow, total: number): boolean {
  return from <= 0 && to >= total;
}
