import type { Structure } from './structure';

/** Which subtrees are folded: everything from a depth on, except for rows that were turned the other way since. */
export interface Folds {
  /** Rows at this depth and deeper are folded; Infinity folds nothing. */
  level: number;
  turned: ReadonlySet<number>;
}

export const NOTHING_FOLDED: Folds = { level: Infinity, turned: new Set() };

export function isFolded({ depth, childCount }: Structure, folds: Folds, row: number): boolean {
  return childCount[row]! > 0 && depth[row]! >= folds.level !== folds.turned.has(row);
}

/** The rows that no fold hides, in order. */
export function visibleRows(structure: Structure, folds: Folds): Uint32Array {
  const { subtreeEnd } = structure;
  const visible = new Uint32Array(subtreeEnd.length);
  let count = 0;
  for (
    let row = 0;
    row < subtreeEnd.length;
    row = isFolded(structure, folds, row) ? subtreeEnd[row]! : row + 1
  ) {
    visible[count++] = row;
  }
  return visible.subarray(0, count);
}

export function turn(folds: Folds, row: number): Folds {
  const turned = new Set(folds.turned);
  if (!turned.delete(row)) turned.add(row);
  return { level: folds.level, turned };
}

export function foldSubtree(structure: Structure, folds: Folds, row: number, folded: boolean): Folds {
  const turned = new Set(folds.turned);
  for (let inner = row; inner < structure.subtreeEnd[row]!; inner++) {
    const byLevel = structure.depth[inner]! >= folds.level;
    if (structure.childCount[inner]! > 0 && byLevel !== folded) turned.add(inner);
    else turned.delete(inner);
  }
  return { level: folds.level, turned };
}

/** Unfolds what hides a row. The same folds where nothing does. */
export function reveal(structure: Structure, parent: Uint32Array, folds: Folds, row: number): Folds {
  let turned: Set<number> | undefined;
  for (let above = parent[row]!; above < parent.length; above = parent[above]!) {
    if (!isFolded(structure, folds, above)) continue;
    turned ??= new Set(folds.turned);
    if (!turned.delete(above)) turned.add(above);
  }
  return turned ? { level: folds.level, turned } : folds;
}

/** One level more or fewer, of what is folded by depth. */
export function stepLevel({ maxDepth }: Structure, folds: Folds, step: 1 | -1): Folds {
  const level = Math.min(folds.level, maxDepth) + step;
  return { level: level >= maxDepth ? Infinity : Math.max(0, level), turned: new Set() };
}

/** Where a row stands among the visible ones; for a hidden one, where the fold that hides it stands. */
export function placeAmong(visible: Uint32Array, row: number): number {
  let low = 0;
  let high = visible.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (visible[middle]! <= row) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}
