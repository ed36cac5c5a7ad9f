import { FLAG_ERROR, NONE } from '../columns';
import type { Trace } from '../trace';
import { widestChildren, type MakeBoxes } from './boxes';
import { FirstFreeLane } from './first_free_lane';

const STEP = 1 << 14;

/**
 * Every span at its time, below its parent; what runs at the same time as a sibling goes further down. O(n log n).
 *
 * Rows come in preorder with siblings by their start, and a span takes the first lane below its parent's on which
 * everything that was placed before has ended. So on each lane spans follow one another in the order of their starts.
 */
export function* timeOrder(trace: Trace): MakeBoxes {
  const { parent, start, duration, spanFlags } = trace.columns;
  const { count } = trace;
  const laneOfRow = new Uint32Array(count);
  const free = new FirstFreeLane(count);
  let laneCount = 0;
  for (let row = 0; row < count; row++) {
    if (row % STEP === STEP - 1) yield;
    const above = parent[row] === NONE ? 0 : laneOfRow[parent[row]!]! + 1;
    const lane = free.find(above, start[row]!);
    free.take(lane, start[row]! + Math.max(1, duration[row]!));
    laneOfRow[row] = lane;
    if (lane >= laneCount) laneCount = lane + 1;
  }
  yield;

  const laneBegin = new Uint32Array(laneCount + 1);
  for (const lane of laneOfRow) laneBegin[lane + 1]!++;
  for (let lane = 0; lane < laneCount; lane++) laneBegin[lane + 1]! += laneBegin[lane]!;
  const next = laneBegin.slice();
  const boxOf = new Uint32Array(count);
  const rowOf = new Uint32Array(count);
  const lane = new Uint32Array(count);
  const from = new Float64Array(count);
  const to = new Float64Array(count);
  const errors = new Uint32Array(count);
  for (let row = 0; row < count; row++) {
    const box = next[laneOfRow[row]!]!++;
    boxOf[row] = box;
    rowOf[box] = row;
    lane[box] = laneOfRow[row]!;
    from[box] = start[row]!;
    to[box] = start[row]! + Math.max(1, duration[row]!);
    errors[box] = spanFlags[row]! & FLAG_ERROR;
  }
  yield;
  const above = rowOf.map((row) => (parent[row] === NONE ? NONE : boxOf[parent[row]!]!));
  return {
    laneBegin,
    lane,
    from,
    to,
    parent: above,
    child: widestChildren(above, from, to),
    row: rowOf,
    spans: new Uint32Array(count).fill(1),
    errors,
    boxOf,
    total: trace.total,
  };
}
