import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { addCommands } from '../app/keys/command';

/** The two heads that stay at the top while the list scrolls. */
const HEADS = 72;

/**
 * j and k go through the rows, which are links: Enter opens one. Past the last row that is here, `more` is called and
 * the way goes on when it has come. Another `of` is another list: the way begins anew.
 */
export function useRowKeys(
  list: RefObject<HTMLElement>,
  count: number,
  rowHeight: number,
  more: () => void,
  of: unknown,
): void {
  /** Where the reader is. Focus alone does not say it: a row that was scrolled far away has left the document. */
  const cursor = useRef(-1);
  /** The row behind the last one is wanted. */
  const waiting = useRef(false);
  useEffect(() => {
    cursor.current = -1;
    waiting.current = false;
  }, [of]);
  useEffect(() => {
    const onFocus = (event: FocusEvent) => {
      const { row } = (event.target as HTMLElement).dataset;
      if (row) cursor.current = Number(row);
    };
    const go = (next: number) => {
      if (!list.current) return;
      cursor.current = next;
      const top = list.current.getBoundingClientRect().top + next * rowHeight;
      if (top < HEADS) window.scrollBy(0, top - HEADS);
      else if (top + rowHeight > window.innerHeight) window.scrollBy(0, top + rowHeight - window.innerHeight);
      focusWhenThere(list.current, next, () => cursor.current === next);
    };
    const step = (by: number) => {
      const next = Math.max(0, cursor.current + by);
      waiting.current = next >= count;
      go(Math.min(count - 1, next));
      if (next >= count) more();
    };
    if (waiting.current && cursor.current + 1 < count) {
      waiting.current = false;
      go(cursor.current + 1);
    }
    const rows = list.current;
    rows?.addEventListener('focusin', onFocus);
    const command = (id: string, words: string, key: string, by: number) => ({
      ...{ id, group: 'Results', words, keys: [key], onlyByKey: true },
      run: () => step(by),
    });
    const forget = addCommands({
      layer: 'view',
      commands: [
        command('next-result', 'Next result', 'j', 1),
        command('previous-result', 'Previous result', 'k', -1),
      ],
    });
    return () => {
      rows?.removeEventListener('focusin', onFocus);
      forget();
    };
  }, [count, rowHeight, more]);
}

/** A row that was just scrolled to stands in the document a frame or two later. */
function focusWhenThere(list: HTMLElement, index: number, wanted: () => boolean, tries = 10): void {
  if (!wanted()) return;
  const link = list.querySelector<HTMLElement>(`[data-row="${index}"]`);
  if (link) link.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusWhenThere(list, index, wanted, tries - 1));
}
