import { NONE } from './columns';
import type { Structure } from './structure';

/** A group of similar siblings is folded into one line, shows the first of its members, or all of them. */
export type GroupState = 'folded' | 'first' | 'all';

/** Which subtrees are folded: everything from a depth on, except for rows that were turned the other way since. */
export interface Folds {
  /** Rows at this depth and deeper are folded; Infinity folds nothing. */
  level: number;
  turned: ReadonlySet<number>;
  /** What groups of similar siblings show, except for those that were set since. */
  everyGroup: GroupState;
  groups: ReadonlyMap<number, GroupState>;
}

/** Folds everything from a level on, and every group. */
export function foldedFrom(level: number): Folds {
  return { level, turned: new Set(), everyGroup: 'folded', groups: new Map() };
}

/** How a trace opens: only similar siblings are folded. */
export const NOTHING_FOLDED = foldedFrom(Infinity);

/** An unfolded group shows so many of its members, then how many more there are. */
export const MEMBERS_FIRST = 5;

export function groupState({ groups, everyGroup }: Folds, group: number): GroupState {
  return groups.get(group) ?? everyGroup;
}

export function setGroup(folds: Folds, group: number, state: GroupState): Folds {
  const groups = new Map(folds.groups);
  if (state === folds.everyGroup) groups.delete(group);
  else groups.set(group, state);
  return { ...folds, groups };
}

export function isFolded({ depth, childCount }: Structure, folds: Folds, row: number): boolean {
  return childCount[row]! > 0 && depth[row]! >= folds.level !== folds.turned.has(row);
}

export function turn(folds: Folds, row: number): Folds {
  const turned = new Set(folds.turned);
  if (!turned.delete(row)) turned.add(row);
  return { ...folds, turned };
}

/** Folds or unfolds all below a row, similar siblings included. */
export function foldSubtree(structure: Structure, folds: Folds, row: number, folded: boolean): Folds {
  const { depth, childCount, subtreeEnd, repeats } = structure;
  const turned = new Set(folds.turned);
  const groups = new Map(folds.groups);
  for (let inner = row; inner < subtreeEnd[row]!; inner++) {
    const byLevel = depth[inner]! >= folds.level;
    if (childCount[inner]! > 0 && byLevel !== folded) turned.add(inner);
    else turned.delete(inner);
    const group = repeats.groupOf[inner]!;
    if (inner > row && group !== NONE) groups.set(group, folded ? 'folded' : 'all');
  }
  return { ...folds, turned, groups };
}

/** Unfolds what hides a row. The same folds where nothing does. */
export function reveal(structure: Structure, folds: Folds, row: number): Folds {
  let revealed = folds;
  for (let at = row; at !== NONE; at = structure.parent[at]!) {
    if (at !== row && isFolded(structure, revealed, at)) revealed = turn(revealed, at);
    const group = structure.repeats.groupOf[at]!;
    if (group === NONE || groupState(revealed, group) === 'all') continue;
    const wanted = isAmongFirst(structure, group, at) ? 'first' : 'all';
    if (groupState(revealed, group) !== wanted) revealed = setGroup(revealed, group, wanted);
  }
  return revealed;
}

/** Whether a member is one of those that an unfolded group shows at first. */
function isAmongFirst({ repeats, subtreeEnd }: Structure, group: number, row: number): boolean {
  let member = repeats.first[group]!;
  for (let walked = 0; walked < MEMBERS_FIRST; walked++) {
    if (member === row) return true;
    member = subtreeEnd[member]!;
  }
  return false;
}

/** One level more or fewer, of what is folded by depth. */
export function stepLevel({ maxDepth }: Structure, folds: Folds, step: 1 | -1): Folds {
  const level = Math.min(folds.level, maxDepth) + step;
  return { ...folds, level: level >= maxDepth ? Infinity : Math.max(0, level), turned: new Set() };
}

/** What "expand all" does: unfolds every subtree, and where that is done already, similar siblings too. */
export function expandAll(folds: Folds): Folds {
  const unfolded = folds.level === Infinity && folds.turned.size === 0;
  const { everyGroup, groups } = folds;
  return unfolded ? { ...NOTHING_FOLDED, everyGroup: 'all' } : { ...NOTHING_FOLDED, everyGroup, groups };
}
