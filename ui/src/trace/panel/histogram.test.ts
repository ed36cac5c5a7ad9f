import { expect, it } from 'vitest';
import { BARS, histogram } from './histogram';

const usual = (buckets: [string, string, number][]) => ({
  ...{ count: 10, p50Nano: '1', p95Nano: '1', p99Nano: '1' },
  buckets,
});

it('keeps all spans, whatever the buckets, and holds the marker', () => {
  const { bars, marker } = histogram(
    usual([
      ['100', '200', 5],
      ['200', '400', 10],
      ['1500', '1600', 5],
    ]),
    800,
  );
  expect(bars).toHaveLength(BARS);
  expect(Math.max(...bars)).toBe(1);
  expect(marker).toBeCloseTo(Math.log(8) / Math.log(16));
  const middle = BARS / 2;
  const sum = (part: number[]) => part.reduce((all, bar) => all + bar, 0);
  expect(sum(bars.slice(0, middle)) / sum(bars)).toBeCloseTo(0.75, 1);
});

it('makes room for a span that is slower than all of them, and takes a single value', () => {
  expect(histogram(usual([['100', '200', 5]]), 1600).marker).toBe(1);
  const one = histogram(usual([['100', '101', 5]]), 100);
  expect(one.marker).toBe(0);
  expect(one.bars.every(Number.isFinite)).toBe(true);
});
