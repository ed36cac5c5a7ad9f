import { describe, expect, it } from 'vitest';
import { layoutGraph, NODE_HEIGHT, NODE_WIDTH, type Layout, type LayoutEdge } from './layout';
import { ranksAround, ranksFromSources } from './ranks';

const edges = (...pairs: [number, number][]): LayoutEdge[] => pairs.map(([from, to]) => ({ from, to }));

/** The same every time, unlike Math.random. */
function randomEdges(count: number, many: number): LayoutEdge[] {
  let seed = 7;
  const next = () => (seed = (seed * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
  return Array.from({ length: many }, () => ({
    from: Math.floor(next() * count),
    to: Math.floor(next() * count),
  }));
}

function expectApart({ places }: Layout): void {
  for (const [index, a] of places.entries()) {
    for (const b of places.slice(index + 1)) {
      const apart = Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT;
      expect(apart, `${JSON.stringify(a)} and ${JSON.stringify(b)} overlap`).toBe(true);
    }
  }
}

describe('ranks', () => {
  it('put a service right of all its callers', () => {
    expect(ranksFromSources(4, edges([0, 1], [1, 2], [0, 2], [2, 3]))).toEqual([0, 1, 2, 3]);
  });
  it('cut cycles, and leave a service that calls itself where it is', () => {
    expect(ranksFromSources(3, edges([0, 1], [1, 2], [2, 1], [1, 1]))).toEqual([0, 1, 2]);
    expect(ranksFromSources(2, edges([0, 1], [1, 0])).sort()).toEqual([0, 1]);
    expect(ranksFromSources(1, edges([0, 0]))).toEqual([0]);
  });
  it('walk a chain of 100,000 without recursion', () => {
    const chain = Array.from({ length: 99_999 }, (_, from) => ({ from, to: from + 1 }));
    expect(ranksFromSources(100_000, chain)[99_999]).toBe(99_999);
  });
  it('take the shortest way from the first callers where the longest would be a corridor', () => {
    const chain = Array.from({ length: 19 }, (_, from) => ({ from, to: from + 1 }));
    const ranks = ranksFromSources(21, [...chain, ...chain.map(({ to }) => ({ from: 0, to }))]);
    expect(Math.max(...ranks)).toBe(1);
  });
  it('have the callers of the focus to its left and its callees to its right', () => {
    expect(ranksAround(5, edges([0, 1], [1, 2], [3, 2], [1, 4]), 1)).toEqual([0, 1, 2, 1, 2]);
  });
});

describe('the layout', () => {
  it('draws a chain as a straight line, its edges from side to side', () => {
    const { places, routes, width, height } = layoutGraph(3, edges([0, 1], [1, 2]), null);
    expect(new Set(places.map(({ y }) => y)).size).toBe(1);
    expect(places.map(({ x }) => x)).toEqual([...places.map(({ x }) => x)].sort((a, b) => a - b));
    expect(routes[0][0].x).toBe(places[0].x + NODE_WIDTH / 2);
    expect(routes[0].at(-1)?.x).toBe(places[1].x - NODE_WIDTH / 2);
    expect(width).toBeGreaterThan(3 * NODE_WIDTH);
    expect(height).toBe(NODE_HEIGHT);
  });
  it('uncrosses what can be uncrossed', () => {
    const { places } = layoutGraph(4, edges([0, 3], [1, 2]), null);
    expect(Math.sign(places[0].y - places[1].y)).toBe(Math.sign(places[3].y - places[2].y));
  });
  it('leads a long edge around the services between', () => {
    const { places, routes } = layoutGraph(3, edges([0, 1], [1, 2], [0, 2]), null);
    const bend = routes[2][1];
    expect(routes[2]).toHaveLength(4);
    expect(Math.abs(bend.y - places[1].y)).toBeGreaterThan(NODE_HEIGHT / 2);
  });
  it('goes back from the left side where a call leads back, and is closed within a column', () => {
    const { places, routes } = layoutGraph(2, edges([0, 1], [1, 0], [0, 0]), null);
    expect(routes[1][0].x).toBe(places[1].x - NODE_WIDTH / 2);
    expect(routes[1].at(-1)?.x).toBe(places[0].x + NODE_WIDTH / 2);
    expect(routes[1][0].y).toBeGreaterThan(routes[0][0].y);
    expect(routes[2].map(({ x }) => x)).toEqual([places[0].x + NODE_WIDTH / 2, places[0].x + NODE_WIDTH / 2]);
  });
  it.each([
    ['a hub with 80 callees', 81, Array.from({ length: 80 }, (_, to) => ({ from: 80, to }))],
    ['a tangle', 60, randomEdges(60, 200)],
    ['services without calls', 9, []],
  ])('keeps services apart: %s', (_, count, some) => {
    expectApart(layoutGraph(count, some, null));
    expectApart(layoutGraph(count, some, 0));
  });
  it('of the largest map that is drawn is there at once', () => {
    const many = randomEdges(150, 400);
    layoutGraph(150, many, null);
    const begun = performance.now();
    const layout = layoutGraph(150, many, 3);
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(layout.routes.flat().every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
  });
  it('of nothing is empty', () => {
    expect(layoutGraph(0, [], null)).toEqual({ places: [], routes: [], width: 0, height: 0 });
  });
});
