import { expect, it } from 'vitest';
import type { RedAnswer, RedGroup } from '../api/types';
import { greatest, seriesOf } from './series';

const MINUTE = 60_000;
const answer: RedAnswer = {
  startTimeUnixNano: '600000000000',
  endTimeUnixNano: '780000000000',
  stepNano: '60000000000',
  groups: [],
  complete: true,
};
const group: RedGroup = {
  service: 'payment',
  colour: 3,
  counted: 'entry',
  count: 7,
  errorCount: 1,
  durationSumNano: '9',
  p50Nano: '1',
  p95Nano: '2',
  p99Nano: '3',
  points: {
    count: [4, 0, 3],
    errorCount: [1, 0, 0],
    p50Nano: ['5', null, '7'],
    p95Nano: ['5', null, '7'],
    p99Nano: ['5', null, '7'],
  },
};

it('has numbers where the API has texts, and knows which steps are over', () => {
  const series = seriesOf(answer, group, 10 * MINUTE + 2.5 * MINUTE);
  expect(series).toMatchObject({ start: 10 * MINUTE, step: MINUTE, length: 3, open: 2 });
  expect(series.p50).toEqual([5, null, 7]);
  expect(seriesOf(answer, group, 99 * MINUTE).open).toBe(3);
});

it('has empty steps where a service sent nothing', () => {
  const series = seriesOf(answer, undefined, 99 * MINUTE);
  expect(series.counts).toEqual([0, 0, 0]);
  expect(series.p99).toEqual([null, null, null]);
});

it('finds the greatest among gaps and in long lists', () => {
  expect(greatest([null, 3, null, 2])).toBe(3);
  expect(greatest([null], 0.01)).toBe(0.01);
  expect(greatest(Array.from({ length: 300_000 }, (_, index) => index))).toBe(299_999);
});
