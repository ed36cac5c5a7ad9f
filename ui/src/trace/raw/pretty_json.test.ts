import { expect, it } from 'vitest';
import { prettyJson } from './pretty_json';

it.each([
  { a: [1, { b: 'x, {y}: "z" \\' }], c: {}, d: [], e: null, f: -1.5e-7, g: '' },
  [],
  'text',
  [[[]], [{}]],
])('lays %j out as everybody does', (value) => {
  expect(prettyJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  expect(prettyJson(JSON.stringify(value, null, 7))).toBe(JSON.stringify(value, null, 2));
});

it('leaves numbers that JavaScript cannot hold as they are', () => {
  expect(prettyJson('{"v":18446744073709551615}')).toBe('{\n  "v": 18446744073709551615\n}');
});

it.each(['{"a":"cut off in a str', '{"a":"\\', '[1,{"a":', '}}]', ''])(
  'takes %j, which ends too early',
  (text) => {
    expect(prettyJson(text).replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  },
);
