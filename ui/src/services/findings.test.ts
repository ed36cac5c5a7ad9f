import { describe, expect, it } from 'vitest';
import type { RedGroup } from '../api/types';
import type { Series } from '../red/series';
import { findings } from './findings';

const group = (count: number, errorCount: number, operation = 'GET /', durationSumNano = '1'): RedGroup => ({
  service: 'payment',
  colour: 3,
  operation,
  counted: 'entry',
  count,
  errorCount,
  durationSumNano,
  p50Nano: '1',
  p95Nano: '1',
  p99Nano: '1',
});
function series(counts: number[], errors: number[], p99: (number | null)[]): Series {
  return {
    start: 0,
    step: 60_000,
    length: counts.length,
    counts,
    errors,
    p50: p99,
    p95: p99,
    p99,
    open: counts.length,
  };
}

describe('findings', () => {
  it('are none where nothing stands out', () => {
    const even = series([100, 100, 100], [1, 1, 1], [5, 5, 6]);
    expect(findings(even, group(300, 3), [group(300, 3)])).toEqual([]);
    expect(findings(even, undefined, [])).toEqual([]);
  });
  it('name the step in which most failed and the slowest one', () => {
    const bad = series([100, 90, 100, 100], [0, 20, 1, 0], [5, 50, 6, 5]);
    expect(findings(bad, group(390, 21), [])).toEqual([
      { kind: 'errors', index: 1, count: 90, errorCount: 20 },
      { kind: 'slow', index: 1, p99: 50, times: 10 },
    ]);
  });
  it('make nothing of a step with a few spans', () => {
    const few = series([100, 2, 100, 100], [0, 2, 0, 0], [5, 500, 5, 5]);
    expect(findings(few, group(302, 2), [])).toEqual([]);
  });
  it('say where the time goes, once there is a choice', () => {
    const even = series([100], [0], [5]);
    const operations = [group(60, 0, 'GET /', '300'), group(40, 0, 'POST /pay', '900')];
    expect(findings(even, group(100, 0), operations)).toEqual([
      { kind: 'impact', operation: 'POST /pay', share: 0.75 },
    ]);
  });
});
