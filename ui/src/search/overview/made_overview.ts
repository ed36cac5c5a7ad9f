import type { Overview, OverviewPoint } from '../../api/types';

/** An overview for tests, computed as the server does: from traces given as start and duration in ns, and errors. */
export function makeOverview(
  traces: readonly [start: bigint, duration: number, errors: number][],
  { start, end, columns = 12, rows = 6 }: { start: bigint; end: bigint; columns?: number; rows?: number },
): Overview {
  const durations = traces.map(([, duration]) => duration).sort((a, b) => a - b);
  const [min, max] = [durations[0] ?? 0, durations.at(-1) ?? 0];
  const within = (at: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(at)));
  const cells = new Map<number, [number, number]>();
  const byColumn = Array.from({ length: columns }, () => [] as number[]);
  for (const [at, duration, errors] of traces) {
    const column = within((Number(at - start) / Number(end - start)) * columns, columns);
    const row = max > min ? within((Math.log(duration / min) / Math.log(max / min)) * rows, rows) : 0;
    const cell = cells.get(column * rows + row) ?? [0, 0];
    cells.set(column * rows + row, [cell[0] + 1, cell[1] + (errors > 0 ? 1 : 0)]);
    byColumn[column]!.push(duration);
  }
  const quantile = (values: number[], q: number) =>
    values.length > 0 ? String(values.sort((a, b) => a - b)[Math.ceil(q * values.length) - 1]) : null;
  return {
    traceCount: traces.length,
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(end),
    durationMinNano: String(min),
    durationMaxNano: String(max),
    columns,
    rows,
    cells: [...cells].map(([at, counts]) => [Math.floor(at / rows), at % rows, ...counts]),
    columnP50Nano: byColumn.map((column) => quantile(column, 0.5)),
    columnP99Nano: byColumn.map((column) => quantile(column, 0.99)),
    p50Nano: quantile(durations, 0.5),
    p99Nano: quantile(durations, 0.99),
    points: traces.map(([at, duration, errors], index): OverviewPoint => [
      String(at),
      String(duration),
      1 + (index % 50),
      errors,
      String(index).padStart(32, '0'),
      'shop',
    ]),
    counts: { errors: traces.filter(([, , errors]) => errors > 0).length, slow: 0, rootMissing: 0 },
    rootServices: [{ name: 'shop', colour: 1, traceCount: traces.length }],
    rootServiceCount: 1,
    complete: true,
  };
}

/** Numbers from 0 to 1, the same in every run. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1664525 + 1013904223) >>> 0) / 4294967296;
}
