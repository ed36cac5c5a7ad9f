import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zone } from '../../format/zone';
import { Grid } from './grid';
import { makeOverview } from './made_overview';
import { durationRangeText, parseDurationRange, parseTimeRange, timeRangeText } from './range_text';

const at = (...parts: [number, number, number, number, number, number?]) =>
  BigInt(Date.UTC(...parts)) * 1_000_000n;
const START = at(2026, 10, 24, 23, 0);
const grid = new Grid(makeOverview([[START, 1e6, 0]], { start: START, end: START + 7_200_000_000_000n }));
const times = (text: string) => parseTimeRange(text, grid);

describe('typed ranges', () => {
  beforeEach(() => {
    zone.value = 'utc';
  });
  afterEach(() => {
    zone.value = 'local';
  });

  it.each([
    '23:21-23:36',
    '23:21 – 23:36',
    ' 23:21:00 to 23:36:00.000 ',
    '2026-11-24 23:21 - 2026-11-24 23:36',
  ])('of time: %s', (text) => {
    const expected = { startMin: at(2026, 10, 24, 23, 21), startMax: at(2026, 10, 24, 23, 36) - 1n };
    expect(times(text)).toEqual(expected);
  });
  it('take a clock time after midnight for the next day, where the picture reaches there', () => {
    expect(times('23:50-0:10')).toEqual({
      startMin: at(2026, 10, 24, 23, 50),
      startMax: at(2026, 10, 25, 0, 10) - 1n,
    });
  });
  it('may be open, or none', () => {
    expect(times('23:21-')).toEqual({ startMin: at(2026, 10, 24, 23, 21), startMax: null });
    expect(times('-23:36')).toEqual({ startMin: null, startMax: at(2026, 10, 24, 23, 36) - 1n });
    expect(times('')).toEqual({ startMin: null, startMax: null });
    expect(parseDurationRange('1.2s-')).toEqual({ durationMin: 1.2e9, durationMax: null });
  });
  it.each(['23:21', '23:36-23:21', '25:00-26:00', 'noon-one', '1-2-3'])('refuse %j as times', (text) => {
    expect(times(text)).toBeNull();
  });
  it.each(['1.2s-6s', '1.2–6 s', '1200ms to 6s', '1.2-6s'])('of durations: %s', (text) => {
    expect(parseDurationRange(text)).toEqual({ durationMin: 1.2e9, durationMax: 6e9 });
  });
  it.each(['6s-1s', 'fast', '5', '1-2'])('refuse %j as durations', (text) => {
    expect(parseDurationRange(text)).toBeNull();
  });
  it('are read back from what a box is shown as', () => {
    const box = {
      startMin: at(2026, 10, 24, 23, 21, 7) + 418_000_000n,
      startMax: at(2026, 10, 24, 23, 36) - 1n,
    };
    expect(times(timeRangeText(box))).toEqual(box);
    const durations = { durationMin: 1_204_338_112, durationMax: null };
    expect(parseDurationRange(durationRangeText(durations))).toEqual(durations);
  });
});
