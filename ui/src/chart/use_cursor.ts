import { useState } from 'preact/hooks';

// Where the reader points at in charts that share an axis of steps, and which steps are marked for a zoom.

/** Steps from and to, both included. */
export type StepRange = [number, number];

export interface Cursor {
  index: number | null;
  marked: StepRange | null;
}

export interface CursorActions {
  point(index: number | null): void;
  mark(range: StepRange | null): void;
}

export function useCursor(): [Cursor, CursorActions] {
  const [cursor, setCursor] = useState<Cursor>({ index: null, marked: null });
  return [
    cursor,
    {
      point: (index) => setCursor((before) => (before.index === index ? before : { ...before, index })),
      mark: (marked) => setCursor((before) => ({ ...before, marked })),
    },
  ];
}

export interface StepMove {
  cursor: Cursor;
  /** Enter: open the step, or zoom to the marked ones. */
  act?: 'open' | 'zoom';
}

const PAGE = 10;

/** What a key does to a cursor over `count` steps; null where it does nothing. */
export function moveByKey(cursor: Cursor, key: string, shift: boolean, count: number): StepMove | null {
  const last = count - 1;
  const index = cursor.index ?? last;
  if (key === 'Enter' || key === ' ') return { cursor, act: cursor.marked ? 'zoom' : 'open' };
  if (key === 'Escape') return cursor.marked ? { cursor: { ...cursor, marked: null } } : null;
  const next = {
    // The first key shows the cursor where it is.
    ArrowLeft: cursor.index === null ? last : index - 1,
    ArrowRight: cursor.index === null ? last : index + 1,
    PageUp: index - PAGE,
    PageDown: index + PAGE,
    Home: 0,
    End: last,
  }[key];
  if (next === undefined) return null;
  const to = Math.min(last, Math.max(0, next));
  if (!shift) return { cursor: { index: to, marked: null } };
  const [from, until] = cursor.marked ?? [index, index];
  // The end at which the cursor stands moves, the other stays.
  const fixed = until === index ? from : until;
  return { cursor: { index: to, marked: [Math.min(fixed, to), Math.max(fixed, to)] } };
}
