import './overview.css';
import { useMemo, useRef, useState } from 'preact/hooks';
import type { Overview } from '../../api/types';
import type { Resource } from '../../api/use_resource';
import { navigate } from '../../app/location';
import { Icon } from '../../controls/icon';
import { formatCount } from '../../format/count';
import { boxInWords, isOpen, NO_BOX, type Box } from '../box';
import { askForOverview, VIEWS, type SearchPlace, type View } from '../search_place';
import { Chart } from './chart';
import { Grid } from './grid';
import { mostInCell } from './heatmap';
import { OverviewTable, TABLE_SHAPE } from './overview_table';
import { RangeFields } from './range_fields';

const LABELS: Record<View, string> = { heatmap: 'Heatmap', scatter: 'Scatter', table: 'Table' };

interface Props {
  overview: Resource<Overview>;
  place: SearchPlace;
  since: number;
  hidden: boolean;
  onView: (view: View) => void;
  onBox: (box: Box) => void;
  onHide: (hidden: boolean) => void;
}

/** All that matches at a glance, above the results: a switch of views, the box that is chosen in them, the picture. */
export default function OverviewPanel(props: Props) {
  const { overview, place, hidden, onBox, onHide } = props;
  const { view, box } = place;
  const { data } = overview;
  const [typing, setTyping] = useState(false);
  const grid = useMemo(() => (data ? new Grid(data) : null), [data]);
  const edit = useRef<HTMLButtonElement>(null);
  const close = () => {
    setTyping(false);
    edit.current?.focus();
  };
  return (
    <section class="overview" aria-label="Overview" aria-busy={overview.pending}>
      <div class="bar">
        {hidden ? <h2>Overview</h2> : <Switch {...props} />}
        {!isOpen(box) && (
          <span class="sel">
            {boxInWords(box)}
            <button type="button" aria-label="Clear the box" onClick={() => onBox(NO_BOX)}>
              <Icon name="close" size={12} />
            </button>
          </span>
        )}
        {!hidden && grid && (
          <span class="typed">
            <button
              ref={edit}
              type="button"
              class="btn sm"
              aria-expanded={typing}
              onClick={() => setTyping(!typing)}
            >
              {isOpen(box) ? 'Set a box' : 'Edit'}
            </button>
            {typing && <RangeFields grid={grid} box={box} onBox={onBox} onClose={close} />}
          </span>
        )}
        {!hidden && data && data.traceCount > 0 && view === 'heatmap' && <Legends overview={data} />}
        <button type="button" class="btn sm fold" aria-expanded={!hidden} onClick={() => onHide(!hidden)}>
          <Icon name={hidden ? 'down' : 'up'} size={12} />
          {hidden ? 'Show' : 'Hide'}
          <span class="sr"> the overview</span>
        </button>
      </div>
      {!hidden && <Picture {...props} />}
    </section>
  );
}

function Switch({ place: { view }, onView }: Props) {
  const tabs = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = (VIEWS.indexOf(view) + step + VIEWS.length) % VIEWS.length;
    onView(VIEWS[next]!);
    tabs.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
    event.preventDefault();
  };
  return (
    <div class="seg" role="tablist" aria-label="Overview as" ref={tabs} onKeyDown={move}>
      {VIEWS.map((each) => (
        <button
          key={each}
          type="button"
          role="tab"
          aria-selected={each === view}
          aria-controls="overview-view"
          tabIndex={each === view ? 0 : -1}
          onClick={() => onView(each)}
        >
          {LABELS[each]}
        </button>
      ))}
    </div>
  );
}

function Picture({ overview, place, since, onBox }: Props) {
  const { view, box } = place;
  const { data, error, slow, retry } = overview;
  return (
    <div
      id="overview-view"
      role="tabpanel"
      aria-label={LABELS[view]}
      class={slow || (error && data) ? 'view old' : 'view'}
    >
      {error && (
        <p class="instead" role="alert">
          <Icon name="error" class="erri" />
          <span>The overview failed. {error.message}</span>
          <button type="button" class="btn sm line" onClick={retry}>
            Try again
          </button>
        </p>
      )}
      {view === 'table' ? (
        <OverviewTable question={askForOverview(place, since, TABLE_SHAPE).toString()} since={since} />
      ) : data && data.traceCount > 0 ? (
        <Chart
          overview={data}
          view={view}
          box={box}
          onBox={onBox}
          onOpen={(traceId) => navigate(`/trace/${traceId}`)}
        />
      ) : error ? null : (
        <p class="instead">{data ? 'No trace fulfils the conditions above.' : slow ? 'Counting' : ''}</p>
      )}
    </div>
  );
}

function Legends({ overview }: { overview: Overview }) {
  const ramp = (name: string, steps: number) => (
    <span class="ramp">
      {Array.from({ length: steps }, (_, index) => (
        <i key={index} style={{ '--c': `var(--${name}-${index + 1})` }} />
      ))}
    </span>
  );
  return (
    <>
      <span class="legend push">
        Traces 1 {ramp('heat', 5)} {formatCount(mostInCell(overview))}
      </span>
      <span class="legend">Errors 5 % {ramp('heat-error', 4)} 100 %</span>
    </>
  );
}
