import { describe, expect, it } from 'vitest';
import { NODE_HEIGHT, NODE_WIDTH } from './layout';
import { neighbour, readingOrder } from './neighbours';
import { LINE_HEIGHT, lineWidth, placeLabels, routePath } from './route_path';
import { centred, fit, reveal, SCALE_MAX, SCALE_MIN, zoomAt } from './viewport';

const column = NODE_WIDTH + 100;
//  0 -> 1    3
//   \-> 2
const places = [
  { x: 0, y: 30 },
  { x: column, y: 0 },
  { x: column, y: 62 },
  { x: 2 * column, y: 0 },
];
const edges = [
  { from: 0, to: 1 },
  { from: 0, to: 2 },
];

describe('arrow keys', () => {
  it('lead to the nearest service that is called or calls', () => {
    expect(neighbour(places, edges, 0, 'ArrowRight')).toBe(1);
    expect(neighbour(places, edges, 2, 'ArrowLeft')).toBe(0);
  });
  it('go up and down a column, and stop at its ends', () => {
    expect(neighbour(places, edges, 1, 'ArrowDown')).toBe(2);
    expect(neighbour(places, edges, 2, 'ArrowUp')).toBe(1);
    expect(neighbour(places, edges, 2, 'ArrowDown')).toBeNull();
  });
  it('reach what is joined with nothing, too', () => {
    expect(neighbour(places, edges, 1, 'ArrowRight')).toBe(3);
    expect(neighbour(places, edges, 3, 'ArrowRight')).toBeNull();
  });
  it('begin where reading begins', () => {
    expect(readingOrder(places)).toEqual([0, 1, 2, 3]);
  });
});

describe('the view', () => {
  const screen = { width: 1000, height: 600 };
  it('fits a small picture in its own size and a larger one smaller', () => {
    expect(fit({ width: 400, height: 200 }, screen, { x: 0, y: 0 })).toEqual({ scale: 1, x: 300, y: 200 });
    expect(fit({ width: 1904, height: 100 }, screen, { x: 0, y: 0 }).scale).toBe(0.5);
  });
  it('of a picture that is too large to read shows its middle', () => {
    const view = fit({ width: 90_000, height: 90_000 }, screen, { x: 5000, y: 7000 });
    expect(5000 * view.scale + view.x).toBe(500);
    expect(7000 * view.scale + view.y).toBe(300);
    expect(view.scale).toBeGreaterThan(0.4);
  });
  it('zooms about a point, within its bounds', () => {
    const view = zoomAt({ x: 10, y: 20, scale: 1 }, { x: 110, y: 120 }, 2);
    expect(view).toEqual({ x: -90, y: -80, scale: 2 });
    expect(zoomAt(view, { x: 0, y: 0 }, 100).scale).toBe(SCALE_MAX);
    expect(zoomAt(view, { x: 0, y: 0 }, 0).scale).toBe(SCALE_MIN);
  });
  it('moves only as far as a service needs to be seen', () => {
    const size = { width: NODE_WIDTH, height: NODE_HEIGHT };
    const view = { x: 0, y: 0, scale: 1 };
    expect(reveal(view, screen, { x: 500, y: 300 }, size)).toEqual(view);
    expect(reveal(view, screen, { x: 1000, y: 300 }, size)).toEqual({
      x: -(NODE_WIDTH / 2) - 24,
      y: 0,
      scale: 1,
    });
    expect(centred(view, screen, { x: 0, y: 0 })).toEqual({ x: 500, y: 300, scale: 1 });
  });
});

describe('lines', () => {
  it('are curves from side to side, and loops where a service calls itself', () => {
    const across = routePath(
      [
        { x: 0, y: 0 },
        { x: 100, y: 50 },
      ],
      false,
    );
    expect(across).toBe('M0 0C50 0 50 50 100 50');
    expect(
      routePath(
        [
          { x: 10, y: 10 },
          { x: 10, y: 10 },
        ],
        true,
      ),
    ).toMatch(/^M10 4C/);
  });
  it('are thicker for more calls, and never invisible', () => {
    expect(lineWidth(1000, 1000)).toBe(4);
    expect(lineWidth(100, 1000)).toBeCloseTo(2.75);
    expect([lineWidth(1, 1e9), lineWidth(0, 10)]).toEqual([1, 1]);
  });
  it('have words that do not lie on one another', () => {
    const ask = (y: number, lines: number) => ({
      route: [
        { x: 0, y },
        { x: 100, y },
      ],
      loop: false,
      lines,
    });
    const labels = placeLabels([ask(10, 1), ask(12, 2), ask(200, 1)]);
    expect(labels[0]).toEqual({ x: 50, y: 10 });
    expect(labels[1].y - LINE_HEIGHT).toBe(10 + LINE_HEIGHT / 2);
    expect(labels[2].y).toBe(200);
  });
});
