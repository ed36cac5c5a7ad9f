import { describe, expect, it } from 'vitest';
import { encodeColumns, type PlainSpan } from '../../dev/encode_columns.mjs';
import { deepSpans, flatSpans, fleetSpans, madeTrace } from '../../dev/traces.mjs';
import { decodeColumns } from './columns';
import {
  foldSubtree,
  isFolded,
  NOTHING_FOLDED,
  placeAmong,
  reveal,
  stepLevel,
  turn,
  visibleRows,
} from './folds';
import { buildStructure } from './structure';

function open(spans: PlainSpan[]) {
  const columns = decodeColumns(encodeColumns(madeTrace('1f'.padStart(32, '0'), 0n, spans)));
  return { parent: columns.parent, structure: buildStructure(columns) };
}

describe('folds', () => {
  const { parent, structure } = open(fleetSpans(100));
  const shown = (folds: typeof NOTHING_FOLDED) => [...visibleRows(structure, folds)];

  it('shows everything at first', () => {
    expect(shown(NOTHING_FOLDED)).toHaveLength(100);
  });
  it('hides the subtree of a folded row and nothing else', () => {
    const folded = turn(NOTHING_FOLDED, 1);
    const hidden = structure.subtreeEnd[1]! - 2;
    expect(shown(folded)).toHaveLength(100 - hidden);
    expect(shown(folded)).toContain(structure.subtreeEnd[1]!);
    expect(shown(turn(folded, 1))).toHaveLength(100);
  });
  it('does not fold a row without children', () => {
    const leaf = structure.childCount.indexOf(0);
    expect(isFolded(structure, turn(NOTHING_FOLDED, leaf), leaf)).toBe(false);
  });
  it('folds by level, one more, one fewer', () => {
    const rootOnly = { level: 0, turned: new Set<number>() };
    expect(shown(rootOnly)).toEqual([0]);
    const two = stepLevel(structure, rootOnly, 1);
    expect(shown(two)).toHaveLength(1 + structure.childCount[0]!);
    expect(stepLevel(structure, NOTHING_FOLDED, -1).level).toBe(structure.maxDepth - 1);
    expect(stepLevel(structure, { level: structure.maxDepth - 1, turned: new Set() }, 1).level).toBe(Infinity);
    expect(stepLevel(structure, rootOnly, -1).level).toBe(0);
  });
  it('unfolds a whole subtree against the level, and folds it again', () => {
    const rootOnly = { level: 0, turned: new Set<number>() };
    expect(shown(foldSubtree(structure, rootOnly, 0, false))).toHaveLength(100);
    expect(shown(foldSubtree(structure, NOTHING_FOLDED, 0, true))).toEqual([0]);
  });
  it('reveals a hidden row', () => {
    const last = 99;
    const revealed = reveal(structure, parent, { level: 0, turned: new Set() }, last);
    expect(shown(revealed)).toContain(last);
    expect(reveal(structure, parent, NOTHING_FOLDED, last)).toBe(NOTHING_FOLDED);
  });
  it('finds the place of a row, or of the fold that hides it', () => {
    const visible = Uint32Array.from([0, 1, 5, 9]);
    expect([0, 1, 4, 5, 8, 9, 70].map((row) => placeAmong(visible, row))).toEqual([0, 1, 1, 2, 2, 3, 3]);
  });
});

it.each([
  ['a chain of 5,000', () => deepSpans(5_000), 2],
  ['20,000 children', () => flatSpans(20_000), 20_000],
  ['100,000 spans', () => fleetSpans(100_000), 5],
])('lists the rows of %s quickly', (_, make, atLevelOne) => {
  const { structure } = open(make());
  const begun = performance.now();
  const all = visibleRows(structure, NOTHING_FOLDED).length;
  const folded = visibleRows(structure, { level: 1, turned: new Set() }).length;
  expect(performance.now() - begun).toBeLessThan(100);
  expect([all, folded]).toEqual([structure.depth.length, atLevelOne]);
});
