import { expect, it } from 'vitest';
import { between, isWhole, pan, wholeTrace, zoom } from './time_window';

const TOTAL = 1000;

it('zooms around what is under the pointer and stays inside the trace', () => {
  expect(zoom(wholeTrace(TOTAL), TOTAL, 0.5, 200)).toEqual({ from: 100, to: 600 });
  expect(zoom({ from: 0, to: 100 }, TOTAL, 4, 0)).toEqual({ from: 0, to: 400 });
  expect(isWhole(zoom({ from: 300, to: 800 }, TOTAL, 10, 500), TOTAL)).toBe(true);
});
it('stops zooming in, also in a trace of one unit', () => {
  expect(zoom({ from: 10, to: 14 }, TOTAL, 0.1, 12)).toEqual({ from: 10, to: 14 });
  expect(zoom(wholeTrace(1), 1, 0.1, 0.5)).toEqual({ from: 0, to: 1 });
});
it('pans to the ends', () => {
  expect(pan({ from: 100, to: 300 }, TOTAL, -500)).toEqual({ from: 0, to: 200 });
  expect(pan({ from: 100, to: 300 }, TOTAL, 5000)).toEqual({ from: 800, to: 1000 });
});
it('takes two times in any order', () => {
  expect(between(700, 200, TOTAL)).toEqual({ from: 200, to: 700 });
  expect(between(-50, 200, TOTAL)).toEqual({ from: 0, to: 200 });
  expect(between(900, 1200, TOTAL)).toEqual({ from: 900, to: 1000 });
});
