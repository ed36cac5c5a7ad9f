import type { RedGroup } from '../api/types';
import { errorShare } from '../red/numbers';
import type { Series } from '../red/series';

// What is worth a sentence above the charts: where the time goes, when most failed, when it was slowest.

export type Finding =
  | { kind: 'impact'; operation: string; share: number }
  | { kind: 'errors'; index: number; count: number; errorCount: number }
  | { kind: 'slow'; index: number; p99: number; times: number };

/** A step with fewer spans tells little: one failure of two is no finding. */
const COUNT_MIN = 10;
/** So many times the usual is worth a sentence. */
const ERRORS_TIMES = 2;
const SLOW_TIMES = 1.5;

export function findings(
  series: Series,
  group: RedGroup | undefined,
  operations: readonly RedGroup[],
): Finding[] {
  if (!group || group.count === 0) return [];
  return [impact(operations), worstErrors(series, group), slowest(series, group)].filter(
    (found) => found !== null,
  );
}

function impact(operations: readonly RedGroup[]): Finding | null {
  if (operations.length < 2) return null;
  const total = operations.reduce((sum, { durationSumNano }) => sum + Number(durationSumNano), 0);
  const top = operations.reduce((most, each) =>
    Number(each.durationSumNano) > Number(most.durationSumNano) ? each : most,
  );
  if (total <= 0) return null;
  return { kind: 'impact', operation: top.operation ?? '', share: Number(top.durationSumNano) / total };
}

/** The step with the greatest share of errors, where that is well above the share of the whole window. */
function worstErrors({ counts, errors }: Series, group: RedGroup): Finding | null {
  let worst = -1;
  for (let index = 0; index < counts.length; index++) {
    if (counts[index] < COUNT_MIN || errors[index] === 0) continue;
    if (worst < 0 || errors[index] / counts[index] > errors[worst] / counts[worst]) worst = index;
  }
  if (worst < 0 || errors[worst] / counts[worst] < ERRORS_TIMES * errorShare(group)) return null;
  return { kind: 'errors', index: worst, count: counts[worst], errorCount: errors[worst] };
}

/** The step with the greatest p99, where that is well above the p99 of the whole window or of most steps. */
function slowest({ counts, p99 }: Series, group: RedGroup): Finding | null {
  let worst = -1;
  const known: number[] = [];
  for (let index = 0; index < counts.length; index++) {
    const value = p99[index];
    if (value === null || counts[index] < COUNT_MIN) continue;
    known.push(value);
    if (worst < 0 || value > (p99[worst] as number)) worst = index;
  }
  if (worst < 0 || known.length < 3 || group.count === 0) return null;
  known.sort((a, b) => a - b);
  const usual = known[Math.floor((known.length - 1) / 2)];
  const most = p99[worst] as number;
  return most >= SLOW_TIMES * usual ? { kind: 'slow', index: worst, p99: most, times: most / usual } : null;
}
