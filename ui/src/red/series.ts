import type { RedAnswer, RedGroup } from '../api/types';
import { nano } from './numbers';

/** The values of one group over time, as charts and their table read them. */
export interface Series {
  /** ms since 1970. */
  start: number;
  step: number;
  length: number;
  counts: number[];
  errors: number[];
  /** ns; null where there was nothing. */
  p50: (number | null)[];
  p95: (number | null)[];
  p99: (number | null)[];
  /** The first step that is not over yet; `length` where all are. */
  open: number;
}

export const milliseconds = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1_000_000n);

/** The series of a group that was asked for with its points, at `now`; of no group, one without values. */
export function seriesOf(answer: RedAnswer, group: RedGroup | undefined, now: number): Series {
  const start = milliseconds(answer.startTimeUnixNano);
  const step = milliseconds(answer.stepNano);
  const duration = milliseconds(answer.endTimeUnixNano) - start;
  const length = group?.points?.count.length ?? Math.max(1, Math.ceil(duration / step));
  const over = Math.floor((now - start) / step);
  return {
    start,
    step,
    length,
    counts: group?.points?.count ?? new Array<number>(length).fill(0),
    errors: group?.points?.errorCount ?? new Array<number>(length).fill(0),
    p50: values(group?.points?.p50Nano, length),
    p95: values(group?.points?.p95Nano, length),
    p99: values(group?.points?.p99Nano, length),
    open: Math.min(length, Math.max(0, over)),
  };
}

function values(texts: (string | null)[] | undefined, length: number): (number | null)[] {
  return texts?.map(nano) ?? new Array<null>(length).fill(null);
}

export function stepStart(series: Series, index: number): number {
  return series.start + index * series.step;
}

/** The greatest of many: a spread of a long list would be too many arguments. */
export function greatest(numbers: Iterable<number | null>, least = 0): number {
  let most = least;
  for (const number of numbers) if (number !== null && number > most) most = number;
  return most;
}
