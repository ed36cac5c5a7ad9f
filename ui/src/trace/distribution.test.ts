import { expect, it } from 'vitest';
import { rankOf, rankText } from './distribution';

const usual = {
  count: 100,
  ...{ p50Nano: '15', p95Nano: '30', p99Nano: '90' },
  buckets: [
    ['10', '20', 80],
    ['20', '40', 10],
    ['80', '100', 10],
  ] satisfies [string, string, number][],
};

it('ranks a duration among those of its operation', () => {
  expect([5, 10, 15, 20, 30, 60, 100, 1e9].map((nano) => rankOf(usual, nano))).toEqual([
    ...[0, 0, 0.4, 0.8, 0.85, 0.9, 1, 1],
  ]);
});

it('tells high ranks apart and never says that all were faster', () => {
  expect([0.123, 0.9, 0.9943, 1].map(rankText)).toEqual(['12 %', '90.0 %', '99.4 %', '99.9 %']);
});
