import { FLAG_ERROR, FLAG_PARENT_MISSING, TRACE_SHARED_IDS, type Columns } from './columns';
import { Strings } from './strings';
import type { Structure } from './structure';

/** A trace as its page sees it: columns, what follows from them, and names for both. Rows are rows of the columns. */
export class Trace {
  readonly strings: Strings;
  readonly count: number;
  /** From the first start to the last end, in units; at least 1, so that it can be divided by. */
  readonly total: number;

  constructor(
    readonly columns: Columns,
    readonly structure: Structure,
  ) {
    this.strings = new Strings(columns);
    this.count = columns.spanId.length;
    this.total = Math.max(1, Number(columns.endNano - columns.startNano) / columns.unit);
  }

  get id(): string {
    return this.columns.traceId;
  }

  get durationNano(): number {
    return Number(this.columns.endNano - this.columns.startNano);
  }

  nano(units: number): number {
    return units * this.columns.unit;
  }

  name(row: number): string {
    return this.strings.at(this.columns.name[row]!);
  }

  serviceName(index: number): string {
    return this.strings.at(this.columns.serviceName[index]!);
  }

  service(row: number): string {
    return this.serviceName(this.columns.service[row]!);
  }

  colour(row: number): number {
    return this.columns.serviceColour[this.columns.service[row]!]!;
  }

  start(row: number): number {
    return this.columns.start[row]!;
  }

  end(row: number): number {
    return this.columns.start[row]! + this.columns.duration[row]!;
  }

  has(row: number, flag: number): boolean {
    return (this.columns.spanFlags[row]! & flag) !== 0;
  }

  failed(row: number): boolean {
    return this.has(row, FLAG_ERROR);
  }

  isParent(row: number): boolean {
    return this.structure.childCount[row]! > 0;
  }

  spanId(row: number): string {
    return this.columns.spanId[row]!.toString(16).padStart(16, '0');
  }

  /** Which of the spans with this row's id the row is, from 0: ids are not always unique. */
  nth(row: number): number {
    if (!(this.columns.flags & TRACE_SHARED_IDS)) return 0;
    let earlier = 0;
    for (let other = 0; other < row; other++) {
      if (this.columns.spanId[other] === this.columns.spanId[row]) earlier++;
    }
    return earlier;
  }

  /** The row of a span id, or undefined where the trace has no such span. */
  rowOf(spanId: string, nth = 0): number | undefined {
    if (!/^[0-9a-f]{1,16}$/i.test(spanId)) return undefined;
    const wanted = BigInt(`0x${spanId}`);
    let row = this.columns.spanId.indexOf(wanted);
    for (let skipped = 0; skipped < nth && row >= 0; skipped++)
      row = this.columns.spanId.indexOf(wanted, row + 1);
    return row < 0 ? undefined : row;
  }

  /** The next row with an error after (or, backwards, before) a row, around the end; undefined where none failed. */
  nextError(from: number, step: 1 | -1): number | undefined {
    for (let walked = 1; walked <= this.count; walked++) {
      const row = (from + step * walked + this.count * 2) % this.count;
      if (this.failed(row)) return row;
    }
    return undefined;
  }

  get orphanCount(): number {
    let orphans = 0;
    for (const flags of this.columns.spanFlags) if (flags & FLAG_PARENT_MISSING) orphans++;
    return orphans;
  }
}
