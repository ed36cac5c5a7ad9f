import { describe, expect, it } from 'vitest';
import { linearScale, logScale } from './scale';

const values = ({ ticks }: { ticks: { value: number }[] }) =>
  ticks.map(({ value }) => Number(value.toPrecision(6)));

describe('linearScale', () => {
  it.each([
    [2.7, 3, [0, 1, 2, 3]],
    [12, 3, [0, 5, 10, 15]],
    [0.14, 2, [0, 0.1, 0.2]],
    [100, 2, [0, 50, 100]],
  ])('up to %d in %d parts has round ticks', (greatest, parts, ticks) => {
    expect(values(linearScale(greatest, parts))).toEqual(ticks);
  });
  it('of nothing stands on its ground', () => {
    const scale = linearScale(0, 3);
    expect(scale.place(0)).toBe(0);
    expect(scale.ticks.every(({ at }) => Number.isFinite(at))).toBe(true);
  });
});

describe('logScale', () => {
  it.each([
    [2e6, 8e6, [2e6, 5e6, 1e7]],
    [1e6, 3e7, [1e6, 3e6, 1e7, 3e7]],
    [3e3, 5e9, [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10]],
  ])('from %d to %d', (least, greatest, ticks) => {
    expect(values(logScale(least, greatest))).toEqual(ticks);
  });
  it('holds its values, from the bottom to the top', () => {
    for (const [least, greatest] of [
      [1, 1],
      [5, 5],
      [7, 9e12],
      [0, 0],
      [0.3, 0.31],
    ]) {
      const scale = logScale(least, greatest);
      expect(scale.place(greatest)).toBeLessThanOrEqual(1 + 1e-9);
      if (least > 0) expect(scale.place(least)).toBeGreaterThanOrEqual(-1e-9);
      expect(scale.ticks[0].at).toBeCloseTo(0);
      expect(scale.ticks.at(-1)?.at).toBeCloseTo(1);
    }
  });
});
