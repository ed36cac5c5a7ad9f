import type { LayoutEdge } from './layout';

// In which column of the map each service stands, from 0.

/** A map with more columns than that is a corridor: calls then lead back and within a column as well. */
const COLUMNS_MAX = 12;

/**
 * From those that nobody calls to the right: a service stands right of all its callers. Cycles are cut where a walk
 * from the callers comes back to itself. Where that needs too many columns, by distance from those that nobody calls.
 */
export function ranksFromSources(count: number, edges: readonly LayoutEdge[]): number[] {
  const callees = neighbours(count, edges, false);
  const called = new Array<number>(count).fill(0);
  for (const { from, to } of edges) if (from !== to) called[to]++;
  // Sources first; what only cycles lead to begins with the one that calls most.
  const starts = Array.from({ length: count }, (_, index) => index).sort(
    (a, b) => called[a] - called[b] || callees[b].length - callees[a].length || a - b,
  );
  const order = finishingOrder(count, callees, starts);
  const place = new Array<number>(count).fill(0);
  order.forEach((node, at) => (place[node] = at));
  const ranks = new Array<number>(count).fill(0);
  // Against the finishing order every edge that is not cut leads forward, so each rank is final when it is passed on.
  for (let at = count - 1; at >= 0; at--) {
    const node = order[at];
    for (const callee of callees[node]) {
      if (place[callee] < at) ranks[callee] = Math.max(ranks[callee], ranks[node] + 1);
    }
  }
  if (ranks.some((rank) => rank >= COLUMNS_MAX)) return distances(callees, sources(called, starts));
  return ranks;
}

/** Those that nobody calls, or the best start where everybody is called. */
function sources(called: readonly number[], starts: readonly number[]): number[] {
  const found = starts.filter((node) => called[node] === 0);
  return found.length > 0 ? found : starts.slice(0, 1);
}

/** How many calls each is away from the sources; what they do not reach stands with them. */
function distances(callees: readonly number[][], from: readonly number[]): number[] {
  const ranks = new Array<number>(callees.length).fill(-1);
  const reached = [...from];
  for (const node of reached) ranks[node] = 0;
  for (const node of reached) {
    for (const callee of callees[node]) {
      if (ranks[callee] >= 0) continue;
      ranks[callee] = ranks[node] + 1;
      reached.push(callee);
    }
  }
  return ranks.map((rank) => Math.max(0, rank));
}

/** By distance from the focus: callers and their callers to its left, callees and theirs to its right. */
export function ranksAround(count: number, edges: readonly LayoutEdge[], focus: number): number[] {
  const callees = neighbours(count, edges, false);
  const callers = neighbours(count, edges, true);
  const ranks = new Array<number | null>(count).fill(null);
  ranks[focus] = 0;
  const reached = [focus];
  for (const node of reached) {
    for (const [others, step] of [
      [callees[node], 1],
      [callers[node], -1],
    ] as const) {
      for (const other of others) {
        if (ranks[other] !== null) continue;
        ranks[other] = (ranks[node] ?? 0) + step;
        reached.push(other);
      }
    }
  }
  const least = Math.min(...ranks.map((rank) => rank ?? 0));
  return ranks.map((rank) => (rank ?? 0) - least);
}

function neighbours(count: number, edges: readonly LayoutEdge[], reverse: boolean): number[][] {
  const lists: number[][] = Array.from({ length: count }, () => []);
  for (const { from, to } of edges) {
    if (from === to) continue;
    if (reverse) lists[to].push(from);
    else lists[from].push(to);
  }
  return lists;
}

/** Nodes in the order in which a depth-first walk has done with them. */
function finishingOrder(count: number, callees: readonly number[][], starts: readonly number[]): number[] {
  const entered = new Array<boolean>(count).fill(false);
  const order: number[] = [];
  for (const start of starts) {
    if (entered[start]) continue;
    entered[start] = true;
    const path: { node: number; next: number }[] = [{ node: start, next: 0 }];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const callee = callees[top.node][top.next++];
      if (callee === undefined) {
        order.push(top.node);
        path.pop();
      } else if (!entered[callee]) {
        entered[callee] = true;
        path.push({ node: callee, next: 0 });
      }
    }
  }
  return order;
}
