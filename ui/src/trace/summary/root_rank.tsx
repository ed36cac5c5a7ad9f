import { TRACE_ROOT_MISSING } from '../columns';
import { rankOf, rankText, useDistribution } from '../distribution';
import type { Trace } from '../trace';

/** How the root compares with its operation of the last day. Says nothing where that cannot be had. */
export function RootRank({ trace }: { trace: Trace }) {
  const rootless = (trace.columns.flags & TRACE_ROOT_MISSING) !== 0;
  const usual = useDistribution(trace, rootless ? null : 0);
  if (!usual) return null;
  const rank = rankOf(usual, trace.nano(trace.columns.duration[0]!));
  const isAll = trace.nano(trace.columns.duration[0]!) === trace.durationNano;
  return (
    <small>
      {isAll ? 'slower' : 'root slower'} than {rankText(rank)} in the last 24 h
    </small>
  );
}
