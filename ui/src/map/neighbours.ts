import { NODE_HEIGHT, NODE_WIDTH, type LayoutEdge, type Point } from './layout';

export type ArrowKey = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/**
 * The service that an arrow leads to, or null: left and right to the nearest one that it is joined with on that side,
 * or else to the nearest one there, so that all are reached; up and down within its column.
 */
export function neighbour(
  places: readonly Point[],
  edges: readonly LayoutEdge[],
  from: number,
  arrow: ArrowKey,
): number | null {
  const here = places[from];
  const horizontal = arrow === 'ArrowLeft' || arrow === 'ArrowRight';
  const sign = arrow === 'ArrowLeft' || arrow === 'ArrowUp' ? -1 : 1;
  const ahead = ({ x, y }: Point) =>
    horizontal ? (x - here.x) * sign >= NODE_WIDTH / 2 : (y - here.y) * sign >= NODE_HEIGHT / 2;
  const joined = new Set(edges.flatMap(({ from: a, to: b }) => (a === from ? b : b === from ? a : [])));
  const candidates = places.flatMap((place, index) => (index !== from && ahead(place) ? index : []));
  const preferred = candidates.filter((index) =>
    horizontal ? joined.has(index) : Math.abs(places[index].x - here.x) < NODE_WIDTH / 2,
  );
  return nearest(places, here, preferred) ?? (horizontal ? nearest(places, here, candidates) : null);
}

function nearest(places: readonly Point[], here: Point, among: readonly number[]): number | null {
  let found: number | null = null;
  let least = Infinity;
  for (const index of among) {
    const { x, y } = places[index];
    const distance = Math.hypot(x - here.x, y - here.y);
    if (distance < least) [found, least] = [index, distance];
  }
  return found;
}

/** Services as they are read: column by column, from top to bottom. */
export function readingOrder(places: readonly Point[]): number[] {
  return places.map((_, index) => index).sort((a, b) => places[a].x - places[b].x || places[a].y - places[b].y);
}
