import { ranksAround, ranksFromSources } from './ranks';

// Where services lie on the map: columns from callers to callees, after Sugiyama, Tagawa and Toda (1981). Columns come
// from ranks.ts; within them services are ordered by the mean place of their neighbours, which leaves few crossings,
// and then moved as near to that place as the others allow. An edge across several columns passes through each at a
// bend of its own, so that it goes between services and not behind them. A map of the size that is drawn at all takes a
// few milliseconds, so it needs no worker.

export const NODE_WIDTH = 212;
export const NODE_HEIGHT = 44;
const COLUMN_GAP = 104;
const ROW_GAP = 18;
/** A line that passes through a column needs less room than a service. */
const BEND_HEIGHT = 6;
/** A call that leads back leaves and arrives lower, so that it does not lie on the one that leads there. */
const BACK_LOWER = 11;
const ORDER_SWEEPS = 8;
const PLACE_SWEEPS = 8;

export interface LayoutEdge {
  from: number;
  to: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Layout {
  /** The middle of each service. */
  places: Point[];
  /** For each edge the points that it passes, from the caller to the callee. */
  routes: Point[][];
  width: number;
  height: number;
}

/** A place in a column: a service, or the bend of an edge that passes. */
interface Item {
  column: number;
  height: number;
  y: number;
  /** Items of the columns to the left and right that it is joined to. */
  left: number[];
  right: number[];
}

/** Lays out `count` services; with a `focus` its callers stand to its left and its callees to its right. */
export function layoutGraph(count: number, edges: readonly LayoutEdge[], focus: number | null): Layout {
  const ranks = focus === null ? ranksFromSources(count, edges) : ranksAround(count, edges, focus);
  const items: Item[] = ranks.map((column) => ({ column, height: NODE_HEIGHT, y: 0, left: [], right: [] }));
  const bends = edges.map(({ from, to }) => addBends(items, from, to));
  const columns = orderColumns(items);
  placeColumns(items, columns);
  return finish(items, count, edges, bends, columns.length);
}

/** Joins two services through a new item in every column between; returns those from the caller to the callee. */
function addBends(items: Item[], from: number, to: number): number[] {
  const forward = items[from].column <= items[to].column;
  const [first, last] = forward ? [from, to] : [to, from];
  const passed: number[] = [];
  let before = first;
  for (let column = items[first].column + 1; column < items[last].column; column++) {
    const bend = items.push({ column, height: BEND_HEIGHT, y: 0, left: [], right: [] }) - 1;
    join(items, before, bend);
    passed.push(bend);
    before = bend;
  }
  // Two services of one column pull each other to neither side.
  if (items[first].column !== items[last].column) join(items, before, last);
  return forward ? passed : passed.reverse();
}

function join(items: Item[], left: number, right: number): void {
  items[left].right.push(right);
  items[right].left.push(left);
}

/** The items of each column from top to bottom, in the order with the fewest crossings of those tried. */
function orderColumns(items: Item[]): number[][] {
  const columns: number[][] = Array.from(
    { length: Math.max(0, ...items.map(({ column }) => column)) + 1 },
    () => [],
  );
  for (let index = 0; index < items.length; index++) columns[items[index].column].push(index);
  const position = new Array<number>(items.length).fill(0);
  const number = () => columns.forEach((column) => column.forEach((item, at) => (position[item] = at)));
  number();
  let best = columns.map((column) => [...column]);
  let fewest = crossings(items, columns, position);
  for (let sweep = 0; sweep < ORDER_SWEEPS && fewest > 0; sweep++) {
    const side = sweep % 2 === 0 ? 'left' : 'right';
    const inTurn = sweep % 2 === 0 ? columns : [...columns].reverse();
    for (const column of inTurn) {
      const wish = new Map(
        column.map((item) => [item, mean(items[item][side].map((other) => position[other]))]),
      );
      // What has no neighbour there keeps its place.
      column.sort(
        (a, b) => (wish.get(a) ?? position[a]) - (wish.get(b) ?? position[b]) || position[a] - position[b],
      );
      column.forEach((item, at) => (position[item] = at));
    }
    const crossed = crossings(items, columns, position);
    if (crossed < fewest) {
      fewest = crossed;
      best = columns.map((column) => [...column]);
    }
  }
  return best;
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** How often lines between neighbouring columns cross: inversions, counted with a Fenwick tree. */
function crossings(items: readonly Item[], columns: readonly number[][], position: readonly number[]): number {
  let crossed = 0;
  for (let at = 0; at + 1 < columns.length; at++) {
    const tree = new Array<number>(columns[at + 1].length + 1).fill(0);
    let seen = 0;
    for (const item of columns[at]) {
      const ends = items[item].right.map((other) => position[other]);
      for (const end of ends) {
        crossed += seen;
        for (let node = end + 1; node > 0; node -= node & -node) crossed -= tree[node];
      }
      for (const end of ends) {
        seen++;
        for (let node = end + 1; node < tree.length; node += node & -node) tree[node]++;
      }
    }
  }
  return crossed;
}

/** Moves every item towards its neighbours, from both sides in turn, and keeps the order and the gaps. */
function placeColumns(items: Item[], columns: readonly number[][]): void {
  for (const column of columns)
    settle(
      items,
      column,
      column.map(() => 0),
    );
  for (let sweep = 0; sweep < PLACE_SWEEPS; sweep++) {
    const inTurn = sweep % 2 === 0 ? columns : [...columns].reverse();
    for (const column of inTurn) {
      const wishes = column.map((item) => {
        const { left, right, y } = items[item];
        return mean([...left, ...right].map((other) => items[other].y)) ?? y;
      });
      settle(items, column, wishes);
    }
  }
}

/**
 * Gives the items of a column the places nearest to their wishes (least squares) that keep order and gaps: isotonic
 * regression, by pooling neighbours that would overlap.
 */
function settle(items: Item[], column: readonly number[], wishes: readonly number[]): void {
  const offsets: number[] = [];
  let offset = 0;
  column.forEach((item, at) => {
    if (at > 0) offset += (items[column[at - 1]].height + items[item].height) / 2 + ROW_GAP;
    offsets.push(offset);
  });
  const pools: { sum: number; size: number }[] = [];
  for (let at = 0; at < column.length; at++) {
    let pool = { sum: wishes[at] - offsets[at], size: 1 };
    for (let last = pools.at(-1); last && last.sum / last.size > pool.sum / pool.size; last = pools.at(-1)) {
      pools.pop();
      pool = { sum: pool.sum + last.sum, size: pool.size + last.size };
    }
    pools.push(pool);
  }
  let at = 0;
  for (const { sum, size } of pools) {
    for (let rest = size; rest > 0; rest--, at++) items[column[at]].y = sum / size + offsets[at];
  }
}

function finish(
  items: readonly Item[],
  count: number,
  edges: readonly LayoutEdge[],
  bends: readonly number[][],
  columns: number,
): Layout {
  const [top, bottom] = items.reduce(
    ([least, most], { y, height }) => [Math.min(least, y - height / 2), Math.max(most, y + height / 2)],
    [Infinity, -Infinity],
  );
  const at = (item: number): Point => ({
    x: items[item].column * (NODE_WIDTH + COLUMN_GAP) + NODE_WIDTH / 2,
    y: items[item].y - top,
  });
  const side = (item: number, sign: number, lower = 0): Point => {
    const { x, y } = at(item);
    return { x: x + (sign * NODE_WIDTH) / 2, y: y + lower };
  };
  const route = ({ from, to }: LayoutEdge, passed: readonly number[]): Point[] => {
    const back = items[from].column > items[to].column;
    const [sign, lower] = back ? [-1, BACK_LOWER] : [1, 0];
    // Straight across each column, so that the line does not touch the services above and below.
    const across = passed.flatMap((bend) => [side(bend, -sign), side(bend, sign)]);
    const arrival = items[from].column === items[to].column ? 1 : -sign;
    return [side(from, sign, lower), ...across, side(to, arrival, lower)];
  };
  return {
    places: Array.from({ length: count }, (_, index) => at(index)),
    routes: edges.map((edge, index) => route(edge, bends[index])),
    width: count === 0 ? 0 : columns * (NODE_WIDTH + COLUMN_GAP) - COLUMN_GAP,
    height: count === 0 ? 0 : bottom - top,
  };
}
