import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../controls/icon';
import { formatCount } from '../format/count';
import { FIND_BOX } from './keys';
import type { Session } from './session';

const TYPING_PAUSE = 200;

export function FindBox({ session }: { session: Session }) {
  const box = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const text = session.find.value;
  const found = session.found.value;
  useEffect(() => {
    if (box.current && box.current !== document.activeElement) box.current.value = text;
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const search = () => {
    clearTimeout(timer.current);
    const wanted = box.current?.value ?? '';
    if (wanted !== session.find.peek()) session.search(wanted);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      if (box.current) box.current.value = '';
      search();
      box.current?.blur();
    } else if (event.key === 'Enter') {
      search();
      session.nextMatch(event.shiftKey ? -1 : 1);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="find" role="search">
      <Icon name="search" size={14} />
      <input
        ref={box}
        id={FIND_BOX}
        aria-label="Find in trace"
        placeholder="Find in trace"
        autocomplete="off"
        spellcheck={false}
        data-pastes-itself
        onInput={() => {
          clearTimeout(timer.current);
          timer.current = setTimeout(search, TYPING_PAUSE);
        }}
        onKeyDown={onKeyDown}
      />
      <span class="hits" role="status" title={session.findProblem.value}>
        {session.findProblem.value ? 'failed' : found ? hits(session) : ''}
      </span>
      {found && found.rows.length > 0 ? (
        <>
          <button
            type="button"
            aria-label="Previous match"
            title="Previous match (N)"
            onClick={() => session.nextMatch(-1)}
          >
            <Icon name="up" size={14} />
          </button>
          <button
            type="button"
            aria-label="Next match"
            title="Next match (n)"
            onClick={() => session.nextMatch(1)}
          >
            <Icon name="down" size={14} />
          </button>
        </>
      ) : (
        !text && <kbd aria-hidden="true">/</kbd>
      )}
    </div>
  );
}

/** "3 of 214" on a match, else how many there are. */
function hits(session: Session): string {
  const rows = session.found.value?.rows ?? [];
  if (rows.length === 0) return 'none';
  const at = session.cursor.value === null ? -1 : rows.indexOf(session.cursor.value);
  return at < 0 ? `${formatCount(rows.length)} found` : `${formatCount(at + 1)} of ${formatCount(rows.length)}`;
}
