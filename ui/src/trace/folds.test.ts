import { describe, expect, it } from 'vitest';
import { encodeColumns, type PlainSpan } from '../../dev/encode_columns.mjs';
import { deepSpans, flatSpans, fleetSpans, madeTrace } from '../../dev/traces.mjs';
import { decodeColumns } from './columns';
import {
  expandAll,
  foldedFrom,
  foldSubtree,
  groupState,
  isFolded,
  NOTHING_FOLDED,
  reveal,
  setGroup,
  stepLevel,
  turn,
} from './folds';
import { listLines } from './lines';
import { buildStructure } from './structure';

function open(spans: PlainSpan[]) {
  const columns = decodeColumns(encodeColumns(madeTrace('1f'.padStart(32, '0'), 0n, spans)));
  const structure = buildStructure(columns);
  const shown = (folds: typeof NOTHING_FOLDED) => [
    ...listLines(structure, folds, null, structure.repeats.size).line,
  ];
  return { structure, shown };
}

describe('folds', () => {
  const { structure, shown } = open(fleetSpans(100));

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
    const rootOnly = foldedFrom(0);
    expect(shown(rootOnly)).toEqual([0]);
    const two = stepLevel(structure, rootOnly, 1);
    expect(shown(two)).toHaveLength(1 + structure.childCount[0]!);
    expect(stepLevel(structure, NOTHING_FOLDED, -1).level).toBe(structure.maxDepth - 1);
    expect(stepLevel(structure, foldedFrom(structure.maxDepth - 1), 1).level).toBe(Infinity);
    expect(stepLevel(structure, rootOnly, -1).level).toBe(0);
  });
  it('unfolds a whole subtree against the level, and folds it again', () => {
    const rootOnly = foldedFrom(0);
    expect(shown(foldSubtree(structure, rootOnly, 0, false))).toHaveLength(100);
    expect(shown(foldSubtree(structure, NOTHING_FOLDED, 0, true))).toEqual([0]);
  });
  it('reveals a hidden row', () => {
    const last = 99;
    const revealed = reveal(structure, foldedFrom(0), last);
    expect(shown(revealed)).toContain(last);
    expect(reveal(structure, NOTHING_FOLDED, last)).toBe(NOTHING_FOLDED);
  });
});

/** A parent with 12 equal children, each with a child of its own. */
function loop(): PlainSpan[] {
  const [root, ...rest] = flatSpans(25);
  const spans = [root!];
  for (let i = 0; i < 24; i += 2) {
    spans.push({ ...rest[i]!, service: 'shop', name: 'item', kind: 3, parent: 0 });
    spans.push({ ...rest[i + 1]!, service: 'shop', name: 'query', kind: 3, parent: i + 1 });
  }
  return spans;
}

describe('folds of similar siblings', () => {
  const { structure, shown } = open(loop());
  const fold = 25;

  it('are folded at first, then show the first five, then all', () => {
    expect(shown(NOTHING_FOLDED)).toEqual([0, fold]);
    expect(shown(setGroup(NOTHING_FOLDED, 0, 'first'))).toEqual([
      ...[0, fold],
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      fold + 1,
    ]);
    expect(shown(setGroup(NOTHING_FOLDED, 0, 'all'))).toHaveLength(26);
  });
  it('are unfolded as far as a row needs it', () => {
    expect(groupState(reveal(structure, NOTHING_FOLDED, 10), 0)).toBe('first');
    expect(groupState(reveal(structure, NOTHING_FOLDED, 12), 0)).toBe('all');
    expect(shown(reveal(structure, NOTHING_FOLDED, 24))).toContain(24);
    expect(reveal(structure, NOTHING_FOLDED, 0)).toBe(NOTHING_FOLDED);
  });
  it('are unfolded with the subtree, and by expanding all when nothing else is folded', () => {
    expect(shown(foldSubtree(structure, NOTHING_FOLDED, 0, false))).toHaveLength(26);
    expect(shown(expandAll(foldedFrom(1)))).toEqual([0, fold]);
    expect(shown(expandAll(expandAll(foldedFrom(1))))).toHaveLength(26);
  });
});

it.each([
  ['a chain of 5,000', () => deepSpans(5_000), 2],
  ['20,000 children', () => flatSpans(20_000), 20_000],
  ['100,000 spans', () => fleetSpans(100_000), 5],
])('lists the rows of %s quickly', (_, make, atLevelOne) => {
  const { structure, shown } = open(make());
  const begun = performance.now();
  const all = shown(NOTHING_FOLDED).length;
  const folded = shown(foldedFrom(1)).length;
  expect(performance.now() - begun).toBeLessThan(1000);
  expect([all, folded]).toEqual([structure.depth.length, atLevelOne]);
});
