import { describe, expect, it } from 'vitest';
import { barsPath, linePath, spreadLabels } from './paths';

const box = { left: 10, top: 5, width: 40, height: 20 };

describe('barsPath', () => {
  it('draws no bar for nothing and a visible one for little', () => {
    expect(barsPath([0, 0.0001, 1, 5], box)).toBe('M20 25v-1h9v1zM30 25v-20h9v20zM40 25v-20h9v20z');
  });
});

describe('linePath', () => {
  it('breaks where there is no value, and shows a value alone as a dot', () => {
    expect(linePath([0, 1, null, 0.5], box)).toBe('M15 25L25 5M45 15h0.01');
    expect(linePath([null, null], box)).toBe('');
  });
  it('stays in its box', () => {
    expect(linePath([7, -7], box)).toBe('M20 5L40 25');
  });
});

describe('spreadLabels', () => {
  it('keeps labels apart, in their order, within their room', () => {
    expect(spreadLabels([50, 51, 52], 14, 0, 100)).toEqual([50, 64, 78]);
    expect(spreadLabels([98, 99, 100], 14, 0, 100)).toEqual([72, 86, 100]);
    expect(spreadLabels([80, 20], 14, 0, 100)).toEqual([80, 20]);
  });
});
