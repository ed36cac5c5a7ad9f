import { afterEach, expect, it, vi } from 'vitest';
import { positionInResults } from './last_results';

function store(text: string | null) {
  vi.stubGlobal('sessionStorage', { getItem: () => text });
}
afterEach(() => vi.unstubAllGlobals());

it('says where a trace stands, and what stands beside it', () => {
  store(JSON.stringify({ ids: ['a', 'b', 'c'], at: '/search?service=x' }));
  const common = { count: 3, at: '/search?service=x' };
  expect(positionInResults('a')).toEqual({ ...common, number: 1, previous: undefined, next: 'b' });
  expect(positionInResults('b')).toEqual({ ...common, number: 2, previous: 'a', next: 'c' });
  expect(positionInResults('c')).toEqual({ ...common, number: 3, previous: 'b', next: undefined });
  expect(positionInResults('d')).toBeNull();
});

it.each([
  [null],
  ['not JSON'],
  ['null'],
  ['[]'],
  ['{"ids": "abc", "at": "/search"}'],
  ['{"ids": ["a"], "at": 5}'],
  ['{"ids": ["a"], "at": "https://elsewhere.example/"}'],
])('knows no position where %j is kept', (text) => {
  store(text);
  expect(positionInResults('a')).toBeNull();
});

it('knows no position where the browser forbids storage', () => {
  vi.stubGlobal('sessionStorage', {
    getItem: () => {
      throw new Error('forbidden');
    },
  });
  expect(positionInResults('a')).toBeNull();
});
