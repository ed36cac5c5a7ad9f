import { fetchDistribution } from '../api/endpoints';
import type { Distribution } from '../api/types';
import { useResource } from '../api/use_resource';
import type { Trace } from './trace';

/** With fewer spans than this a rank says little. */
const COUNT_MIN = 20;
const KINDS = ['', 'internal', 'server', 'client', 'producer', 'consumer'];

/** How long the operation of a row usually takes; undefined until it is known, and where it cannot be had. */
export function useDistribution(trace: Trace, row: number | null): Distribution | undefined {
  const parameters = new URLSearchParams();
  if (row !== null) {
    parameters.set('service', trace.service(row));
    parameters.set('operation', trace.name(row));
    const kind = KINDS[trace.columns.kind[row]!];
    if (kind) parameters.set('kind', kind);
  }
  const { data, error, pending } = useResource(row === null ? null : `distribution ${parameters}`, (signal) =>
    fetchDistribution(parameters, signal),
  );
  return data && !error && !pending && data.count >= COUNT_MIN ? data : undefined;
}

/** Which share of the spans took less time, from 0 to 1. In a bucket, they are taken to be spread evenly. */
export function rankOf({ count, buckets }: Distribution, durationNano: number): number {
  let below = 0;
  for (const [from, to, spans] of buckets) {
    const [low, high] = [Number(from), Number(to)];
    if (durationNano >= high) below += spans;
    else if (durationNano > low) below += (spans * (durationNano - low)) / (high - low);
  }
  return Math.min(1, below / count);
}

/** "99.4 %", never "100 %" of which the span itself is one. */
export function rankText(rank: number): string {
  const percent = Math.min(99.9, rank * 100);
  return `${percent >= 90 ? percent.toFixed(1) : Math.round(percent)} %`;
}
