import { useEffect, useRef, useState } from 'preact/hooks';
import { fetchServices } from '../../api/endpoints';
import { useResource } from '../../api/use_resource';
import { serviceStyle } from '../../controls/colour';
import { Dialog } from '../../controls/dialog';
import { Icon } from '../../controls/icon';
import { counted } from '../../format/count';
import { closeDialog, openDialog, takeTypedAhead } from '../dialogs';
import { commandSets } from '../keys/command';
import { keyCaps } from '../keys/key_name';
import { navigate } from '../location';
import { offer, type Entry, type Ranked } from './entries';
import './palette.css';

/** So many lines are put into the document; typing narrows them. */
const SHOWN_MAX = 60;
const PAGE = 8;
const LIST = 'palette-list';

/** A combobox with a list in a dialog, after the ARIA authoring practices. */
export default function Palette() {
  const [text, setText] = useState(takeTypedAhead);
  const [active, setActive] = useState(0);
  const opened = useRef(Date.now());
  const list = useRef<HTMLDivElement>(null);
  const services = useResource(`services at palette ${opened.current}`, fetchServices, false);
  const offered = offer(commandSets.value, services.data ?? [], text);
  const shown = offered.slice(0, SHOWN_MAX);

  useEffect(() => {
    list.current?.querySelector('.on')?.scrollIntoView({ block: 'nearest' });
  }, [active, text]);

  const close = () => closeDialog('palette');
  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    // Closed before it acts, so that the focus is back before the command moves it.
    close();
    const { does } = entry;
    setTimeout(() => (typeof does === 'string' ? navigate(does) : does()));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }[event.key];
    if (step !== undefined && shown.length > 0) {
      const next = active + step;
      const around = Math.abs(step) === 1;
      setActive(around ? (next + shown.length) % shown.length : Math.min(shown.length - 1, Math.max(0, next)));
    } else if (event.key === 'Enter') run(shown[active]?.entry);
    else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) close();
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label="Go to" class="palette" onClose={close}>
      <div class="wish">
        <Icon name="search" />
        <input
          autofocus
          role="combobox"
          aria-label="Go to"
          aria-expanded={shown.length > 0}
          aria-controls={LIST}
          aria-autocomplete="list"
          aria-activedescendant={shown.length > 0 ? `${LIST}-${active}` : undefined}
          placeholder="A page, a service, a command; a trace id, traceparent or link"
          autocomplete="off"
          spellcheck={false}
          data-pastes-itself
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd aria-hidden="true">Esc</kbd>
      </div>
      <div id={LIST} ref={list} class="lines" role="listbox" aria-label="What fits" hidden={shown.length === 0}>
        {shown.map((ranked, index) => (
          <Line
            key={ranked.entry.id}
            id={`${LIST}-${index}`}
            ranked={ranked}
            active={index === active}
            onPick={() => run(ranked.entry)}
          />
        ))}
      </div>
      <footer>
        <span role="status">{said(text, offered.length, services.error?.message)}</span>
        <button type="button" class="link push" onClick={() => (openDialog.value = 'keys')}>
          All keys
        </button>
      </footer>
    </Dialog>
  );
}

/** What the list amounts to, in words. */
function said(text: string, count: number, problem: string | undefined): string {
  if (count === 0) {
    const wrong = text.trim();
    return (
      `Nothing fits “${wrong.length > 40 ? `${wrong.slice(0, 40)}…` : wrong}”. A trace id is 1 to 32 of the digits ` +
      '0-9 and a-f; a traceparent or a link to a trace does too.'
    );
  }
  if (problem) return `Services are missing here: ${problem}`;
  return count > SHOWN_MAX
    ? `${SHOWN_MAX} of ${counted(count, 'line')}: type to narrow them`
    : counted(count, 'line');
}

interface LineProps {
  id: string;
  ranked: Ranked;
  active: boolean;
  onPick: () => void;
}

function Line({ id, ranked: { entry, at }, active, onPick }: LineProps) {
  return (
    <div id={id} role="option" aria-selected={active} class={active ? 'on' : ''} onClick={onPick}>
      {entry.colour !== undefined && <i class="dot" style={serviceStyle(entry.colour)} />}
      <span class="cut">
        <Marked text={entry.words} at={at} />
      </span>
      <span class="kind">{entry.kind}</span>
      {entry.keys.slice(0, 1).map((key) => (
        <kbd key={key}>{keyCaps(key).join(' ')}</kbd>
      ))}
    </div>
  );
}

/** A text with the typed letters in bold. */
function Marked({ text, at }: { text: string; at: number[] }) {
  const parts: preact.ComponentChild[] = [];
  let done = 0;
  for (let i = 0; i < at.length;) {
    let end = i + 1;
    while (at[end] === at[end - 1]! + 1) end++;
    parts.push(text.slice(done, at[i]), <b key={i}>{text.slice(at[i], at[end - 1]! + 1)}</b>);
    done = at[end - 1]! + 1;
    i = end;
  }
  parts.push(text.slice(done));
  return <>{parts}</>;
}
