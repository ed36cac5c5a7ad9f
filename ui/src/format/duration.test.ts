import { describe, expect, it } from 'vitest';
import { axisTicks, formatDuration, parseGoDuration } from './duration';

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '1 ns'],
    [850, '850 ns'],
    [12_340, '12.3 µs'],
    [999_499, '999 µs'],
    [999_600, '1.00 ms'],
    [8_210_000, '8.21 ms'],
    [126_400_000, '126 ms'],
    [999_960_000, '1.00 s'],
    [3_120_000_000, '3.12 s'],
    [59_940_000_000, '59.9 s'],
    [59_960_000_000, '1 min'],
    [83_000_000_000, '1 min 23 s'],
    [3_599_900_000_000, '1 h'],
    [7_500_000_000_000, '2 h 5 min'],
    [86_400_000_000_000 * 3 + 3_600_000_000_000 * 4, '3 d 4 h'],
    [-2_000_000, '-2.00 ms'],
  ])('%d ns is %s', (nanoseconds, text) => {
    expect(formatDuration(nanoseconds)).toBe(text);
  });
});

describe('parseGoDuration', () => {
  it.each([
    ['100ms', 1e8],
    ['1.2s', 1.2e9],
    ['1h30m', 5400e9],
    [' 5 us ', 5000],
    ['5µs', 5000],
    ['.5s', 5e8],
    ['7ns', 7],
  ])('reads %s', (text, nanoseconds) => {
    expect(parseGoDuration(text)).toBeCloseTo(nanoseconds);
  });
  it.each(['', '100', 'ms', '1x', '1s2', '-1s', '1.2.3s', 'fast'])('refuses %j', (text) => {
    expect(parseGoDuration(text)).toBeNull();
  });
});

describe('axisTicks', () => {
  it('has about six ticks of one unit', () => {
    const ticks = axisTicks(3.12e9, 3.12e9, 6);
    expect(ticks.step).toBe(1e9);
    expect([0, 1e9, 2e9].map(ticks.label)).toEqual(['0', '1 s', '2 s']);
  });
  it('keeps the digits that a deep zoom needs', () => {
    const ticks = axisTicks(40_000, 1_500_000_000, 6);
    expect(ticks.step).toBe(10_000);
    expect(ticks.label(1_400_010_000)).toBe('1400.01 ms');
  });
  it('does not divide a nanosecond', () => {
    const ticks = axisTicks(1, 1, 6);
    expect(ticks.step).toBe(1);
    expect([0, 1].map(ticks.label)).toEqual(['0', '1 ns']);
  });
  it('counts hours and days for traces that take them', () => {
    const ticks = axisTicks(3 * 86_400e9, 3 * 86_400e9, 6);
    expect(ticks.step).toBe(12 * 3_600e9);
    expect(ticks.label(36 * 3_600e9)).toBe('1 d 12 h');
  });
});
