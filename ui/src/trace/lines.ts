import { NONE } from './columns';
import { groupState, isFolded, MEMBERS_FIRST, type Folds } from './folds';
import type { Structure } from './structure';

// What the waterfall shows, from top to bottom. A line is a span, a fold of similar siblings ("214×"), or what stands
// for the rest of them ("209 more like these"). A line is one number: the row of its span; from the number of spans on,
// two numbers for each group, its fold and its rest. So "the line of a row" needs no object and no table.

export function foldLine({ depth }: Structure, group: number): number {
  return depth.length + 2 * group;
}

export function restLine({ depth }: Structure, group: number): number {
  return depth.length + 2 * group + 1;
}

export function isSpan({ depth }: Structure, line: number): boolean {
  return line < depth.length;
}

/** The group of a line that is a fold or a rest. */
export function groupOfLine({ depth }: Structure, line: number): number {
  return (line - depth.length) >>> 1;
}

export function isRest({ depth }: Structure, line: number): boolean {
  return line >= depth.length && ((line - depth.length) & 1) === 1;
}

/** The row that gives a line its service, name and parent: its own, or that of a group's first member. */
export function rowOfLine(structure: Structure, line: number): number {
  return isSpan(structure, line) ? line : structure.repeats.first[groupOfLine(structure, line)]!;
}

/** The line that a line is a child of; NONE for a root. */
export function parentLine(structure: Structure, line: number): number {
  if (isRest(structure, line)) return line - 1;
  const row = rowOfLine(structure, line);
  const group = structure.repeats.groupOf[row]!;
  if (isSpan(structure, line) && group !== NONE) return foldLine(structure, group);
  return structure.parent[row]!;
}

/** How deep a line stands, from 0. Each fold on the way down counts as well. */
export function levelOfLine(structure: Structure, line: number): number {
  const level = structure.level[rowOfLine(structure, line)]!;
  return isSpan(structure, line) || isRest(structure, line) ? level : level - 1;
}

/** The row after the last one that belongs to a line. */
export function endOfLine(structure: Structure, line: number): number {
  if (isSpan(structure, line)) return structure.subtreeEnd[line]!;
  return structure.repeats.end[groupOfLine(structure, line)]!;
}

/** The lines that nothing hides, in order. */
export interface Lines {
  line: Uint32Array;
  /** For each line the first row that it stands for: never falls, so that places are found by halving. */
  row: Uint32Array;
}

/**
 * Lists the lines. `keep` has a 1 for every row that may be shown, always with its ancestors; null keeps all.
 * `memberCount` says how many members of each group are kept.
 */
export function listLines(
  structure: Structure,
  folds: Folds,
  keep: Uint8Array | null,
  memberCount: Uint32Array,
): Lines {
  const { subtreeEnd, repeats } = structure;
  const count = subtreeEnd.length;
  const room = count + 2 * repeats.first.length;
  const line = new Uint32Array(room);
  const rows = new Uint32Array(room);
  const seen = new Uint32Array(repeats.first.length);
  let length = 0;
  const push = (pushed: number, row: number) => {
    line[length] = pushed;
    rows[length++] = row;
  };
  for (let row = 0; row < count;) {
    if (keep && keep[row] === 0) {
      row = subtreeEnd[row]!;
      continue;
    }
    const group = repeats.groupOf[row]!;
    if (group !== NONE) {
      const state = groupState(folds, group);
      const before = seen[group]!++;
      if (before === 0) push(foldLine(structure, group), row);
      if (state === 'folded' || (state === 'first' && hidesMember(before, memberCount[group]!))) {
        if (state === 'first') push(restLine(structure, group), row);
        row = repeats.end[group]!;
        continue;
      }
    }
    push(row, row);
    row = isFolded(structure, folds, row) ? subtreeEnd[row]! : row + 1;
  }
  return { line: line.subarray(0, length), row: rows.subarray(0, length) };
}

/** A single member more is shown rather than counted: its line would take the same room. */
function hidesMember(before: number, members: number): boolean {
  return before >= MEMBERS_FIRST && members > MEMBERS_FIRST + 1;
}

/** How many children an unfolded group shows. */
export function membersShown(folds: Folds, group: number, members: number): number {
  return groupState(folds, group) === 'first' && members > MEMBERS_FIRST + 1 ? MEMBERS_FIRST + 1 : members;
}

/** Where a line stands; for one that is hidden, where the fold that hides it stands. */
export function placeOf(structure: Structure, lines: Lines, line: number): number {
  if (isSpan(structure, line)) return lastUpTo(lines.row, line);
  const group = groupOfLine(structure, line);
  if (isRest(structure, line)) return lastUpTo(lines.row, structure.repeats.end[group]! - 1);
  // Its first member may stand at the same row, behind the fold.
  const place = lastUpTo(lines.row, structure.repeats.first[group]!);
  if (lines.line[place - 1] === line) return place - 1;
  return lines.line[place + 1] === line ? place + 1 : place; // Where its first member is filtered away.
}

/** The last place whose row is not behind the wanted one. */
function lastUpTo(rows: Uint32Array, wanted: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! <= wanted) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
