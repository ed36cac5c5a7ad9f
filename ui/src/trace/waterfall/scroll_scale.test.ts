import { expect, it } from 'vitest';
import { ScrollScale } from './scroll_scale';

it('is the identity for traces of ordinary size', () => {
  const scale = new ScrollScale(100_000 * 24, 700);
  expect(scale.scaled).toBe(false);
  expect(scale.spacer).toBe(2_400_000);
  expect([scale.offset(12_345), scale.scrollTop(12_345)]).toEqual([12_345, 12_345]);
});

it('reaches both ends of a trace that is too high for any browser', () => {
  const scale = new ScrollScale(5_000_000 * 24, 700);
  expect(scale.scaled).toBe(true);
  expect(scale.spacer).toBeLessThan(17_000_000);
  expect(scale.offset(0)).toBe(0);
  expect(scale.offset(scale.spacer - 700)).toBeCloseTo(5_000_000 * 24 - 700, 3);
  expect(scale.scrollTop(scale.offset(1_234_567))).toBeCloseTo(1_234_567, 3);
});

it('does not scroll what fits', () => {
  expect(new ScrollScale(240, 700).offset(500)).toBe(0);
});
