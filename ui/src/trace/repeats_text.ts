import { counted, formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import type { Trace } from './trace';

/**
 * How long a group of similar siblings took: "1.77 s from first to last, 8.21 ms each". That is more than the summary
 * counts, which leaves out what lies between them.
 */
export function groupTime(trace: Trace, group: number): string {
  const { first, size, endTime, busy, parallel } = trace.structure.repeats;
  const whole = formatDuration(trace.nano(endTime[group]! - trace.start(first[group]!)));
  const each = formatDuration(trace.nano(busy[group]! / size[group]!));
  return `${whole} ${parallel[group] ? 'side by side' : 'from first to last'}, ${each} each`;
}

/** Errors among the members and below them. */
export function groupErrors(trace: Trace, group: number): number {
  const { repeats, errorsBefore } = trace.structure;
  return errorsBefore[repeats.end[group]!]! - errorsBefore[repeats.first[group]!]!;
}

export function errorsText(errors: number): string {
  return counted(errors, 'error');
}

/** "209 more like these". */
export function restText(members: number, shown: number): string {
  return `${formatCount(members - shown)} more like these`;
}
