import { expect, it } from 'vitest';
import { pinned } from './pinned';

it('turns a range that counts back into the one that the reader saw', () => {
  expect(pinned('/search?service=a%20b&lookback=15m', 1_764_000_000_000)).toBe(
    '/search?service=a+b&lookback=custom&start=1763999100000000&end=1764000000000000',
  );
});
it.each(['/trace/4bf9', '/trace/4bf9?span=1', '/search?lookback=any', '/search?lookback=custom&start=1&end=2'])(
  'leaves %s as it is',
  (place) => expect(pinned(place, 5)).toBe(place),
);
