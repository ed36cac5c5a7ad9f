import { describe, expect, it } from 'vitest';
import type { Box } from '../box';
import { Grid, Plot } from './grid';
import { makeOverview, randomFrom } from './made_overview';

const START = 1_700_000_000_000_000_000n;
const HOUR = 3_600_000_000_000n;
const random = randomFrom(3);
type Made = [bigint, number, number];
const traces = Array.from({ length: 2000 }, (): Made => [
  START + BigInt(Math.floor(random() * 3.6e12)),
  Math.round(10 ** (5 + 5 * random())),
  random() < 0.1 ? 1 : 0,
]);
// Two that lie outside the window, as a clock that is off makes them.
traces.push([START - 5n, 1e7, 0], [START + HOUR + 5n, 1e7, 0]);
const overview = makeOverview(traces, { start: START, end: START + HOUR, columns: 120, rows: 36 });
const grid = new Grid(overview);

function inBox(box: Box, [start, duration]: Made): boolean {
  return (
    (box.startMin === null || start >= box.startMin) &&
    (box.startMax === null || start <= box.startMax) &&
    (box.durationMin === null || duration >= box.durationMin) &&
    (box.durationMax === null || duration <= box.durationMax)
  );
}

describe('the grid of the picture', () => {
  it('makes of each cell a box that holds just the traces that the server counted in it', () => {
    for (const [column, row, count] of overview.cells) {
      const box = grid.boxOf({ column0: column, column1: column + 1, row0: row, row1: row + 1 });
      expect(traces.filter((trace) => inBox(box, trace)).length).toBe(count);
    }
  });

  it('parts all traces among neighbouring boxes, none twice and none lost', () => {
    const cuts = [0, 7, 41, 42, 119, 120];
    const counts = cuts.slice(1).map((column1, index) => {
      const box = grid.boxOf({ column0: cuts[index]!, column1, row0: 0, row1: 36 });
      expect([box.durationMin, box.durationMax]).toEqual([null, null]);
      return traces.filter((trace) => inBox(box, trace)).length;
    });
    expect(counts.reduce((sum, count) => sum + count)).toBe(traces.length);
  });

  it('finds the place of a box again', () => {
    const range = { column0: 78, column1: 108, row0: 20, row1: 30 };
    const again = grid.rangeOf(grid.boxOf(range));
    for (const [edge, at] of Object.entries(range))
      expect(again[edge as keyof typeof range]).toBeCloseTo(at, 3);
  });

  it('is open where a range touches an edge, and has no box of everything', () => {
    expect(grid.boxOf({ column0: 0, column1: 120, row0: 0, row1: 36 })).toEqual({
      startMin: null,
      startMax: null,
      durationMin: null,
      durationMax: null,
    });
    expect(grid.rangeOf({ startMin: null, startMax: null, durationMin: null, durationMax: null })).toEqual({
      column0: 0,
      column1: 120,
      row0: 0,
      row1: 36,
    });
  });

  it('cuts a box to the picture', () => {
    const box = { startMin: START - HOUR, startMax: START + 9n * HOUR, durationMin: 1, durationMax: 9e15 };
    expect(grid.rangeOf(box)).toEqual({ column0: 0, column1: 120, row0: 0, row1: 36 });
  });

  it('has a middle for durations that are all the same, and for none', () => {
    const lone = new Grid(makeOverview([[START, 5e6, 0]], { start: START, end: START + HOUR }));
    const middle = lone.row(0);
    expect(lone.rowOf(5e6)).toBeCloseTo(middle, 6);
    expect(lone.shortest).toBeLessThan(5e6);
    const none = new Grid(makeOverview([], { start: START, end: START }));
    expect(Number.isFinite(none.rowOf(1)) && Number.isFinite(none.columnOf(START))).toBe(true);
    const instant = new Grid(makeOverview([[START, 0, 0]], { start: START, end: START + HOUR }));
    expect(Number.isFinite(instant.rowOf(0))).toBe(true);
  });

  it('goes from pixels to cells and back', () => {
    const plot = new Plot(grid, 1200, 4, 148);
    expect([plot.x(60), plot.column(600)]).toEqual([600, 60]);
    expect([plot.y(0), plot.y(36), plot.row(148), plot.row(4)]).toEqual([148, 4, 0, 36]);
    expect(grid.cellAt(plot.column(1200), plot.row(4))).toEqual({ column: 119, row: 35 });
    expect(grid.cellAt(-3, 99)).toEqual({ column: 0, row: 35 });
  });
});
