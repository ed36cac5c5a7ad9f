import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/client';
import type { SearchAnswer, TraceSummary } from '../api/types';
import { sortTraces } from './order';
import { ResultList } from './result_list';

const trace = (traceID: string, more: Partial<TraceSummary> = {}) =>
  ({
    traceID,
    startTimeUnixNano: '0',
    durationNano: '1',
    spanCount: 1,
    errorCount: 0,
    ...more,
  }) as TraceSummary;
const page = (ids: string, more: Partial<SearchAnswer> = {}): SearchAnswer => ({
  traces: [...ids].map((id) => trace(id)),
  complete: true,
  ...more,
});
const ids = (list: ResultList) => list.traces.value.map(({ traceID }) => traceID).join('');

describe('a list of results', () => {
  it('grows page by page to its end', async () => {
    const asked: string[] = [];
    const list = new ResultList(page('ab', { next: '1', traceCount: 5 }), (after) => {
      asked.push(after);
      return Promise.resolve(after === '1' ? page('cd', { next: '2' }) : page('e'));
    });
    expect([ids(list), list.traceCount, list.ended.value]).toEqual(['ab', 5, false]);
    await list.more();
    await list.more();
    await list.more();
    expect([ids(list), list.ended.value, asked]).toEqual(['abcde', true, ['1', '2']]);
  });
  it('asks for a page once, however often it is told to', async () => {
    let asked = 0;
    const list = new ResultList(page('a', { next: '1' }), () => {
      asked++;
      return Promise.resolve(page('b'));
    });
    await Promise.all([list.more(), list.more(), list.more()]);
    expect([ids(list), asked]).toEqual(['ab', 1]);
  });
  it('keeps what it has when a page fails, and goes on from there', async () => {
    const answers = [new ApiError(503, 'Too busy.'), page('c')];
    const list = new ResultList(page('ab', { next: '1' }), () => {
      const answer = answers.shift()!;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
    await list.more();
    expect([ids(list), list.error.value?.message, list.ended.value]).toEqual(['ab', 'Too busy.', false]);
    await list.more();
    expect([ids(list), list.error.value, list.ended.value]).toEqual(['abc', null, true]);
  });
  it('is incomplete when one of its pages is, and says each reason once', async () => {
    const why = { complete: false, warnings: ['block 3 is damaged.'] };
    const list = new ResultList(page('a', { next: '1', ...why }), () => Promise.resolve(page('b', why)));
    await list.more();
    expect([list.complete.value, list.warnings.value]).toEqual([false, ['block 3 is damaged.']]);
  });
});

describe('orders', () => {
  const traces = [
    trace('a', { startTimeUnixNano: '10', durationNano: '5', spanCount: 2, errorCount: 1 }),
    trace('b', { startTimeUnixNano: '30', durationNano: '5', spanCount: 9, errorCount: 0 }),
    trace('c', { startTimeUnixNano: '30', durationNano: '7', spanCount: 2, errorCount: 3 }),
  ];
  it.each([
    ['newest', 'bca'],
    ['longest', 'cba'],
    ['shortest', 'bac'],
    ['most-spans', 'bca'],
    ['most-errors', 'cab'],
  ] as const)('%s: equal ones newest first, then by id', (order, expected) => {
    expect(
      sortTraces(traces, order)
        .map(({ traceID }) => traceID)
        .join(''),
    ).toBe(expected);
  });
});
