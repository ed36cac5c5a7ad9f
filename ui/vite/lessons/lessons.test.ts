import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { HELPING_LESSONS } from '../../src/learn/checks.ts';
import type { LessonElement } from '../../src/learn/lesson.ts';
import { elementsOf, textOf } from './compile.ts';
import { LESSONS_FOLDER, readLessons } from './plugin.ts';

// The lessons as they stand in challenge/lessons.

const REPOSITORY = join(LESSONS_FOLDER, '../..');
const lessons = readLessons();
const [start, ...rest] = lessons;
const elements = lessons.flatMap(({ body }) => [...elementsOf(body)]);

it('begin from a page that lists them all in their order', () => {
  const listed = [...elementsOf(start?.body ?? [])].filter(([name]) => name === 'a');
  expect(listed.map(([, { to }, ...inside]) => `${to} ${textOf(inside as LessonElement[])}`)).toEqual(
    rest.map(({ slug, title }) => `/learn/${slug} ${title}`),
  );
});

it('are those that the checks lead to', () => {
  expect(rest.map(({ slug }) => slug)).toEqual(expect.arrayContaining([...HELPING_LESSONS]));
});

it('use every drawing that there is', () => {
  const text = readdirSync(LESSONS_FOLDER)
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(join(LESSONS_FOLDER, name), 'utf8'))
    .join('');
  for (const drawing of readdirSync(join(LESSONS_FOLDER, 'drawings')))
    expect(text).toContain(`(drawings/${drawing})`);
});

describe('code of a file', () => {
  const quoted = elements.filter(([name, { from }]) => name === 'code-block' && from);
  it('is quoted in the lessons', () => expect(quoted.length).toBeGreaterThan(15));
  it.each([...new Set(quoted.map(([, { from }]) => from as string))])(
    '%s stands there line by line',
    (from) => {
      const path = join(REPOSITORY, from);
      expect(existsSync(path)).toBe(true);
      const lines = new Set(
        readFileSync(path, 'utf8')
          .split('\n')
          .map((line) => line.trim()),
      );
      const shown = quoted.filter(([, attributes]) => attributes['from'] === from);
      for (const line of shown.flatMap(([, , ...inside]) => textOf(inside as LessonElement[]).split('\n')))
        expect([...lines, '']).toContain(line.trim());
    },
  );
});

it('show C++ only from a file that is built and tested', () => {
  for (const [name, { language, from }] of elements)
    if (name === 'code-block' && language === 'cpp') expect(from).toBeTruthy();
});
