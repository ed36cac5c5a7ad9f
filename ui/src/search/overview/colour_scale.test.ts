import { describe, expect, it } from 'vitest';
import { cellPixel, makeRamp, parseRgb } from './colour_scale';

const ramps = {
  countRamp: makeRamp([
    [0, 0, 0],
    [100, 100, 100],
    [200, 200, 200],
  ]),
  errorRamp: makeRamp([
    [200, 0, 0],
    [255, 0, 0],
  ]),
};
const bytes = (pixel: number) => [...new Uint8Array(new Uint32Array([pixel]).buffer)];
const colour = (traces: number, withError: number, most = 100) =>
  bytes(cellPixel(ramps, traces, withError, most));

describe('the colour of a cell', () => {
  it('grows with the square root of its count', () => {
    expect(colour(100, 0)).toEqual([200, 200, 200, 255]);
    expect(colour(25, 0)).toEqual([100, 100, 100, 255]);
    expect(colour(1, 0)[0]).toBeCloseTo(20, -1);
    expect(colour(1, 0, 1)).toEqual([200, 200, 200, 255]);
  });
  it('tells errors from five in a hundred on, and no fewer', () => {
    expect(colour(100, 4)).toEqual([200, 200, 200, 255]);
    expect(colour(100, 5)[1]).toBe(0);
    expect(colour(3, 3)).toEqual([255, 0, 0, 255]);
  });
  it('is read as browsers write it', () => {
    expect(parseRgb('rgb(18, 52, 86)')).toEqual([18, 52, 86]);
    expect(parseRgb('rgba(18, 52, 86, 0.5)')).toEqual([18, 52, 86]);
  });
});
