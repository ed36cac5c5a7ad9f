import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import type { Lesson } from '../../src/learn/lesson.ts';
import { compileLessons } from './compile.ts';
import { readSvg } from './svg.ts';

export const LESSONS_FOLDER = fileURLToPath(new URL('../../../challenge/lessons', import.meta.url));

const MODULE = 'virtual:lessons';
const RESOLVED = `\0${MODULE}`;

const markdownFiles = () => readdirSync(LESSONS_FOLDER).filter((name) => name.endsWith('.md'));

/** The lessons of challenge/lessons, compiled. */
export function readLessons(): Lesson[] {
  const read = (name: string) => readFileSync(join(LESSONS_FOLDER, name), 'utf8');
  const sources = markdownFiles().map((file) => ({ file, text: read(file) }));
  return compileLessons(sources, { drawing: (path) => readSvg(path, read(path)) });
}

/** Gives "virtual:lessons" to the Learn page: an array of Lesson, made when the page is built. */
export function lessons(): Plugin {
  return {
    name: 'spoor-lessons',
    resolveId: (id) => (id === MODULE ? RESOLVED : undefined),
    load(id) {
      if (id !== RESOLVED) return undefined;
      for (const name of readdirSync(LESSONS_FOLDER)) this.addWatchFile(join(LESSONS_FOLDER, name));
      return `export default ${JSON.stringify(readLessons())};`;
    },
  };
}
