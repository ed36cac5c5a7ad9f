import { describe, expect, it } from 'vitest';
import { formatTags, parseTags, TagError } from './tags';

describe('parseTags', () => {
  it.each([
    ['', []],
    [
      'http.status_code=500 error=true',
      [
        ['http.status_code', '500'],
        ['error', 'true'],
      ],
    ],
    ['error', [['error', 'true']]],
    ['db.statement="SELECT * FROM users"', [['db.statement', 'SELECT * FROM users']]],
    [
      'a="say \\"hi\\"\\\\"  b=',
      [
        ['a', 'say "hi"\\'],
        ['b', ''],
      ],
    ],
    ['url=http://x/?a=b', [['url', 'http://x/?a=b']]],
    [
      'a=1 a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['größe=groß', [['größe', 'groß']]],
    [
      '{"http.status_code":500,"error":true,"x":"y z"}',
      [
        ['http.status_code', '500'],
        ['error', 'true'],
        ['x', 'y z'],
      ],
    ],
    ['{}', []],
  ])('reads %j', (text, pairs) => {
    expect(parseTags(text)).toEqual(pairs);
  });

  it.each([
    ['=5', /begins with its name/],
    ['"a"=5', /begins with its name/],
    ['a="open', /quote after a= is not closed/],
    ['a="x"y', /space is missing/],
    ['a=x"y"', /space is missing/],
    ['{"a":', /not complete JSON/],
    ['{"a":[1]}', /list or an object/],
    ['{"a":null}', /null/],
    ['{"":"x"}', /needs a name/],
  ])('refuses %j in words', (text, words) => {
    expect(() => parseTags(text)).toThrow(TagError);
    expect(() => parseTags(text)).toThrow(words);
  });
});

it.each([
  [
    [
      ['a', '1'],
      ['b', 'two words'],
    ],
  ],
  [
    [
      ['quote', 'a "b" \\c\nd'],
      ['empty', ''],
    ],
  ],
  [[['with space', 'x']]],
] as [[string, string][]][])('writes what it reads: %j', (pairs) => {
  expect(parseTags(formatTags(pairs))).toEqual(pairs);
});
