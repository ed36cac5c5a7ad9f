import { afterEach, describe, expect, it } from 'vitest';
import { zone } from '../../format/zone';
import { Grid } from './grid';
import { makeOverview } from './made_overview';
import { durationTicks, momentInWords, timeTicks } from './ticks';

const NOON = BigInt(Date.UTC(2026, 10, 24, 12, 3, 20)) * 1_000_000n;
const gridOf = (seconds: number, shortest = 5e6, longest = 9e9) =>
  new Grid(
    makeOverview(
      [
        [NOON, shortest, 0],
        [NOON, longest, 0],
      ],
      { start: NOON, end: NOON + BigInt(seconds) * 1_000_000_000n, columns: 120, rows: 36 },
    ),
  );
const labels = (ticks: { label: string }[]) => ticks.map(({ label }) => label);

describe('the axes', () => {
  afterEach(() => {
    zone.value = 'local';
  });

  it('tell durations in decades, where there are two of them', () => {
    expect(labels(durationTicks(gridOf(3600), 8))).toEqual(['10 ms', '100 ms', '1 s']);
    expect(labels(durationTicks(gridOf(3600, 1, 3600e9), 4))).toEqual(['1 ns', '10 µs', '100 ms', '10 min']);
    expect(labels(durationTicks(gridOf(3600, 15e6, 90e6), 8))).toEqual(['20 ms', '50 ms']);
    expect(durationTicks(gridOf(3600, 31e6, 32e6), 8)).toHaveLength(1);
  });

  it('put durations where their rows are', () => {
    const [first] = durationTicks(gridOf(3600, 1e6, 1e9), 8);
    expect([first?.label, first?.at]).toEqual(['1 ms', 0]);
  });

  it.each([
    [3600, ['12:10', '12:20', '12:30', '12:40', '12:50', '13:00']],
    [60, ['12:03:20', '12:03:30', '12:03:40', '12:03:50', '12:04:00', '12:04:10']],
    [86_400, ['18:00', '25 Nov', '06:00', '12:00']],
    [7 * 86_400, ['25 Nov', '27 Nov', '29 Nov', '1 Dec']],
  ])('tell times of %d s at round ones', (seconds, expected) => {
    zone.value = 'utc';
    expect(labels(timeTicks(gridOf(seconds), 6))).toEqual(expected);
  });

  it('put times where their columns are', () => {
    zone.value = 'utc';
    // 400 s after the beginning of 3600 s.
    expect(timeTicks(gridOf(3600), 6)[0]?.at).toBeCloseTo((400 / 3600) * 120);
  });

  it('tell a moment as finely as the columns part it', () => {
    zone.value = 'utc';
    expect(momentInWords(NOON, gridOf(3600))).toBe('12:03:20');
    expect(momentInWords(NOON, gridOf(12 * 3600))).toBe('12:03');
    expect(momentInWords(NOON, gridOf(86_400))).toBe('24 Nov 12:03');
    expect(momentInWords(NOON, gridOf(10))).toBe('03:20.000');
  });
});
