import type { RedGroup } from '../api/types';
import { counted, formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import { formatTimeRange } from '../format/time_range';
import { formatRate, formatShare, nano } from '../red/numbers';
import { stepStart, type Series } from '../red/series';

/** What a readout says of a step or of the whole window. */
export interface StepNumbers {
  count: number;
  errorCount: number;
  perSecond: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  /** The step is not over; its rate is over the whole step none the less, as its bar is. */
  underWay: boolean;
}

export function totalOf(series: Series, index: number): StepNumbers {
  return {
    count: series.counts[index],
    errorCount: series.errors[index],
    perSecond: series.counts[index] / (series.step / 1000),
    p50: series.p50[index],
    p95: series.p95[index],
    p99: series.p99[index],
    underWay: index >= series.open,
  };
}

/** The whole window, of which `seconds` have passed. */
export function totalOfWindow(group: RedGroup | undefined, seconds: number): StepNumbers {
  return {
    count: group?.count ?? 0,
    errorCount: group?.errorCount ?? 0,
    perSecond: (group?.count ?? 0) / seconds,
    p50: nano(group?.p50Nano),
    p95: nano(group?.p95Nano),
    p99: nano(group?.p99Nano),
    underWay: false,
  };
}

/** One step as a sentence, for those who do not see the picture. */
export function describeStep(series: Series, index: number): string {
  if (index < 0 || index >= series.length) return 'no time';
  const said = totalOf(series, index);
  const when = formatTimeRange(stepStart(series, index), stepStart(series, index + 1));
  if (said.count === 0) return `${when}${said.underWay ? ', so far' : ''}: no spans`;
  const durations = (['p50', 'p95', 'p99'] as const)
    .flatMap((name) => (said[name] === null ? [] : [`${name} ${formatDuration(said[name])}`]))
    .join(', ');
  return (
    `${when}${said.underWay ? ', so far' : ''}: ${counted(said.count, 'span')}, ${formatRate(said.perSecond)}, ` +
    `${formatCount(said.errorCount)} with an error (${formatShare(said.errorCount, said.count)}), ${durations}`
  );
}
