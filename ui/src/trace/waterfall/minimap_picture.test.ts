import { expect, it } from 'vitest';
import { encodeColumns, type PlainSpan } from '../../../dev/encode_columns.mjs';
import { fleetSpans, flatSpans, madeTrace } from '../../../dev/traces.mjs';
import { decodeColumns } from '../columns';
import { buildStructure } from '../structure';
import { Trace } from '../trace';
import { minimapRows, overviewOf, paintMinimap } from './minimap_picture';

function open(spans: PlainSpan[]) {
  const columns = decodeColumns(encodeColumns(madeTrace('1f'.padStart(32, '0'), 0n, spans)));
  return new Trace(columns, buildStructure(columns));
}

it('gives every span of a small trace its own lines', () => {
  const trace = open(fleetSpans(5));
  const rows = minimapRows(trace, overviewOf(trace), 100, 40);
  for (let row = 0; row < 5; row++) expect(rows).toContain(row + 1);
  expect([...rows.subarray(0, 100)].every((seen) => seen === 1)).toBe(true);
});

it('shows later rows over earlier ones where lines are shared', () => {
  const trace = open(flatSpans(4000));
  const rows = minimapRows(trace, overviewOf(trace), 200, 40);
  for (let line = 0; line < 40; line++) {
    const seen = rows.subarray(line * 200, (line + 1) * 200).filter((row) => row > 0);
    expect(Math.min(...seen)).toBeGreaterThan(line * 100);
    expect(Math.max(...seen)).toBeLessThanOrEqual((line + 1) * 100);
  }
});

it('is quick for 100,000 spans and paints each kind', () => {
  const trace = open(fleetSpans(100_000));
  const begun = performance.now();
  const rows = minimapRows(trace, overviewOf(trace), 700, 40);
  const service = [...trace.columns.serviceColour];
  const pixels = paintMinimap(trace, rows, {
    error: 0xff0000ff,
    service: service.map((_, i) => 0xff000000 + i),
  });
  expect(performance.now() - begun).toBeLessThan(2000);
  expect(pixels).toHaveLength(700 * 40);
});
