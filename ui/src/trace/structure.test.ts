import { describe, expect, it } from 'vitest';
import { encodeColumns, type PlainSpan } from '../../dev/encode_columns.mjs';
import { deepSpans, flatSpans, fleetSpans, madeTrace, shopTrace } from '../../dev/traces.mjs';
import { decodeColumns, NONE } from './columns';
import { buildStructure } from './structure';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const read = (spans: PlainSpan[]) => decodeColumns(encodeColumns(madeTrace(ID, 0n, spans)));

/** The obvious way, each question answered by looking at all spans. */
function slowly(spans: PlainSpan[], row: number) {
  const span = spans[row]!;
  const children = spans.filter((other) => other.parent === row);
  const isBelow = (other: number): boolean => other === row || (other > row && isBelow(spans[other]!.parent));
  let last = row;
  while (last + 1 < spans.length && isBelow(last + 1)) last++;
  let covered = 0;
  for (let unit = span.start; unit < span.start + span.duration; unit++) {
    if (children.some((child) => child.start <= unit && unit < child.start + child.duration)) covered++;
  }
  return { childCount: children.length, subtreeEnd: last + 1, self: span.duration - covered };
}

describe('buildStructure', () => {
  it('agrees with the obvious way on a fleet and a flat trace', () => {
    for (const spans of [fleetSpans(60).map(shorten), flatSpans(40), deepSpans(12)]) {
      const structure = buildStructure(read(spans));
      spans.forEach((_, row) => {
        const { childCount, subtreeEnd, self } = slowly(spans, row);
        expect(structure.childCount[row]).toBe(childCount);
        expect(structure.subtreeEnd[row]).toBe(subtreeEnd);
        expect(structure.self[row]).toBe(self);
      });
    }
  });

  it('counts children and errors', () => {
    const spans = flatSpans(5);
    spans[3]!.flags = 1;
    spans.push({ ...spans[0]!, id: 77n });
    const structure = buildStructure(read(spans));
    expect([...structure.childCount]).toEqual([4, 0, 0, 0, 0, 0]);
    expect([...structure.errorsBefore]).toEqual([0, 0, 0, 0, 1, 1, 1]);
  });

  it('finds what a client span waits for, in another service only', () => {
    const plain = shopTrace(ID, 0n);
    const { waitBegin, waitEnd } = buildStructure(decodeColumns(encodeColumns(plain)));
    plain.spans.forEach((span, row) => {
      const server = plain.spans.find((other) => other.parent === row && other.kind === 2 && span.kind === 3);
      expect(waitBegin[row]).toBe(server ? server.start : NONE);
      if (server) expect(waitEnd[row]).toBe(server.start + server.duration);
    });
  });

  it.each([
    ['a chain of 5,000', () => deepSpans(5_000)],
    ['20,000 children', () => flatSpans(20_000)],
    ['100,000 spans', () => fleetSpans(100_000)],
  ])('is quick for %s', (_, make) => {
    const columns = read(make());
    const begun = performance.now();
    buildStructure(columns);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

function shorten(span: PlainSpan): PlainSpan {
  return { ...span, start: Math.round(span.start / 100), duration: Math.round(span.duration / 100) };
}
