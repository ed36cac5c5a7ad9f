import { expect, it } from 'vitest';
import { askAgainIn } from './arriving';

it('asks often while a trace is young, then less, and stops after a quarter of an hour', () => {
  const minute = 60_000;
  expect([-5000, 0, minute, 5 * minute, 15 * minute].map(askAgainIn)).toEqual([
    2000, 2000, 2000, 10_000, 30_000,
  ]);
  expect(askAgainIn(15 * minute + 1)).toBeNull();
});
