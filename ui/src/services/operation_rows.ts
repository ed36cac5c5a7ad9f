import type { RedGroup } from '../api/types';
import { errorShare, nano } from '../red/numbers';
import { sorted, type Sort, type SortValue } from '../table/sort';

export const OPERATION_KEYS = ['name', 'count', 'rate', 'errors', 'p50', 'p95', 'p99', 'impact'] as const;
export type OperationKey = (typeof OPERATION_KEYS)[number];

/** Where most of the time goes first: that is where being faster is felt most. */
export const OPERATION_SORT: Sort<OperationKey> = { key: 'impact', descending: true };

export interface OperationRow {
  group: RedGroup;
  /** Its part of the time that all operations take together: rate times mean duration. From 0 to 1. */
  impact: number;
}

export function operationRows(groups: readonly RedGroup[]): OperationRow[] {
  const total = groups.reduce((sum, { durationSumNano }) => sum + Number(durationSumNano), 0);
  return groups.map((group) => ({ group, impact: total > 0 ? Number(group.durationSumNano) / total : 0 }));
}

const VALUES: Record<OperationKey, (row: OperationRow) => SortValue> = {
  name: ({ group }) => group.operation ?? '',
  count: ({ group }) => group.count,
  rate: ({ group }) => group.count,
  errors: ({ group }) => errorShare(group),
  p50: ({ group }) => nano(group.p50Nano),
  p95: ({ group }) => nano(group.p95Nano),
  p99: ({ group }) => nano(group.p99Nano),
  impact: ({ impact }) => impact,
};

export function arrangeOperations(rows: readonly OperationRow[], sort: Sort<OperationKey>): OperationRow[] {
  return sorted(rows, VALUES[sort.key], sort.descending, ({ group }) => `${group.operation} ${group.kind}`);
}
