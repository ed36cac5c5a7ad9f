import { describe, expect, it } from 'vitest';
import { errorsByColumn, mostInCell, tellsQuantiles } from './heatmap';
import { makeOverview } from './made_overview';

const START = 1_700_000_000_000_000_000n;
const END = START + 12_000n;
const many = (count: number, at: bigint) =>
  Array.from({ length: count }, (_, index): [bigint, number, number] => [at, 1e6 + index, index === 0 ? 2 : 0]);

describe('the heatmap', () => {
  it('has lines of quantiles where columns hold enough traces for them', () => {
    const overview = (...counts: number[]) =>
      makeOverview(
        counts.flatMap((count, column) => many(count, START + BigInt(column) * 1000n)),
        { start: START, end: END },
      );
    expect(tellsQuantiles(overview(1, 1, 2))).toBe(false);
    expect(tellsQuantiles(overview(9, 1, 5))).toBe(true);
  });
  it('counts traces with an error in each column, and knows its fullest cell', () => {
    const overview = makeOverview([...many(3, START), ...many(2, START + 5000n)], { start: START, end: END });
    expect(errorsByColumn(overview).filter((count) => count > 0)).toEqual([1, 1]);
    const cells = overview.cells.map(([, , traces]) => traces);
    expect(mostInCell(overview)).toBe(Math.max(...cells));
    expect(mostInCell(makeOverview([], { start: START, end: END }))).toBe(1);
  });
});
