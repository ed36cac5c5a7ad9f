import { describe, expect, it } from 'vitest';
import { elapsedSeconds, errorShare, formatNumber, formatRate, formatShare, rateUnit } from './numbers';

describe('rates', () => {
  it.each([
    [1240, '1,240/s'],
    [38.64, '38.6/s'],
    [1.138, '1.14/s'],
    [0.05, '3.00/min'],
    [0.002, '7.20/h'],
    [0.000001, '<0.01/h'],
    [0, '0/s'],
  ])('%d per second is %s', (perSecond, text) => {
    expect(formatRate(perSecond)).toBe(text);
  });
  it('have the unit of the greatest of their column', () => {
    expect(formatRate(0.002, rateUnit(40))).toBe('<0.01/s');
    expect(formatRate(0.02, rateUnit(40))).toBe('0.02/s');
  });
  it('have three digits and no more', () => {
    expect([9.994, 9.996, 99.94, 99.96, 1234567].map(formatNumber)).toEqual([
      '9.99',
      '10.0',
      '99.9',
      '100',
      '1,234,567',
    ]);
  });
});

describe('shares', () => {
  it.each([
    [0, 100, '0 %'],
    [1, 1_000_000, '<0.01 %'],
    [12, 4100, '0.29 %'],
    [999, 100_000, '1.0 %'],
    [21, 1000, '2.1 %'],
    [12, 100, '12 %'],
    [999_999, 1_000_000, '>99 %'],
    [7, 7, '100 %'],
    [0, 0, '0 %'],
  ])('%d of %d is %s', (part, whole, text) => {
    expect(formatShare(part, whole)).toBe(text);
  });
  it('of nothing is none', () => {
    expect(errorShare({ count: 0, errorCount: 0 })).toBe(0);
  });
});

it('counts rates over the part of a window that has passed', () => {
  expect(elapsedSeconds(0, 3_600_000, 1_800_000)).toBe(1800);
  expect(elapsedSeconds(0, 3_600_000, 9_000_000)).toBe(3600);
  expect(elapsedSeconds(5_000, 3_600_000, 0)).toBe(1);
});
