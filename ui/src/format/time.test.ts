import { afterEach, describe, expect, it } from 'vitest';
import { formatAgo, formatExactTime, formatTime } from './time';
import { chooseZone } from './zone';

const AT = Date.UTC(2026, 10, 24, 14, 32, 7, 418);

afterEach(() => chooseZone('local'));

describe('times', () => {
  it('shows day, time and milliseconds', () => {
    expect(formatTime(AT)).toMatch(/^\d+ Nov 2026, \d\d:\d\d:07\.418$/);
  });
  it('adds the digits below a millisecond and the zone', () => {
    expect(formatExactTime(BigInt(AT) * 1_000_000n + 120_450n)).toMatch(/:07\.41812045 GMT/);
    expect(formatExactTime(BigInt(AT) * 1_000_000n)).toMatch(/:07\.418 GMT/);
  });
  it('are told in UTC where the reader chose so', () => {
    chooseZone('utc');
    expect(formatTime(AT)).toBe('24 Nov 2026, 14:32:07.418');
    expect(formatExactTime(BigInt(AT) * 1_000_000n + 5n)).toBe('24 Nov 2026, 14:32:07.418000005 UTC');
  });
  it.each([
    [0, 'just now'],
    [4_000, 'just now'],
    [5_000, '5 s ago'],
    [12 * 60_000, '12 min ago'],
    [47 * 3_600_000, '47 h ago'],
    [72 * 3_600_000, '3 d ago'],
    [-60_000, 'in 1 min'],
  ])('%d ms ago is %s', (ago, text) => {
    expect(formatAgo(AT - ago, AT)).toBe(text);
  });
});
