import { NONE } from './columns';
import { MEMBERS_FIRST, type Folds } from './folds';
import { isRest, isSpan, membersShown, rowOfLine } from './lines';
import type { Structure } from './structure';

/** Where lines stand among their siblings, from 1, and how many siblings there are: a folded group counts as one. */
export interface Slots {
  /** For each row: among the members of its group, or else among the children of its parent. */
  position: Uint32Array;
  /** For each row how many lines its children make; `roots` for the roots. */
  children: Uint32Array;
  roots: number;
  /** For each group: the place of its fold, and how many of its members are kept. */
  groupPosition: Uint32Array;
  members: Uint32Array;
}

/** Counts in one pass, of the rows that `keep` has a 1 for; null keeps all. */
export function countSlots({ parent, repeats }: Structure, keep: Uint8Array | null): Slots {
  const count = parent.length;
  const groups = repeats.first.length;
  const slots: Slots = {
    position: new Uint32Array(count),
    children: new Uint32Array(count),
    roots: 0,
    groupPosition: new Uint32Array(groups),
    members: new Uint32Array(groups),
  };
  const next = (row: number) => (parent[row] === NONE ? ++slots.roots : ++slots.children[parent[row]!]!);
  for (let row = 0; row < count; row++) {
    if (keep && keep[row] === 0) continue;
    const group = repeats.groupOf[row]!;
    if (group === NONE) {
      slots.position[row] = next(row);
      continue;
    }
    if (slots.members[group] === 0) slots.groupPosition[group] = next(row);
    slots.position[row] = ++slots.members[group]!;
  }
  return slots;
}

/** The place of a line among its siblings and their number, as assistive technology is told. */
export function placeInSet(structure: Structure, slots: Slots, folds: Folds, line: number): [number, number] {
  if (isRest(structure, line)) return [MEMBERS_FIRST + 1, MEMBERS_FIRST + 1];
  const row = rowOfLine(structure, line);
  const group = structure.repeats.groupOf[row]!;
  if (isSpan(structure, line) && group !== NONE)
    return [slots.position[row]!, membersShown(folds, group, slots.members[group]!)];
  const parent = structure.parent[row]!;
  const siblings = parent === NONE ? slots.roots : slots.children[parent]!;
  return [isSpan(structure, line) ? slots.position[row]! : slots.groupPosition[group]!, siblings];
}
