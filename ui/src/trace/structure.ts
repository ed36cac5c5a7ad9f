import { KIND_CLIENT, KIND_SERVER, FLAG_ERROR, NONE, type Columns } from './columns';
import { indexPath, type PathIndex } from './path_index';
import { findRepeats, type Repeats } from './repeats';

// What follows from the columns and is needed for every row: computed once, in a worker, each part in one pass.

export interface Structure {
  /** As in the columns. */
  parent: Uint32Array;
  depth: Uint32Array;
  /** The row after the last descendant. */
  subtreeEnd: Uint32Array;
  childCount: Uint32Array;
  maxDepth: number;
  repeats: Repeats;
  path: PathIndex;
  /** How deep a row stands in the waterfall: as `depth`, and one more for each group that it is in. */
  level: Uint32Array;
  maxLevel: number;
  /** Time that no child covers, in units. */
  self: Uint32Array;
  /**
   * For a client span that waits for a traced service: from where to where that service's server spans were at work,
   * in units. NONE in waitBegin for every other span.
   */
  waitBegin: Uint32Array;
  waitEnd: Uint32Array;
  /** Spans with an error before row i: a difference counts those in a run of rows. */
  errorsBefore: Uint32Array;
}

export function buildStructure(columns: Columns): Structure {
  const { parent } = columns;
  const count = parent.length;
  const depth = new Uint32Array(count);
  const subtreeEnd = new Uint32Array(count);
  const childCount = new Uint32Array(count);
  const errorsBefore = new Uint32Array(count + 1);
  let maxDepth = 0;
  for (let row = 0; row < count; row++) {
    const above = parent[row]!;
    if (above !== NONE) {
      depth[row] = depth[above]! + 1;
      childCount[above]!++;
      if (depth[row]! > maxDepth) maxDepth = depth[row]!;
    }
    errorsBefore[row + 1] = errorsBefore[row]! + (columns.spanFlags[row]! & FLAG_ERROR ? 1 : 0);
  }
  // Backwards, every row is done before its parent asks for it.
  for (let row = count - 1; row >= 0; row--) {
    if (subtreeEnd[row] === 0) subtreeEnd[row] = row + 1;
    const above = parent[row]!;
    if (above !== NONE && subtreeEnd[row]! > subtreeEnd[above]!) subtreeEnd[above] = subtreeEnd[row]!;
  }
  const repeats = findRepeats(columns, subtreeEnd);
  return {
    parent,
    depth,
    subtreeEnd,
    childCount,
    maxDepth,
    repeats,
    path: indexPath(columns),
    ...levels(parent, repeats),
    errorsBefore,
    self: selfTimes(columns),
    ...waits(columns),
  };
}

function levels(parent: Uint32Array, { groupOf }: Repeats): Pick<Structure, 'level' | 'maxLevel'> {
  const level = new Uint32Array(parent.length);
  let maxLevel = 0;
  for (let row = 0; row < parent.length; row++) {
    const above = parent[row] === NONE ? 0 : level[parent[row]!]! + 1;
    level[row] = groupOf[row] === NONE ? above : above + 1;
    if (level[row]! > maxLevel) maxLevel = level[row]!;
  }
  return { level, maxLevel };
}

/** Siblings stand in order of their start, so the union of their times grows from left to right. */
function selfTimes({ parent, start, duration }: Columns): Uint32Array {
  const count = parent.length;
  const self = duration.slice();
  const coveredTo = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    coveredTo[row] = start[row]!;
    const above = parent[row]!;
    if (above === NONE) continue;
    const from = Math.max(start[row]!, coveredTo[above]!);
    const to = Math.min(start[row]! + duration[row]!, start[above]! + duration[above]!);
    if (to > from) {
      self[above]! -= to - from;
      coveredTo[above] = to;
    }
  }
  return self;
}

function waits({ parent, start, duration, kind, service }: Columns): Pick<Structure, 'waitBegin' | 'waitEnd'> {
  const waitBegin = new Uint32Array(parent.length).fill(NONE);
  const waitEnd = new Uint32Array(parent.length);
  for (let row = 0; row < parent.length; row++) {
    const above = parent[row]!;
    if (above === NONE || kind[row] !== KIND_SERVER || kind[above] !== KIND_CLIENT) continue;
    if (service[row] === service[above]) continue;
    waitBegin[above] = Math.min(waitBegin[above]!, start[row]!);
    waitEnd[above] = Math.max(waitEnd[above]!, Math.min(NONE - 1, start[row]! + duration[row]!));
  }
  return { waitBegin, waitEnd };
}
