import { describe, expect, it } from 'vitest';
import type { Series } from '../red/series';
import { exampleParameters, openedRange, readOpened, withOpened } from './opened_step';

const series = { start: 600_000, step: 60_000, length: 10 } as Series;
const read = (query: string) => readOpened(new URLSearchParams(query));

describe('the step in the address', () => {
  it.each(['', 'at=', 'at=5', 'at=9-3', 'at=a-b'])('is none for %j', (query) => {
    expect(read(query)).toBeNull();
  });
  it('is written as it is read', () => {
    for (const query of ['at=660-720', 'at=660-720&by=errors'])
      expect(withOpened(new URLSearchParams(), read(query)).toString()).toBe(query);
    expect(withOpened(new URLSearchParams('at=1-2&by=errors&view=table'), null).toString()).toBe('view=table');
  });
  it('covers the steps that it overlaps, and none outside of the window', () => {
    expect(openedRange(series, read('at=660-720'))).toEqual([1, 1]);
    expect(openedRange(series, read('at=630-750'))).toEqual([0, 2]);
    expect(openedRange(series, read('at=0-900'))).toEqual([0, 4]);
    expect(openedRange(series, read('at=1200-1260'))).toBeNull();
    expect(openedRange(series, read('at=540-600'))).toBeNull();
  });
});

it('asks for failed spans of the service where errors were clicked', () => {
  const opened = read('at=660-720&by=errors');
  if (!opened) throw new Error('it says a step');
  expect(Object.fromEntries(exampleParameters(opened, 'payment', 'POST /pay'))).toEqual({
    service: 'payment',
    operation: 'POST /pay',
    tags: '{"error":"true"}',
    start: '660000000',
    end: '719999999',
  });
});
