import { describe, expect, it } from 'vitest';
import type { TraceSummary } from '../api/types';
import { durationParts, partsInWords } from './duration_bar';

const trace: TraceSummary = {
  traceID: '1'.padStart(32, '0'),
  rootService: 'frontend',
  rootName: 'GET /',
  rootMissing: false,
  startTimeUnixNano: '0',
  durationNano: '3000000000',
  spanCount: 3,
  errorCount: 0,
  services: [{ name: 'frontend', colour: 1, spanCount: 3, errorCount: 0 }],
};
const share = (service: string, durationNano: number, colour = 3) => ({
  service,
  colour,
  durationNano: String(durationNano),
});
const sum = (parts: { duration: number }[]) => parts.reduce((total, { duration }) => total + duration, 0);

describe('the parts of a duration', () => {
  it('are the critical path by service and what lies outside the root, and add up', () => {
    const parts = durationParts({ ...trace, criticalPath: [share('payment', 2e9), share('', 4e8, 0)] });
    expect(parts).toEqual([
      { name: 'payment', colour: 3, duration: 2e9 },
      { name: 'no span', colour: undefined, duration: 4e8 },
      { name: 'outside the root', colour: undefined, duration: 6e8 },
    ]);
    expect(sum(parts)).toBe(3e9);
    expect(partsInWords(parts)).toBe(
      'payment 2.00 s (67 %), no span 400 ms (13 %), outside the root 600 ms (20 %)',
    );
  });
  it('are few: the shortest are told together', () => {
    const many = Array.from({ length: 20 }, (_, index) => share(`s${index}`, 1.5e8));
    const parts = durationParts({ ...trace, criticalPath: many });
    expect(parts).toHaveLength(7);
    expect(parts.at(-1)).toEqual({ name: '14 others', colour: 0, duration: 21e8 });
    expect(sum(parts)).toBe(3e9);
  });
  it('are one where the path is not known', () => {
    expect(durationParts(trace)).toEqual([{ name: 'frontend', colour: 1, duration: 3e9 }]);
  });
  it('tell what is hardly there as less than one in a hundred', () => {
    expect(
      partsInWords([
        { name: 'a', colour: 1, duration: 999 },
        { name: 'b', colour: 2, duration: 1 },
      ]),
    ).toBe('a 999 ns (100 %), b 1 ns (< 1 %)');
  });
});
