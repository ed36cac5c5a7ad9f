import type { Distribution } from '../../api/types';

export const BARS = 56;

export interface Histogram {
  /** Heights from 0 to 1, by duration on a logarithmic scale. */
  bars: number[];
  /** Where the span lies on it, from 0 to 1. */
  marker: number;
}

/** Puts the buckets of a sketch into a few bars, in a range that holds the span too. */
export function histogram({ buckets }: Distribution, durationNano: number): Histogram {
  const at = (nano: number) => Math.log(Math.max(1, nano));
  const low = at(Math.min(durationNano, Number(buckets[0]?.[0] ?? durationNano)));
  const high = at(Math.max(durationNano, Number(buckets.at(-1)?.[1] ?? durationNano)));
  const scale = 1 / Math.max(1e-9, high - low);
  const bars = new Array<number>(BARS).fill(0);
  for (const [from, to, count] of buckets) {
    // A wide bucket is spread over the bars that it covers.
    const [left, right] = [(at(Number(from)) - low) * scale * BARS, (at(Number(to)) - low) * scale * BARS];
    const width = Math.max(1e-9, right - left);
    for (let bar = Math.floor(left); bar < Math.min(BARS, Math.max(right, left + 1e-9)); bar++) {
      bars[Math.max(0, bar)]! += (count * (Math.min(right, bar + 1) - Math.max(left, bar))) / width;
    }
  }
  const highest = Math.max(...bars, 1e-9);
  return { bars: bars.map((bar) => bar / highest), marker: (at(durationNano) - low) * scale };
}
