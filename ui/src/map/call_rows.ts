import type { MapCall } from '../api/types';
import { errorShare, nano } from '../red/numbers';
import { sorted, type Sort, type SortValue } from '../table/sort';

export const CALL_KEYS = ['parent', 'child', 'count', 'rate', 'errors', 'p50', 'p95', 'p99'] as const;
export type CallKey = (typeof CALL_KEYS)[number];
export const CALL_SORT: Sort<CallKey> = { key: 'count', descending: true };

const VALUES: Record<CallKey, (call: MapCall) => SortValue> = {
  parent: ({ parent }) => parent,
  child: ({ child }) => child,
  count: ({ count }) => count,
  rate: ({ count }) => count,
  errors: errorShare,
  p50: ({ p50Nano }) => nano(p50Nano),
  p95: ({ p95Nano }) => nano(p95Nano),
  p99: ({ p99Nano }) => nano(p99Nano),
};

export function arrangeCalls(calls: readonly MapCall[], sort: Sort<CallKey>): MapCall[] {
  return sorted(calls, VALUES[sort.key], sort.descending, ({ parent, child }) => `${parent} ${child}`);
}
