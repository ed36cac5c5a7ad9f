import type { RedAnswer, RedGroup } from '../api/types';
import { errorShare, nano } from '../red/numbers';
import { seriesOf, type Series } from '../red/series';
import { sorted, type Sort, type SortValue } from '../table/sort';

export const SERVICE_KEYS = ['name', 'rate', 'errors', 'p50', 'p95', 'p99'] as const;
export type ServiceKey = (typeof SERVICE_KEYS)[number];

/**
 * Busiest first: what most requests pass through matters to most people, and the order stays as it is from one minute
 * to the next. By share of errors, a service with one failed span in two would lead; by time, those that only wait.
 */
export const SERVICE_SORT: Sort<ServiceKey> = { key: 'rate', descending: true };

export interface ServiceRow {
  group: RedGroup;
  series: Series;
}

export function serviceRows(answer: RedAnswer, now: number): ServiceRow[] {
  return answer.groups.map((group) => ({ group, series: seriesOf(answer, group, now) }));
}

const VALUES: Record<ServiceKey, (group: RedGroup) => SortValue> = {
  name: ({ service }) => service,
  rate: ({ count }) => count,
  errors: errorShare,
  p50: ({ p50Nano }) => nano(p50Nano),
  p95: ({ p95Nano }) => nano(p95Nano),
  p99: ({ p99Nano }) => nano(p99Nano),
};

/** The groups whose service contains the text, without regard to case. */
export function filterServices(groups: readonly RedGroup[], filter: string): RedGroup[] {
  const needle = filter.trim().toLowerCase();
  return groups.filter(({ service }) => service.toLowerCase().includes(needle));
}

/** The rows of the services that the filter keeps, in the order asked for. */
export function arrange(rows: readonly ServiceRow[], filter: string, sort: Sort<ServiceKey>): ServiceRow[] {
  const kept = new Set(
    filterServices(
      rows.map(({ group }) => group),
      filter,
    ),
  );
  return sorted(
    rows.filter(({ group }) => kept.has(group)),
    ({ group }) => VALUES[sort.key](group),
    sort.descending,
    ({ group }) => group.service,
  );
}

/** Services that have sent spans before but none in this window. */
export function quietServices(known: readonly { name: string }[], answer: RedAnswer): string[] {
  const heard = new Set(answer.groups.map(({ service }) => service));
  return known.flatMap(({ name }) => (heard.has(name) ? [] : name));
}
