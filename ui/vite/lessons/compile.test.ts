import { describe, expect, it } from 'vitest';
import type { LessonNode } from '../../src/learn/lesson.ts';
import { compileLessons, elementsOf, headingId, slugOf, textOf } from './compile.ts';

const around = { drawing: () => ['svg', { viewBox: '0 0 1 1' }] as [string, Record<string, string>] };
const compile = (text: string, file = '01_first.md', ...more: { file: string; text: string }[]) =>
  compileLessons([{ file, text: `# Title\n\n${text}` }, ...more], around);
const body = (text: string) => compile(text)[0]?.body;
const second = (text: string) => ({ file: '02_second.md', text: `# Second\n\n${text}` });

describe('a lesson', () => {
  it('is named by its file, in the order of the numbers, behind the first page', () => {
    const lessons = compile('a', '10_later.md', second('b'), { file: 'README.md', text: '# All' });
    expect(lessons.map(({ slug, title }) => `${slug} ${title}`)).toEqual([
      ' All',
      'second Second',
      'later Title',
    ]);
    expect(() => slugOf('Notes.md')).toThrow('a lesson is named like');
  });

  it('has one title, and sections with the ids that GitHub gives them', () => {
    const [lesson] = compile('## What it `does`, and why?\n\n### Inside');
    expect(lesson?.sections).toEqual([{ id: 'what-it-does-and-why', title: 'What it does, and why?' }]);
    expect(headingId('A–Z: über_all')).toBe('az-über_all');
    expect(() => compile('# Again')).toThrow('two titles');
    expect(() => compile('## A\n\n## A')).toThrow('two headings');
    expect(() => compileLessons([{ file: '01_a.md', text: 'text' }], around)).toThrow('begins with "# Title"');
  });

  it('keeps texts as they are, and never holds HTML', () => {
    expect(body('a *b* **c** `<d>` & "e"\nf')).toEqual([
      ['p', {}, 'a ', ['em', {}, 'b'], ' ', ['strong', {}, 'c'], ' ', ['code', {}, '<d>'], ' & "e" f'],
    ]);
    expect(() => body('<b>bold</b>')).toThrow('html is not handled');
    expect(() => body('text <b>bold</b>')).toThrow('html is not handled');
  });

  it('has lists, tables whose first column names the row, and notes', () => {
    expect(body('1. a\n2. b')).toEqual([['ol', {}, ['li', {}, 'a'], ['li', {}, 'b']]]);
    const rows = [...elementsOf(body('| k | v |\n|---|---|\n| a | 1 |') as LessonNode[])].map(([name]) => name);
    expect(rows).toEqual(['table', 'thead', 'tr', 'th', 'th', 'tbody', 'tr', 'th', 'td']);
    expect(body('> note')).toEqual([['blockquote', {}, ['p', {}, 'note']]]);
  });

  it('has code with a language, from a file where it says so, to be copied where that helps', () => {
    expect(body('```sh\ncurl x\n```')?.[0]?.slice(0, 2)).toEqual([
      'code-block',
      { language: 'sh', copy: 'curl x' },
    ]);
    expect(body('```text\nout\n```')?.[0]).toEqual(['code-block', { language: 'text' }, 'out']);
    expect(body('```cpp of demo/a.cc\nint x;\n```')?.[0]?.[1]).toMatchObject({ from: 'demo/a.cc' });
    const inner = body('```cpp of demo/a.cc\n    if (x) {\n\n      y();\n    }\n```')?.[0] as [
      string,
      { copy: string },
    ];
    expect(inner[1].copy).toBe('if (x) {\n\n  y();\n}');
    expect(() => body('```\nx\n```')).toThrow('without a language');
  });

  it('has drawings with words for those who do not see them', () => {
    expect(body('![A line\nof it](a.svg)')).toEqual([
      ['figure', {}, ['svg', { viewBox: '0 0 1 1', role: 'img', 'aria-label': 'A line of it' }]],
    ]);
    expect(() => body('![](a.svg)')).toThrow('needs a text');
  });
});

describe('a link', () => {
  const links = (text: string) =>
    [...elementsOf(compile(text, '01_first.md', second('## Part'))[0]?.body as LessonNode[])]
      .filter(([name]) => name === 'a')
      .map(([, attributes]) => attributes);

  it('leads to lessons, headings, pages of this server and https', () => {
    expect(links('[a](02_second.md) [b](02_second.md#part) [c](#here)\n\n## Here')).toEqual([
      { to: '/learn/second' },
      { to: '/learn/second#part' },
      { to: '/learn/first#here' },
    ]);
    expect(links('[a](http://localhost:16686/search?service=a) [b](https://example.com/)')).toEqual([
      { to: '/search?service=a' },
      { href: 'https://example.com/' },
    ]);
  });

  it.each(['03_none.md', '02_second.md#none', '#none', '../README.md', 'http://example.com/', 'javascript:x'])(
    'to %s stops the build',
    (target) => expect(() => links(`[a](${target})`)).toThrow(),
  );
});

it('tells the text of what it made', () => {
  expect(textOf(body('a **b** `c`') as LessonNode[])).toBe('a b c');
});
