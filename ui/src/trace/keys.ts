import { useEffect } from 'preact/hooks';
import type { Session } from './session';
import { VIEWS } from './view';

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

function focusGrid(): void {
  document.querySelector<HTMLElement>('[role="treegrid"]')?.focus({ preventScroll: true });
}

type Commands = Record<string, () => void>;

/** What the keys do in every view. */
function everywhere(session: Session): Commands {
  const views = VIEWS.map((view, index) => [String(index + 1), () => (session.view.value = view)] as const);
  return {
    ...Object.fromEntries(views),
    w: () => session.zoom(ZOOM),
    s: () => session.zoom(1 / ZOOM),
    a: () => session.pan(-PAN),
    d: () => session.pan(PAN),
    f: () => session.fit(),
    e: () => session.nextError(1),
    E: () => session.nextError(-1),
    n: () => session.nextMatch(1),
    N: () => session.nextMatch(-1),
    '/': focusFind,
    'Ctrl+b': focusFind,
    Escape: () => {
      if (session.open.value === null) return session.search('');
      const inPanel = document.getElementById(SPAN_PANEL)?.contains(document.activeElement);
      session.open.value = null;
      if (inPanel) focusGrid();
    },
  };
}

/** What they do in the waterfall. The letters of Jaeger's own viewer work beside ours where they do not clash. */
function inWaterfall(session: Session): Commands {
  const open = () => {
    const row = session.cursor.value;
    if (row === null) return;
    // What is open already is gone into: that is how the keyboard reaches its buttons.
    if (session.open.value === row) document.getElementById(SPAN_PANEL)?.focus();
    else session.openPanel(row);
  };
  return {
    j: () => session.step(1),
    k: () => session.step(-1),
    b: () => session.step(-1),
    '[': () => session.collapseAll(),
    ']': () => session.expandAll(),
    p: () => session.stepLevel(-1),
    o: () => session.stepLevel(1),
    Enter: open,
    ArrowDown: () => session.step(1),
    ArrowUp: () => session.step(-1),
    ArrowLeft: () => session.left(),
    ArrowRight: () => session.right(),
    PageDown: () => session.step(PAGE),
    PageUp: () => session.step(-PAGE),
    Home: () => session.step(-Infinity),
    End: () => session.step(Infinity),
    'Shift+ArrowLeft': () => foldUnderCursor(session, true),
    'Shift+ArrowRight': () => foldUnderCursor(session, false),
  };
}

function foldUnderCursor(session: Session, folded: boolean): void {
  if (session.cursor.value !== null) session.foldSubtree(session.cursor.value, folded);
}

/** Keys that scroll or press what has the focus. They are ours only in the waterfall, or when nothing has it. */
const BELONGS_TO_FOCUS = /^(Shift\+)?(Enter|Arrow\w+|Page\w+|Home|End)$/;

function keyName(event: KeyboardEvent): string {
  if (event.ctrlKey || event.metaKey) return `Ctrl+${event.key.toLowerCase()}`;
  return event.shiftKey && event.key.startsWith('Arrow') ? `Shift+${event.key}` : event.key;
}

export function useKeys(session: Session): void {
  useEffect(() => {
    const [always, waterfall] = [everywhere(session), inWaterfall(session)];
    const press = (event: KeyboardEvent) => {
      const name = keyName(event);
      const target = event.target as Element;
      const command = always[name] ?? (session.view.value === 'waterfall' ? waterfall[name] : undefined);
      if (event.altKey || !command || target.matches('input, textarea, select, [role="menuitemradio"]')) return;
      const free = target === document.body || target.matches('[role="treegrid"], main');
      if (!free && BELONGS_TO_FOCUS.test(name)) return;
      event.preventDefault();
      // The rows tell assistive technology where the cursor is only while they have the focus.
      if (target === document.body) focusGrid();
      command();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [session]);
}
