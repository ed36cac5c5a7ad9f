import { signal } from '@preact/signals';
import { readStored, store } from '../app/stored';

// Which lessons were read to the end: kept in this browser, for its reader alone.

const NAME = 'lessons-read';

export function parseRead(stored: string | null): ReadonlySet<string> {
  return new Set((stored ?? '').split(' ').filter((slug) => slug !== ''));
}

export const readLessons = signal(parseRead(readStored(NAME)));

export function markRead(slug: string, read: boolean): void {
  if (readLessons.peek().has(slug) === read) return;
  const changed = new Set(readLessons.peek());
  if (read) changed.add(slug);
  else changed.delete(slug);
  readLessons.value = changed;
  store(NAME, [...changed].join(' '));
}
