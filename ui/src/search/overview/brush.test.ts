import { describe, expect, it } from 'vitest';
import { cursorOf, dragged, gripAt, rangeOfCells, stepCell } from './brush';
import { Grid, Plot } from './grid';
import { makeOverview } from './made_overview';

const START = 1_700_000_000_000_000_000n;
const overview = makeOverview(
  [
    [START, 1e6, 0],
    [START, 1e9, 0],
  ],
  { start: START, end: START + 1_000_000n },
);
/** Twelve columns of 10 px and six rows of 10 px. */
const plot = new Plot(new Grid(overview), 120, 0, 60);
const box = { column0: 3, column1: 6, row0: 1, row1: 4 };
const drag = (
  grip: Parameters<typeof dragged>[2],
  from: [number, number],
  to: [number, number],
  whole = true,
) => dragged(plot, box, grip, { x: from[0], y: from[1] }, { x: to[0], y: to[1] }, whole);

describe('a drag', () => {
  it('draws a box around every cell that it touches, whichever way it goes', () => {
    const expected = { column0: 2, column1: 5, row0: 2, row1: 5 };
    expect(drag('new', [21, 12], [48, 38])).toEqual(expected);
    expect(drag('new', [48, 38], [21, 12])).toEqual(expected);
  });
  it('draws to the pixel among points, and stops at the edges', () => {
    expect(drag('new', [25, -40], [999, 45], false)).toEqual({ column0: 2.5, column1: 12, row0: 1.5, row1: 6 });
  });
  it('moves a box as it is, as far as there is room', () => {
    expect(drag('inside', [40, 30], [60, 20])).toEqual({ column0: 5, column1: 8, row0: 2, row1: 5 });
    expect(drag('inside', [40, 30], [999, -999])).toEqual({ column0: 9, column1: 12, row0: 3, row1: 6 });
  });
  it('pulls an edge or a corner, and turns a box inside out', () => {
    const right = { left: false, right: true, top: false, bottom: false };
    expect(drag(right, [60, 30], [90, 30])).toEqual({ ...box, column1: 9 });
    expect(drag({ ...right, top: true }, [60, 20], [80, 0])).toEqual({ ...box, column1: 8, row1: 6 });
    expect(drag(right, [60, 30], [10, 30])).toEqual({ ...box, column0: 1, column1: 3 });
  });
});

describe('a pointer', () => {
  const at = (x: number, y: number) => gripAt(plot, box, { x, y }, 4);
  it('takes hold of what it is near', () => {
    expect(at(45, 35)).toBe('inside');
    expect(at(80, 35)).toBe('new');
    expect(at(31, 22)).toEqual({ left: true, right: false, top: true, bottom: false });
    expect(at(62, 35)).toEqual({ left: false, right: true, top: false, bottom: false });
    expect(gripAt(plot, null, { x: 31, y: 22 }, 4)).toBe('new');
  });
  it('shows what it would do', () => {
    expect([at(45, 35), at(80, 35), at(31, 22), at(62, 22), at(62, 35), at(45, 51)].map(cursorOf)).toEqual([
      'move',
      'crosshair',
      'nwse-resize',
      'nesw-resize',
      'ew-resize',
      'ns-resize',
    ]);
  });
});

describe('keys', () => {
  it('step from cell to cell and stay inside', () => {
    const step = (key: string) => stepCell(plot.grid, { column: 11, row: 0 }, key);
    expect(step('ArrowRight')).toEqual({ column: 11, row: 0 });
    expect(step('ArrowDown')).toEqual({ column: 11, row: 0 });
    expect(step('ArrowUp')).toEqual({ column: 11, row: 1 });
    expect(step('Home')).toEqual({ column: 0, row: 0 });
    expect(step('PageUp')).toEqual({ column: 11, row: 5 });
    expect(step('x')).toBeNull();
  });
  it('hold all cells between where they began and where they are', () => {
    expect(rangeOfCells({ column: 5, row: 1 }, { column: 3, row: 3 })).toEqual({
      column0: 3,
      column1: 6,
      row0: 1,
      row1: 4,
    });
  });
});
