import { describe, expect, it } from 'vitest';
import { formatMoment, formatTimeRange, timeTicks } from './time_range';

const at = (day: number, hour: number, minute: number) => new Date(2026, 10, day, hour, minute).getTime();

describe('moments and ranges', () => {
  const now = at(24, 14, 40);
  it('leave out the day where it is today', () => {
    expect(formatMoment(at(24, 14, 32), now)).toBe('14:32');
    expect(formatMoment(at(23, 14, 32), now)).toBe('23 Nov, 14:32');
    expect(formatTimeRange(at(24, 14, 21), at(24, 14, 36), now)).toBe('14:21 to 14:36');
    expect(formatTimeRange(at(23, 23, 0), at(23, 23, 30), now)).toBe('23 Nov, 23:00 to 23:30');
    expect(formatTimeRange(at(23, 23, 0), at(24, 1, 0), now)).toBe('23 Nov, 23:00 to 01:00');
  });
});

describe('timeTicks', () => {
  it('stand at round times of the clock on the wall', () => {
    expect(timeTicks(at(24, 13, 33), at(24, 14, 33), 6).map(({ label }) => label)).toEqual([
      '13:40',
      '13:50',
      '14:00',
      '14:10',
      '14:20',
      '14:30',
    ]);
  });
  it('say the day at midnight', () => {
    expect(timeTicks(at(23, 12, 0), at(24, 12, 0), 4).map(({ label }) => label)).toEqual([
      '12:00',
      '18:00',
      '24 Nov',
      '06:00',
      '12:00',
    ]);
  });
  it('are few over weeks', () => {
    expect(timeTicks(at(1, 0, 0), at(29, 0, 0), 8).length).toBeLessThanOrEqual(9);
  });
});
