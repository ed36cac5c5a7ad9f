import { FLAG_ERROR, NONE } from '../columns';
import { radixOrder } from '../grid/radix_order';
import type { Steps } from '../slices';
import type { Trace } from '../trace';
import { widestChildren, type MakeBoxes } from './boxes';

const STEP = 1 << 14;
const KEY_MAX = 0xffffffff;

/** Spans with the same service and operation below the same are one node; parents come before their children. */
interface Nodes {
  nodeOf: Uint32Array;
  parent: Uint32Array;
  /** Work below and in it: own times added up. */
  work: Float64Array;
  longest: Uint32Array;
  spans: Uint32Array;
  errors: Uint32Array;
  count: number;
}

/**
 * Spans put together by the path of services and operations that led to them, the most work on the left. How wide a
 * box is says how much work was done in it and below: the time of spans that no child covers, added up. So widths add
 * up too, also where calls run at once. Linear.
 */
export function* leftHeavy(trace: Trace): MakeBoxes {
  const nodes = yield* mergePaths(trace);
  const { boxes, lane, laneBegin } = inOrder(nodes);
  yield;
  const { count } = nodes;
  const boxOfNode = new Uint32Array(count);
  for (let box = 0; box < count; box++) boxOfNode[boxes[box]!] = box;
  const parent = boxes.map((node) => (nodes.parent[node] === NONE ? NONE : boxOfNode[nodes.parent[node]!]!));
  const from = new Float64Array(count);
  const to = new Float64Array(count);
  /** Up to where the children of a box have been placed. */
  const filled = new Float64Array(count);
  let total = 0;
  for (let box = 0; box < count; box++) {
    const work = nodes.work[boxes[box]!]!;
    const above = parent[box]!;
    const begin = above === NONE ? total : filled[above]!;
    from[box] = filled[box] = begin;
    to[box] = begin + work;
    if (above === NONE) total = to[box]!;
    else filled[above] = to[box]!;
  }
  yield;
  return {
    laneBegin,
    lane,
    from,
    to,
    parent,
    child: widestChildren(parent, from, to),
    row: boxes.map((node) => nodes.longest[node]!),
    spans: boxes.map((node) => nodes.spans[node]!),
    errors: boxes.map((node) => nodes.errors[node]!),
    boxOf: nodes.nodeOf.map((node) => boxOfNode[node]!),
    total: Math.max(1, total),
  };
}

function* mergePaths(trace: Trace): Steps<Nodes> {
  const { parent, service, name, duration, spanFlags, stringEnd } = trace.columns;
  const { self } = trace.structure;
  const size = trace.count;
  const nodeOf = new Uint32Array(size);
  const operations = new Map<number, number>();
  const known = new Map<number, number>();
  const nodes: Nodes = {
    nodeOf,
    parent: new Uint32Array(size),
    work: new Float64Array(size),
    longest: new Uint32Array(size),
    spans: new Uint32Array(size),
    errors: new Uint32Array(size),
    count: 0,
  };
  for (let row = 0; row < size; row++) {
    if (row % STEP === STEP - 1) yield;
    const pair = service[row]! * stringEnd.length + name[row]!;
    let operation = operations.get(pair);
    if (operation === undefined) operations.set(pair, (operation = operations.size));
    const above = parent[row] === NONE ? NONE : nodeOf[parent[row]!]!;
    // Both are below the number of spans, so the key is exact for far more spans than a browser can hold.
    const key = (above === NONE ? 0 : above + 1) * size + operation;
    let node = known.get(key);
    if (node === undefined) {
      node = nodes.count++;
      known.set(key, node);
      nodes.parent[node] = above;
      nodes.longest[node] = row;
    }
    nodeOf[row] = node;
    nodes.spans[node]!++;
    nodes.work[node]! += self[row]!;
    nodes.errors[node]! += spanFlags[row]! & FLAG_ERROR;
    if (duration[row]! > duration[nodes.longest[node]!]!) nodes.longest[node] = row;
  }
  for (let node = nodes.count - 1; node >= 0; node--) {
    if (nodes.parent[node] !== NONE) nodes.work[nodes.parent[node]!]! += nodes.work[node]!;
  }
  return nodes;
}

/** Nodes level by level, the children of each from most work to least: just as boxes stand on their lanes. */
function inOrder({ parent, work, count }: Nodes): {
  boxes: Uint32Array;
  lane: Uint32Array;
  laneBegin: Uint32Array;
} {
  let most = 1;
  for (let node = 0; node < count; node++) if (work[node]! > most) most = work[node]!;
  const keys = Uint32Array.from({ length: count }, (_, node) => Math.floor((work[node]! / most) * KEY_MAX));
  const all = Uint32Array.from({ length: count }, (_, node) => node);
  /** Lists of children, the roots' under `count`: going from little work to much, each is put in front. */
  const first = new Uint32Array(count + 1).fill(NONE);
  const next = new Uint32Array(count).fill(NONE);
  for (const node of radixOrder(all, keys, true).reverse()) {
    const list = parent[node] === NONE ? count : parent[node]!;
    next[node] = first[list]!;
    first[list] = node;
  }
  const boxes = new Uint32Array(count);
  const lane = new Uint32Array(count);
  let end = 0;
  const add = (list: number, level: number) => {
    for (let node = first[list]!; node !== NONE; node = next[node]!) {
      lane[end] = level;
      boxes[end++] = node;
    }
  };
  add(count, 0);
  for (let box = 0; box < end; box++) add(boxes[box]!, lane[box]! + 1);
  return { boxes, lane, laneBegin: beginsOf(lane) };
}

/** Where each lane begins, and the last one ends. */
function beginsOf(lane: Uint32Array): Uint32Array {
  const laneCount = (lane.at(-1) ?? 0) + 1;
  const begin = new Uint32Array(laneCount + 1);
  for (const at of lane) begin[at + 1]!++;
  for (let at = 0; at < laneCount; at++) begin[at + 1]! += begin[at]!;
  return begin;
}
