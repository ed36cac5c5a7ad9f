import { FLAG_ERROR, NONE } from '../columns';
import type { Structure } from '../structure';
import type { Trace } from '../trace';

/** Which spans the reader wants to see; a span matches where every condition that is set holds. */
export interface Filters {
  errors: boolean;
  /** Longer than `slowUnits`. */
  slow: boolean;
  /** In a group of similar siblings. */
  repeats: boolean;
  /** On the critical path. */
  path: boolean;
  /** Of one of these services, by their index in the columns; empty: of any. */
  services: ReadonlySet<number>;
}

export const NO_FILTERS: Filters = {
  errors: false,
  slow: false,
  repeats: false,
  path: false,
  services: new Set(),
};

/** "Over 100 ms" is the first of 1, 2, 5, 10 ... that is a fiftieth of the trace or more. In units. */
export function slowUnits(trace: Trace): number {
  const least = trace.nano(trace.total) / 50;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  const nano = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? least;
  return nano / trace.columns.unit;
}

/** A byte for each row: 1 where it matches. null where nothing is asked for. */
export function matchRows(trace: Trace, filters: Filters, found: Uint8Array | null): Uint8Array | null {
  const { errors, slow, repeats, path, services } = filters;
  if (!errors && !slow && !repeats && !path && services.size === 0 && !found) return null;
  const { columns, structure } = trace;
  const longest = slow ? slowUnits(trace) : 0;
  const marks = new Uint8Array(trace.count);
  for (let row = 0; row < trace.count; row++) {
    const matches =
      (!errors || (columns.spanFlags[row]! & FLAG_ERROR) !== 0) &&
      (!slow || columns.duration[row]! > longest) &&
      (!repeats || structure.repeats.groupOf[row] !== NONE) &&
      (!path || structure.path.on[row] === 1) &&
      (services.size === 0 || services.has(columns.service[row]!)) &&
      (!found || found[row] === 1);
    marks[row] = matches ? 1 : 0;
  }
  return marks;
}

/** The rows that match and all their ancestors, so that each is still seen in its place. */
export function withAncestors({ parent }: Structure, marks: Uint8Array): Uint8Array {
  const kept = marks.slice();
  for (let row = kept.length - 1; row >= 0; row--) {
    if (kept[row] && parent[row] !== NONE) kept[parent[row]!] = 1;
  }
  return kept;
}

/** Marked rows before row i: a difference counts those in a run of rows. */
export function countBefore(marks: Uint8Array): Uint32Array {
  const before = new Uint32Array(marks.length + 1);
  for (let row = 0; row < marks.length; row++) before[row + 1] = before[row]! + marks[row]!;
  return before;
}

/** How many spans each kind of condition matches by itself. */
export interface FilterCounts {
  slow: number;
  /** Groups, not spans. */
  repeats: number;
  path: number;
  services: { index: number; count: number }[];
}

export function countFilters(trace: Trace): FilterCounts {
  const { columns, structure } = trace;
  const longest = slowUnits(trace);
  const byService = new Uint32Array(columns.serviceName.length);
  let [slow, path] = [0, 0];
  for (let row = 0; row < trace.count; row++) {
    byService[columns.service[row]!]!++;
    if (columns.duration[row]! > longest) slow++;
    path += structure.path.on[row]!;
  }
  const services = [...byService].map((count, index) => ({ index, count })).filter(({ count }) => count > 0);
  services.sort((a, b) => b.count - a.count || a.index - b.index);
  return { slow, path, repeats: structure.repeats.first.length, services };
}
