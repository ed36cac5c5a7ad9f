import { describe, expect, it } from 'vitest';
import type { ChallengeResult } from '../api/types';
import { newsOf, nextWaitMs, rowsOf } from './checks';
import { parseRead } from './read_lessons';

function result(...passed: number[]): ChallengeResult {
  const tasks = [1, 2, 3].map((task) => ({
    task,
    title: `Check ${task}`,
    points: 20,
    passed: passed.includes(task),
  }));
  return { score: passed.length * 20, maxScore: 60, percent: 0, passed: passed.length === 3, tasks };
}

describe('rows', () => {
  it('are the known six before the server told anything', () => {
    const rows = rowsOf(null);
    expect(rows).toHaveLength(6);
    expect(rows.reduce((sum, { points }) => sum + points, 0)).toBe(100);
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['unknown']));
  });
  it('are what the server tells, each with a lesson that helps', () => {
    expect(rowsOf(result(2)).map(({ state, lesson }) => `${state} ${lesson}`)).toEqual([
      'failed task_2_frontend',
      'passed task_3_backend',
      'failed task_4_database',
    ]);
    const later = { ...result(), tasks: [{ task: 7, title: 'New', points: 1, passed: false }] };
    expect(rowsOf(later)[0]?.lesson).toBe('troubleshooting');
  });
});

describe('news', () => {
  it('tell what changed, and the score', () => {
    expect(newsOf(result(1), result(1, 2))).toBe('Check 2: passed. 40 of 60 points.');
    expect(newsOf(result(1), result())).toBe('Check 1: not any more. 0 of 60 points.');
    expect(newsOf(null, result(1))).toBe('20 of 60 points.');
  });
  it('are none where nothing changed', () => expect(newsOf(result(1), result(1))).toBe(''));
});

it('waits shortly after a change, and ever longer, up to half a minute, without one', () => {
  expect(nextWaitMs(20_000, true)).toBe(3000);
  const waits = [0];
  for (let i = 0; i < 12; i++) waits.push(nextWaitMs(waits.at(-1) as number, false));
  expect(waits[1]).toBe(4500);
  expect(waits.every((wait, index) => index === 0 || wait >= (waits[index - 1] as number))).toBe(true);
  expect(waits.at(-1)).toBe(30_000);
});

it.each([
  [null, []],
  ['', []],
  ['a b', ['a', 'b']],
])('reads what was read: %j', (stored, slugs) => {
  expect([...parseRead(stored)]).toEqual(slugs);
});
