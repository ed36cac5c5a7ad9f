import { FLAG_ERROR, NONE } from '../columns';
import { pathTimes } from '../path_time';
import type { Steps } from '../slices';
import type { Trace } from '../trace';

/** What spans are put together by: their service, or service and operation. */
export type Grouping = 'service' | 'operation';

/** Spans that have something in common. Times are in units; quantile q of n is the one at place ceil(q n). */
export interface Group {
  /** Index of the service in the columns. */
  service: number;
  /** Index of the operation's text; NONE where it is all of the service. */
  name: number;
  count: number;
  errors: number;
  total: number;
  /**
   * Time of the spans that none of their children covers: a child counts only for what lies within its parent, and
   * where children overlap, once.
   */
  self: number;
  /** Own time on the critical path; null where the trace has none. */
  path: number | null;
  min: number;
  max: number;
  /** The row of a span that takes `max`: the first. */
  longest: number;
  p50: number;
  p95: number;
}

/** So many rows between two places where the work may be interrupted. */
const STEP = 1 << 15;

/** Every span is in one group. O(n log n): durations are sorted within their groups. */
export function* groupSpans(trace: Trace, by: Grouping): Steps<Group[]> {
  const { service, name, duration, spanFlags } = trace.columns;
  const { self } = trace.structure;
  const path = pathTimes(trace);
  const nameCount = trace.columns.stringEnd.length;
  const groups: Group[] = [];
  const groupOf = new Uint32Array(trace.count);
  const known = new Map<number, number>();
  for (let row = 0; row < trace.count; row++) {
    if (row % STEP === STEP - 1) yield;
    const key = by === 'service' ? service[row]! : service[row]! * nameCount + name[row]!;
    let index = known.get(key);
    if (index === undefined) {
      index = groups.length;
      known.set(key, index);
      groups.push(newGroup(service[row]!, by === 'service' ? NONE : name[row]!, path ? 0 : null));
    }
    groupOf[row] = index;
    const group = groups[index]!;
    group.count++;
    group.total += duration[row]!;
    group.self += self[row]!;
    if (path) group.path! += path[row]!;
    if (spanFlags[row]! & FLAG_ERROR) group.errors++;
    if (duration[row]! < group.min) group.min = duration[row]!;
    if (duration[row]! > group.max) {
      group.max = duration[row]!;
      group.longest = row;
    }
  }
  yield* quantiles(groups, groupOf, duration);
  return groups;
}

function newGroup(service: number, name: number, path: number | null): Group {
  return {
    service,
    name,
    count: 0,
    errors: 0,
    total: 0,
    self: 0,
    path,
    min: Infinity,
    max: -1,
    longest: 0,
    p50: 0,
    p95: 0,
  };
}

/** Puts the durations of each group side by side, by counting, and sorts each run. */
function* quantiles(groups: Group[], groupOf: Uint32Array, duration: Uint32Array): Steps<void> {
  const end = new Uint32Array(groups.length);
  let sum = 0;
  for (const [index, { count }] of groups.entries()) {
    end[index] = sum;
    sum += count;
  }
  const sorted = new Uint32Array(duration.length);
  for (let row = 0; row < duration.length; row++) sorted[end[groupOf[row]!]!++] = duration[row]!;
  let done = 0;
  for (const [index, group] of groups.entries()) {
    const run = sorted.subarray(end[index]! - group.count, end[index]!).sort();
    group.p50 = run[Math.ceil(group.count * 0.5) - 1]!;
    group.p95 = run[Math.ceil(group.count * 0.95) - 1]!;
    done += group.count;
    if (done > STEP) {
      done = 0;
      yield;
    }
  }
}
