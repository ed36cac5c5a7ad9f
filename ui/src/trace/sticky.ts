import { NONE } from './columns';
import { parentLine, type Lines } from './lines';
import type { Structure } from './structure';

/** So many ancestors stay at the top while what is below them scrolls. */
export const STICKY_MAX = 5;

/** The ancestors of a line, outermost first; only the nearest where there are more than `max`. */
export function nearestAncestors(structure: Structure, line: number, max: number): number[] {
  const ancestors: number[] = [];
  for (let at = line; ancestors.length < max;) {
    at = parentLine(structure, at);
    if (at === NONE) break;
    ancestors.push(at);
  }
  return ancestors.reverse();
}

/**
 * The lines that stick when `first` is the place at the top: the ancestors of the line that is then first below them.
 * One more sticky line covers one more place, so their number is the smallest that has room for its own ancestors.
 * Where a subtree ends too soon for that, the nearest ancestors of its last line stick, which else would be covered.
 */
export function stickyLines(structure: Structure, lines: Lines, first: number, max: number): number[] {
  let before: number[] = [];
  for (let covered = 0; ; covered++) {
    const line = lines.line[first + covered];
    const ancestors = line === undefined ? [] : nearestAncestors(structure, line, max);
    if (ancestors.length === covered) return ancestors;
    if (ancestors.length < covered) return before.slice(before.length - (covered - 1));
    before = ancestors;
  }
}
