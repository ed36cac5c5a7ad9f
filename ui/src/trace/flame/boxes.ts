import type { Steps } from '../slices';

/** What a flame graph draws: boxes on lanes, sorted by lane and then by `from`; on a lane none overlaps another. */
export interface Boxes {
  /** Boxes of lane i are `laneBegin[i]` up to `laneBegin[i + 1]`. */
  laneBegin: Uint32Array;
  lane: Uint32Array;
  /** In units of the trace: of time, or of work. */
  from: Float64Array;
  to: Float64Array;
  /** The box that it stands under; NONE for a root. */
  parent: Uint32Array;
  /** The widest of the boxes right under it; NONE where there are none. */
  child: Uint32Array;
  /** A span for the box: its own, or the longest of those that are put together. */
  row: Uint32Array;
  /** How many spans are put together, and how many of them failed. */
  spans: Uint32Array;
  errors: Uint32Array;
  /** The box of each row. */
  boxOf: Uint32Array;
  /** Where the last box ends; the first begins at 0. */
  total: number;
}

export type MakeBoxes = Steps<Boxes>;

/** For each box the widest of those under it. Linear. */
export function widestChildren(parent: Uint32Array, from: Float64Array, to: Float64Array): Uint32Array {
  const child = new Uint32Array(parent.length).fill(0xffffffff);
  for (let box = 0; box < parent.length; box++) {
    const above = parent[box]!;
    if (above >= parent.length) continue;
    const widest = child[above]!;
    if (widest >= parent.length || to[box]! - from[box]! > to[widest]! - from[widest]!) child[above] = box;
  }
  return child;
}

/** The first box of a lane that ends after a place; the end of the lane where none does. */
export function firstAfter({ laneBegin, to }: Boxes, lane: number, place: number): number {
  let [low, high] = [laneBegin[lane]!, laneBegin[lane + 1]!];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (to[middle]! <= place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The box at a place of a lane. */
export function boxAt(boxes: Boxes, lane: number, place: number): number | undefined {
  if (lane < 0 || lane >= boxes.laneBegin.length - 1) return undefined;
  const box = firstAfter(boxes, lane, place);
  return box < boxes.laneBegin[lane + 1]! && boxes.from[box]! <= place ? box : undefined;
}

/** 1 for each box with a span that is marked; null where nothing is marked at all. */
export function markedBoxes(boxes: Boxes, marks: Uint8Array | null): Uint8Array | null {
  if (!marks) return null;
  const marked = new Uint8Array(boxes.row.length);
  for (let row = 0; row < marks.length; row++) if (marks[row]) marked[boxes.boxOf[row]!] = 1;
  return marked;
}
