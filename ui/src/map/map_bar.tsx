import { useEffect, useState } from 'preact/hooks';
import type { MapService } from '../api/types';
import { Combobox } from '../controls/combobox';
import { Icon } from '../controls/icon';
import { WindowControl } from '../red/window_control';
import type { AskedWindow } from '../red/asked_window';
import { ALL_HOPS, type MapQuestion, type MapView } from './map_view';

const HOPS = [1, 2, 3];
/** What the address says for every service. */
const ALL = 'all';
const LEAST = [0, 0.1, 1, 5, 10];

interface Props {
  asked: AskedWindow;
  since: number;
  onWindow: (asked: AskedWindow) => void;
  services: MapService[];
  question: MapQuestion;
  view: MapView | null;
  table: boolean;
  onFocus: (name: string) => void;
  /** Sets one parameter of the address, or takes it out. */
  onSet: (name: string, value: string) => void;
}

/** What the map shows: of which time, around whom, how far, which calls, and how. */
export function MapBar({ asked, since, onWindow, services, question, view, table, onFocus, onSet }: Props) {
  const hops = view?.hops ?? question.hops ?? ALL_HOPS;
  const hopsOffered = hops === ALL_HOPS || HOPS.includes(hops) ? HOPS : [...HOPS, hops];
  const leastOffered = LEAST.includes(question.least) ? LEAST : [...LEAST, question.least];
  return (
    <div class="numbers-bar map-bar">
      <FocusField focus={view?.focus ?? question.focus} services={services} onFocus={onFocus} />
      <label>
        <span class="dim">Reach</span>
        <span class="pick">
          <select
            class="input sm"
            value={hops === ALL_HOPS ? ALL : String(hops)}
            onChange={(event) => onSet('hops', event.currentTarget.value)}
          >
            {hopsOffered.map((each) => (
              <option key={each} value={String(each)} disabled={view?.focus === null}>
                {each === 1 ? '1 call away' : `${each} calls away`}
              </option>
            ))}
            <option value={ALL}>All services</option>
          </select>
          <Icon name="down" />
        </span>
      </label>
      <label>
        <span class="dim">Show</span>
        <span class="pick">
          <select
            class="input sm"
            value={String(question.least)}
            onChange={(event) =>
              onSet('min', event.currentTarget.value === '0' ? '' : event.currentTarget.value)
            }
          >
            {leastOffered.map((each) => (
              <option key={each} value={String(each)}>
                {each === 0 ? 'All calls' : `From ${each} % of the busiest`}
              </option>
            ))}
          </select>
          <Icon name="down" />
        </span>
      </label>
      <WindowControl asked={asked} now={since} onWindow={onWindow} />
      <div class="seg push" role="group" aria-label="View">
        <button type="button" aria-pressed={!table} onClick={() => onSet('view', '')}>
          Map
        </button>
        <button type="button" aria-pressed={table} onClick={() => onSet('view', 'table')}>
          Table
        </button>
      </div>
    </div>
  );
}

/** The field that finds a service and puts it in the middle. */
function FocusField({
  focus,
  services,
  onFocus,
}: { focus: string; services: MapService[] } & Pick<Props, 'onFocus'>) {
  const [draft, setDraft] = useState(focus);
  useEffect(() => setDraft(focus), [focus]);
  return (
    <form
      class="focus-field"
      onSubmit={(event) => {
        event.preventDefault();
        const typed = draft.trim().toLowerCase();
        const found =
          services.find(({ name }) => name.toLowerCase() === typed) ??
          services.find(({ name }) => typed !== '' && name.toLowerCase().includes(typed));
        if (found) onFocus(found.name);
      }}
    >
      <Combobox
        label="Focus"
        value={draft}
        onValue={(value) => {
          setDraft(value);
          if (value === '' || services.some(({ name }) => name === value)) onFocus(value);
        }}
        choices={services.map(({ name, colour }) => ({ value: name, colour }))}
        everything="No focus"
        emptyList="No service has sent spans in this time"
      />
    </form>
  );
}
