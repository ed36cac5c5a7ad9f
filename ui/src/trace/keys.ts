import type { Command } from '../app/keys/command';
import { useCommands } from '../app/keys/command';
import type { Session } from './session';
import { VIEW_NAMES, VIEWS } from './view';

const ZOOM = 0.7;
const PAN = 0.2;
const PAGE = 20;
export const FIND_BOX = 'find-in-trace';
export const SPAN_PANEL = 'span-panel';

function focusFind(): void {
  const box = document.getElementById(FIND_BOX) as HTMLInputElement | null;
  box?.focus();
  box?.select();
}

/** The rows of the view: they tell assistive technology where the cursor is only while they have the focus. */
export function focusRows(): void {
  document
    .querySelector<HTMLElement>('[role="treegrid"], [role="grid"], [role="application"]')
    ?.focus({ preventScroll: true });
}

export function openOrEnter(session: Session): void {
  const row = session.cursor.value;
  if (row === null) return;
  // What is open already is gone into: that is how the keyboard reaches its buttons.
  if (session.open.value === row) document.getElementById(SPAN_PANEL)?.focus();
  else session.press(row);
}

/** Closes the panel; where none is open, takes back what was looked for. */
export function closeOrClear(session: Session): void {
  if (session.open.value === null) return session.search('');
  const inPanel = document.getElementById(SPAN_PANEL)?.contains(document.activeElement);
  session.open.value = null;
  if (inPanel) focusRows();
}

function foldUnderCursor(session: Session, folded: boolean): void {
  if (session.cursor.value !== null) session.foldSubtree(session.cursor.value, folded);
}

/** A line of the sheet: words, keys, what they do; `move` for what only keys are good for. */
export type KeyRow = [words: string, keys: string[], run: () => void, move?: 'move'];

export const group = (name: string, rows: KeyRow[]): Command[] =>
  rows.map(([words, keys, run, move]) => ({
    id: `${name} ${words}`,
    group: name,
    words,
    keys,
    run,
    onlyByKey: move === 'move',
  }));

/** What the keys do in every view. */
function everywhere(session: Session): Command[] {
  return [
    ...group(
      'View',
      VIEWS.map((view, index) => [
        `Show as ${VIEW_NAMES[view].toLowerCase()}`,
        [String(index + 1)],
        () => (session.view.value = view),
      ]),
    ),
    ...group('Find', [
      ['Find in the trace', ['/', 'Ctrl+b'], focusFind],
      ['Next match', ['n'], () => session.nextMatch(1)],
      ['Previous match', ['N'], () => session.nextMatch(-1)],
      ['Next error', ['e'], () => session.nextError(1)],
      ['Previous error', ['E'], () => session.nextError(-1)],
      ['Close the span, or clear what was found', ['Escape'], () => closeOrClear(session), 'move'],
    ]),
    ...group('Time', [
      ['Zoom in', ['w'], () => session.zoom(ZOOM)],
      ['Zoom out', ['s'], () => session.zoom(1 / ZOOM)],
      ['Move to earlier', ['a'], () => session.pan(-PAN), 'move'],
      ['Move to later', ['d'], () => session.pan(PAN), 'move'],
      ['Show the whole trace', ['f'], () => session.fit()],
    ]),
  ];
}

/** What they do in the waterfall. The letters of Jaeger's own viewer work beside ours where they do not clash. */
function inWaterfall(session: Session): Command[] {
  return group('Rows', [
    ['Next row', ['j', 'ArrowDown'], () => session.step(1), 'move'],
    ['Previous row', ['k', 'b', 'ArrowUp'], () => session.step(-1), 'move'],
    ['A screen down', ['PageDown'], () => session.step(PAGE), 'move'],
    ['A screen up', ['PageUp'], () => session.step(-PAGE), 'move'],
    ['First row', ['Home'], () => session.step(-Infinity), 'move'],
    ['Last row', ['End'], () => session.step(Infinity), 'move'],
    ['Collapse, or go to the parent', ['ArrowLeft'], () => session.left(), 'move'],
    ['Expand, or go to the first child', ['ArrowRight'], () => session.right(), 'move'],
    ['Collapse all below the row', ['Shift+ArrowLeft'], () => foldUnderCursor(session, true), 'move'],
    ['Expand all below the row', ['Shift+ArrowRight'], () => foldUnderCursor(session, false), 'move'],
    ['Open the span; once more, go into it', ['Enter'], () => openOrEnter(session), 'move'],
    ['Collapse all', ['['], () => session.collapseAll()],
    ['Expand all', [']'], () => session.expandAll()],
    ['Collapse one level', ['p'], () => session.stepLevel(-1)],
    ['Expand one level', ['o'], () => session.stepLevel(1)],
    ['Show or hide the critical path', ['c'], () => (session.path.value = !session.path.value)],
  ]);
}

export function useKeys(session: Session): void {
  useCommands(() => ({ layer: 'page', commands: everywhere(session), takeFocus: focusRows }), [session]);
  const waterfall = session.view.value === 'waterfall';
  useCommands(
    () => ({ layer: 'view', commands: waterfall ? inWaterfall(session) : [], takeFocus: focusRows }),
    [session, waterfall],
  );
}
