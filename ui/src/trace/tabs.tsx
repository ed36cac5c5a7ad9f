import { useRef } from 'preact/hooks';
import { formatCount } from '../format/count';
import type { Session } from './session';
import { VIEW_NAMES, VIEWS, type View } from './view';

export const VIEW_PANEL = 'trace-view';
export const tabId = (view: View) => `tab-${view}`;

/** Chooses the view. One tab is in the order of the Tab key; arrows move among them, as tabs do everywhere. */
export function Tabs({ session }: { session: Session }) {
  const list = useRef<HTMLDivElement>(null);
  const current = session.view.value;
  const move = (event: KeyboardEvent) => {
    const at = VIEWS.indexOf(current);
    const next = {
      ArrowRight: VIEWS[(at + 1) % VIEWS.length],
      ArrowLeft: VIEWS[(at + VIEWS.length - 1) % VIEWS.length],
      Home: VIEWS[0],
      End: VIEWS.at(-1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    session.view.value = next;
    document.getElementById(tabId(next))?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="View" ref={list} onKeyDown={move}>
      {VIEWS.map((view, index) => (
        <button
          key={view}
          id={tabId(view)}
          type="button"
          role="tab"
          aria-selected={view === current}
          aria-controls={VIEW_PANEL}
          tabIndex={view === current ? 0 : -1}
          title={`${VIEW_NAMES[view]} (${index + 1})`}
          onClick={() => (session.view.value = view)}
        >
          {VIEW_NAMES[view]}
          {view === 'table' && <b>{formatCount(session.trace.count)}</b>}
        </button>
      ))}
    </div>
  );
}
