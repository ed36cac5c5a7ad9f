import { describe, expect, it } from 'vitest';
import { encodeColumns } from '../../dev/encode_columns.mjs';
import { deepSpans, madeTrace, shopTrace } from '../../dev/traces.mjs';
import { decodeColumns, NONE } from './columns';
import { withAncestors } from './filter/filters';
import { foldedFrom, NOTHING_FOLDED, setGroup, type Folds } from './folds';
import { foldLine, levelOfLine, listLines, parentLine, placeOf, restLine } from './lines';
import { countSlots, placeInSet } from './slots';
import { stickyLines } from './sticky';
import { buildStructure, type Structure } from './structure';

const ID = '1f'.padStart(32, '0');
const structure = buildStructure(decodeColumns(encodeColumns(shopTrace(ID, 0n))));
const first = structure.repeats.first[0]!;
const parent = first - 1;
const [fold, rest] = [foldLine(structure, 0), restLine(structure, 0)];

function list(folds: Folds, keep: Uint8Array | null = null, of: Structure = structure) {
  const slots = countSlots(of, keep);
  return { slots, lines: listLines(of, folds, keep, slots.members) };
}

describe('lines', () => {
  it('stand under each other: members under their fold, the fold under the parent', () => {
    expect(parentLine(structure, first)).toBe(fold);
    expect(parentLine(structure, rest)).toBe(fold);
    expect(parentLine(structure, fold)).toBe(parent);
    expect(parentLine(structure, 0)).toBe(NONE);
    const level = levelOfLine(structure, parent);
    expect([fold, first, rest].map((line) => levelOfLine(structure, line) - level)).toEqual([1, 2, 2]);
  });

  it('find their places again, in every state of folds', () => {
    for (const state of ['folded', 'first', 'all'] as const) {
      const { lines } = list(setGroup(NOTHING_FOLDED, 0, state));
      lines.line.forEach((line, place) => expect(placeOf(structure, lines, line)).toBe(place));
    }
  });

  it('that are hidden give the place of what hides them', () => {
    const folded = list(NOTHING_FOLDED).lines;
    expect(folded.line[placeOf(structure, folded, first + 100)]).toBe(fold);
    const some = list(setGroup(NOTHING_FOLDED, 0, 'first')).lines;
    expect(some.line[placeOf(structure, some, first + 100)]).toBe(rest);
    const root = list(foldedFrom(0)).lines;
    for (const line of [first, fold, rest, 40]) expect(placeOf(structure, root, line)).toBe(0);
  });

  it('are counted among their siblings: a fold as one of them, members among themselves', () => {
    const folds = setGroup(NOTHING_FOLDED, 0, 'first');
    const { slots } = list(folds);
    const place = (line: number, of = folds) => placeInSet(structure, slots, of, line);
    expect(place(0)).toEqual([1, 1]);
    expect(place(fold)).toEqual([1, 1]);
    expect([first, first + 4, rest].map((line) => place(line))).toEqual([
      [1, 6],
      [5, 6],
      [6, 6],
    ]);
    expect(place(first + 4, setGroup(NOTHING_FOLDED, 0, 'all'))).toEqual([5, 214]);
  });

  it('that are filtered away do not count, and their ancestors stay', () => {
    const marks = new Uint8Array(structure.parent.length);
    for (const row of [2, first + 7, first + 9]) marks[row] = 1;
    const { lines, slots } = list(setGroup(NOTHING_FOLDED, 0, 'first'), withAncestors(structure, marks));
    expect([...lines.line].slice(0, 3)).toEqual([0, 1, 2]);
    expect([...lines.line].slice(-3)).toEqual([fold, first + 7, first + 9]);
    expect(placeInSet(structure, slots, NOTHING_FOLDED, 2)).toEqual([1, 1]);
    expect(placeOf(structure, lines, fold)).toBe(lines.line.length - 3);
  });
});

describe('sticky lines', () => {
  it('are ancestors of the line below them, and never cover one that is not among them', () => {
    const folds = setGroup(NOTHING_FOLDED, 0, 'all');
    const { lines } = list(folds);
    let whole = 0;
    for (let top = 0; top < lines.line.length - 10; top++) {
      const sticky = stickyLines(structure, lines, top, 9);
      const below = lines.line[top + sticky.length]!;
      const ancestors: number[] = [];
      for (let at = parentLine(structure, below); at !== NONE; at = parentLine(structure, at))
        ancestors.push(at);
      expect(ancestors).toEqual(expect.arrayContaining(sticky));
      const missing = ancestors.filter((line) => !sticky.includes(line));
      whole += missing.length === 0 ? 1 : 0;
      expect(missing.filter((line) => placeOf(structure, lines, line) >= top)).toEqual([]);
      if (top === 0) expect(sticky).toEqual([]);
    }
    expect(whole).toBeGreaterThan(lines.line.length / 2);
  });

  it('are the nearest five of a deep chain', () => {
    const deep = buildStructure(decodeColumns(encodeColumns(madeTrace(ID, 0n, deepSpans(100)))));
    const { lines } = list(NOTHING_FOLDED, null, deep);
    expect(stickyLines(deep, lines, 50, 5)).toEqual([50, 51, 52, 53, 54]);
    expect(stickyLines(deep, lines, 50, 2)).toEqual([50, 51]);
  });
});
