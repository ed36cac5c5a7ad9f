import type { Overview } from '../../api/types';
import type { Box } from '../box';

// The picture's geometry: columns of equal time and rows of equal ratio of durations, as the server cuts them, to
// pixels, times and boxes.

/** Part of the grid, in columns from the left and rows from the bottom; fractions are within a cell. */
export interface Range {
  column0: number;
  column1: number;
  row0: number;
  row1: number;
}

/** How far the axis reaches around durations that are all the same. */
const LONE_RATIO = Math.sqrt(10);
/** Columns are parted so finely where a box is not of whole ones. */
const FRACTION = 2 ** 20;

export class Grid {
  readonly columns: number;
  readonly rows: number;
  /** Nanoseconds since 1970 at the left edge. */
  readonly start: bigint;
  /** Nanoseconds from the left edge to the right one, at least 1. */
  readonly span: number;
  /** Nanoseconds at the lower and the upper edge, at least 1. */
  readonly shortest: number;
  readonly longest: number;
  readonly #rowRatio: number;
  /** Rows between the lower edge and the server's row 0. */
  readonly #rowShift: number;

  constructor(overview: Overview) {
    this.columns = overview.columns;
    this.rows = overview.rows;
    this.start = BigInt(overview.startTimeUnixNano);
    this.span = Math.max(1, Number(BigInt(overview.endTimeUnixNano) - this.start));
    const [min, max] = [Number(overview.durationMinNano), Number(overview.durationMaxNano)].map((duration) =>
      Math.max(1, duration),
    ) as [number, number];
    const lone = min === max;
    this.shortest = lone ? min / LONE_RATIO : min;
    this.longest = lone ? max * LONE_RATIO : max;
    this.#rowRatio = Math.log(this.longest / this.shortest) / this.rows;
    this.#rowShift = lone ? Math.floor(this.rows / 2) : 0;
  }

  /** Where a row of the server lies in this grid. */
  row(serverRow: number): number {
    return serverRow + this.#rowShift;
  }

  /** In columns from the left edge. */
  columnOf(startNano: bigint): number {
    return (Number(startNano - this.start) / this.span) * this.columns;
  }

  /** In rows from the lower edge. */
  rowOf(durationNano: number): number {
    return Math.log(Math.max(1, durationNano) / this.shortest) / this.#rowRatio;
  }

  /** The time at a column, in nanoseconds since 1970: the first that belongs to it. */
  startAt(column: number): bigint {
    const part = BigInt(Math.round(column * FRACTION));
    const whole = BigInt(this.columns * FRACTION);
    return this.start + (BigInt(this.span) * part + whole - 1n) / whole;
  }

  /** The duration at a row in nanoseconds: the first that belongs to it. */
  durationAt(row: number): number {
    return Math.ceil(this.shortest * Math.pow(this.longest / this.shortest, row / this.rows));
  }

  /**
   * What a range holds. At an edge of the picture it is open: the outermost cells hold what lies beyond the edge too.
   */
  boxOf({ column0, column1, row0, row1 }: Range): Box {
    return {
      startMin: column0 <= 0 ? null : this.startAt(column0),
      startMax: column1 >= this.columns ? null : this.startAt(column1) - 1n,
      durationMin: row0 <= 0 ? null : this.durationAt(row0),
      durationMax: row1 >= this.rows ? null : this.durationAt(row1) - 1,
    };
  }

  /** Where a box lies, cut to the picture. */
  rangeOf({ startMin, startMax, durationMin, durationMax }: Box): Range {
    const column = (at: number) => Math.min(this.columns, Math.max(0, at));
    const row = (at: number) => Math.min(this.rows, Math.max(0, at));
    return {
      column0: startMin === null ? 0 : column(this.columnOf(startMin)),
      column1: startMax === null ? this.columns : column(this.columnOf(startMax + 1n)),
      row0: durationMin === null ? 0 : row(this.rowOf(durationMin)),
      row1: durationMax === null ? this.rows : row(this.rowOf(durationMax + 1)),
    };
  }

  /** The cell at a point of the grid. */
  cellAt(column: number, row: number): { column: number; row: number } {
    const within = (at: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(at)));
    return { column: within(column, this.columns), row: within(row, this.rows) };
  }
}

/** Where the grid lies on its canvas, in CSS pixels. */
export class Plot {
  constructor(
    readonly grid: Grid,
    readonly width: number,
    readonly top: number,
    readonly bottom: number,
  ) {}

  x(column: number): number {
    return (column / this.grid.columns) * this.width;
  }

  y(row: number): number {
    return this.bottom - (row / this.grid.rows) * (this.bottom - this.top);
  }

  column(x: number): number {
    return (x / Math.max(1, this.width)) * this.grid.columns;
  }

  row(y: number): number {
    return ((this.bottom - y) / Math.max(1, this.bottom - this.top)) * this.grid.rows;
  }
}
