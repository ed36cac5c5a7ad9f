import { expect, it } from 'vitest';
import { textOf } from './compile.ts';
import { highlight } from './highlight.ts';

const coloured = (code: string, language: string) =>
  highlight(code, language).flatMap((piece) =>
    typeof piece === 'string' ? [] : [`${piece[1]['class']?.replace('code-', '')} ${textOf([piece])}`],
  );

it('colours C++', () => {
  expect(coloured('#include <spoor/log.h>  // a\nconst auto x = Name("a\\"b", 5);', 'cpp')).toEqual([
    'keyword #include',
    'string <spoor/log.h>',
    'comment // a',
    'keyword const',
    'keyword auto',
    'name Name',
    'string "a\\"b"',
    'number 5',
  ]);
});
it('does not begin a word in its middle', () => {
  expect(coloured('kInt is_new return_value', 'cpp')).toEqual([]);
  expect(coloured('my-curl x/curl', 'sh')).toEqual([]);
});
it('colours commands', () => {
  expect(coloured("curl -s 'localhost:8080/a?b' # ask", 'sh')).toEqual([
    'keyword curl',
    'number -s',
    "string 'localhost:8080/a?b'",
    'comment # ask',
  ]);
});
it.each(['cpp', 'sh', 'yaml', 'text'])('loses nothing of %s', (language) => {
  const code = 'a: "unended\n$(curl `x`) #\u{1F600}\\ <<\t// y\'z';
  expect(textOf(highlight(code, language))).toBe(code);
});
