import { describe, expect, it } from 'vitest';
import { Grid, Plot } from './grid';
import { makeOverview } from './made_overview';
import { nearestDot, placeDots, stepDot } from './scatter';

const START = 1_700_000_000_000_000_000n;
// In order of time: 10 ms, 1 s, 100 ms.
const overview = makeOverview(
  [
    [START + 3000n, 1e8, 0],
    [START + 1000n, 1e7, 0],
    [START + 2000n, 1e9, 1],
  ],
  { start: START, end: START + 4000n },
);
const dots = placeDots(new Plot(new Grid(overview), 400, 0, 100), overview);

describe('the points of the scatter plot', () => {
  it('lie in order of time, longer ones higher, with more spans larger', () => {
    expect(dots.map(({ x }) => Math.round(x))).toEqual([100, 200, 300]);
    expect(dots.map(({ y }) => Math.round(y))).toEqual([100, 0, 50]);
    expect(dots[1]!.radius).toBeGreaterThan(dots[0]!.radius);
  });
  it('are found near a pointer, and not from afar', () => {
    expect(nearestDot(dots, 204, 3, 8)).toBe(1);
    expect(nearestDot(dots, 250, 30, 8)).toBe(-1);
    expect(nearestDot([], 0, 0, 8)).toBe(-1);
  });
  it('are walked by keys in time and in duration', () => {
    expect([stepDot(dots, 0, 'ArrowRight'), stepDot(dots, 2, 'ArrowRight')]).toEqual([1, 2]);
    expect([stepDot(dots, -1, 'ArrowRight'), stepDot(dots, -1, 'ArrowLeft')]).toEqual([0, 2]);
    expect([stepDot(dots, 0, 'ArrowUp'), stepDot(dots, 2, 'ArrowUp'), stepDot(dots, 1, 'ArrowUp')]).toEqual([
      2, 1, 1,
    ]);
    expect([stepDot(dots, 1, 'ArrowDown'), stepDot(dots, 0, 'ArrowDown')]).toEqual([2, 0]);
    expect([stepDot(dots, 1, 'x'), stepDot([], 0, 'ArrowRight')]).toEqual([null, null]);
  });
});
