import { describe, expect, it } from 'vitest';
import { askFor, readWindow, searchParameters, stepFor, stepWindow, withWindow } from './asked_window';

const MINUTE = 60_000;
const NOW = Date.UTC(2026, 10, 24, 14, 32, 7);
const read = (query: string) => readWindow(new URLSearchParams(query));

describe('the window in the address', () => {
  it.each(['', 'lookback=', 'lookback=soon', 'start=5', 'start=9&end=3', 'start=a&end=b'])(
    'is the last hour for %j',
    (query) => {
      expect(read(query)).toEqual({ lookback: '1h', start: 0, end: 0 });
    },
  );
  it('is a range where start and end say so, whatever the lookback', () => {
    expect(read('lookback=1h&start=1000000&end=61000000')).toEqual({
      lookback: 'custom',
      start: 1000,
      end: 61_000,
    });
  });
  it('takes the milliseconds of a link to Jaeger’s monitor page', () => {
    expect(read('timeframe=3600000').lookback).toBe('60m');
  });
  it('is written back as it was read, without what is usual', () => {
    for (const query of ['', 'lookback=24h', 'start=1000000&end=61000000'])
      expect(withWindow(new URLSearchParams(query), read(query)).toString()).toBe(query);
    expect(withWindow(new URLSearchParams('sort=p99-asc&start=1&end=2'), read('lookback=7d')).toString()).toBe(
      'sort=p99-asc&lookback=7d',
    );
  });
});

describe('the steps of a window', () => {
  it.each([
    ['15m', 1, 15],
    ['1h', 1, 60],
    ['6h', 5, 72],
    ['24h', 15, 96],
    ['7d', 120, 84],
  ])('of %s are %d min long', (lookback, minutes, count) => {
    const { start, end, step } = stepWindow({ lookback, start: 0, end: 0 }, NOW);
    expect(step).toBe(minutes * MINUTE);
    expect((end - start) / step).toBe(count);
    expect(end).toBeGreaterThan(NOW);
    expect(end - step).toBeLessThanOrEqual(NOW);
    expect(start % step).toBe(0);
  });
  it('of a range are whole, however short it is', () => {
    const { start, end, step } = stepWindow({ lookback: 'custom', start: NOW, end: NOW + 1 }, NOW);
    expect([start % MINUTE, end - start, step]).toEqual([0, MINUTE, MINUTE]);
    expect(stepWindow({ lookback: 'custom', start, end: start + 3 * MINUTE }, NOW).end).toBe(
      start + 3 * MINUTE,
    );
  });
  it('are never more than a hundred', () => {
    for (let days = 1; days < 400; days += 7)
      expect((days * 1440 * MINUTE) / stepFor(days * 1440 * MINUTE)).toBeLessThanOrEqual(100);
  });
  it('are asked for in the units of the API', () => {
    expect(askFor({ start: 60_000, end: 120_000, step: 60_000 }).toString()).toBe(
      'start=60000000&end=120000000&step=60',
    );
  });
});

it('searches the same time, its end left out', () => {
  expect(searchParameters(read('start=60000000&end=120000000'))).toEqual({
    lookback: 'custom',
    start: '60000000',
    end: '119999999',
  });
  expect(searchParameters(read('lookback=6h'))).toEqual({ lookback: '6h' });
});
