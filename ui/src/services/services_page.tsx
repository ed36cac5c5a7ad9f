import '../table/table.css';
import '../chart/chart.css';
import './services.css';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { fetchRed, fetchServices, fetchStatus } from '../api/endpoints';
import type { RedAnswer, RedGroup } from '../api/types';
import { useResource } from '../api/use_resource';
import { again, here, href, navigate, replace } from '../app/location';
import { useScreenMark } from '../app/on_screen';
import { servicePlace } from '../app/route';
import { TopBar } from '../app/top_bar';
import { Icon } from '../controls/icon';
import { useMedia } from '../controls/use_media';
import { FirstStart } from '../first_start/first_start';
import { counted, formatCount } from '../format/count';
import { AnswerError, NoSpans, OldAnswer, Partial, Reading } from '../red/answer_states';
import {
  askFor,
  pinWindow,
  readWindow,
  stepWindow,
  windowInWords,
  withWindow,
  type AskedWindow,
} from '../red/asked_window';
import { elapsedSeconds, rateUnit } from '../red/numbers';
import { greatest, milliseconds } from '../red/series';
import { WindowControl } from '../red/window_control';
import { useRowWindow } from '../search/row_window';
import { ColumnHead } from '../table/column_head';
import { readSort, withSort, type Sort } from '../table/sort';
import {
  arrange,
  filterServices,
  quietServices,
  SERVICE_KEYS,
  SERVICE_SORT,
  serviceRows,
  type ServiceKey,
} from './service_rows';
import { ServiceTableRow } from './service_table_row';

const ROW = 36;
const ROW_NARROW = 88;
const SKELETON_ROWS = 8;
const QUIET_SHOWN = 12;

const place = (parameters: URLSearchParams) => {
  const query = parameters.toString();
  return `/services${query ? `?${query}` : ''}`;
};

export default function ServicesPage() {
  const { parameters, since } = here.value;
  const asked = readWindow(parameters);
  const window = stepWindow(asked, since);
  const question = askFor(window).toString();
  const answer = useResource<RedAnswer>(`red ${question} at ${since}`, (signal) =>
    fetchRed(new URLSearchParams(question), signal),
  );
  const status = useResource(`status at ${since}`, fetchStatus);
  const known = useResource(`services at ${since}`, fetchServices);
  useEffect(() => {
    document.title = 'Services · Spoor';
  }, []);
  useEffect(() => {
    // Jaeger's monitor page names one service.
    const { path, query } = monitored(parameters);
    if (path) replace(`${path}${query}`);
  }, [parameters]);
  const found = answer.data?.groups.length ?? 0;
  const firstStart = found === 0 && !answer.error && status.data?.spansStored === '0';
  const settled = !answer.pending && (found > 0 || !status.pending || answer.error !== undefined);
  useScreenMark('services-ready', settled ? `${question} ${since} ${found} ${firstStart}` : null);
  const onWindow = (next: AskedWindow) => navigate(place(withWindow(parameters, next)));

  return (
    <>
      <TopBar link={() => place(pinWindow(parameters, since))}>
        <h1>Services</h1>
      </TopBar>
      {firstStart && status.data ? (
        <FirstStart status={status.data} onArrival={again} />
      ) : (
        <>
          {answer.data && answer.error && <OldAnswer error={answer.error} retry={answer.retry} />}
          {answer.data && <Partial {...answer.data} />}
          <div class="numbers-bar">
            <FilterField parameters={parameters} />
            <WindowControl asked={asked} now={since} onWindow={onWindow} />
            {answer.data && found > 0 && (
              <Count groups={answer.data.groups} filter={parameters.get('filter') ?? ''}>
                {windowInWords(asked, since)}
              </Count>
            )}
          </div>
          {answer.data && found > 0 ? (
            <ServiceTable
              answer={answer.data}
              asked={asked}
              parameters={parameters}
              since={since}
              old={answer.slow || answer.error !== undefined}
              quiet={known.data ? quietServices(known.data, answer.data) : []}
            />
          ) : answer.error ? (
            <AnswerError error={answer.error} retry={answer.retry} />
          ) : answer.slow ? (
            <Skeleton cancel={answer.cancel} />
          ) : settled ? (
            <NoSpans
              title={`No spans ${windowInWords(asked, since)}`}
              asked={asked}
              now={since}
              onWindow={onWindow}
            >
              <p>
                {known.data?.length
                  ? `${counted(known.data.length, 'service')} sent spans at other times. `
                  : ''}
                A wider time may show more.
              </p>
            </NoSpans>
          ) : null}
        </>
      )}
    </>
  );
}

function monitored(parameters: URLSearchParams): { path: string; query: string } {
  const service = parameters.get('service');
  if (!service) return { path: '', query: '' };
  const rest = withWindow(parameters, readWindow(parameters));
  const kind = /^SPAN_KIND_(\w+)$/i.exec(parameters.get('spanKind') ?? '')?.[1]?.toLowerCase();
  for (const name of ['service', 'spanKind']) rest.delete(name);
  if (kind && kind !== 'server') rest.set('kind', kind);
  return { path: servicePlace(service), query: rest.size > 0 ? `?${rest}` : '' };
}

function FilterField({ parameters }: { parameters: URLSearchParams }) {
  return (
    <input
      class="input sm filter"
      type="search"
      aria-label="Filter by name"
      placeholder="Filter by name"
      autocomplete="off"
      spellcheck={false}
      value={parameters.get('filter') ?? ''}
      onInput={(event) => {
        const changed = new URLSearchParams(parameters);
        if (event.currentTarget.value) changed.set('filter', event.currentTarget.value);
        else changed.delete('filter');
        replace(place(changed));
      }}
    />
  );
}

interface TableProps {
  answer: RedAnswer;
  asked: AskedWindow;
  parameters: URLSearchParams;
  since: number;
  old: boolean;
  quiet: string[];
}

function ServiceTable({ answer, asked, parameters, since, old, quiet }: TableProps) {
  const list = useRef<HTMLDivElement>(null);
  const filter = parameters.get('filter') ?? '';
  const sort = readSort(parameters, SERVICE_KEYS, SERVICE_SORT);
  const all = useMemo(() => serviceRows(answer, since), [answer, since]);
  const rows = useMemo(() => arrange(all, filter, sort), [all, filter, sort.key, sort.descending]);
  const rowHeight = useMedia('(max-width: 720px)') ? ROW_NARROW : ROW;
  const [first, last] = useRowWindow(list, rows.length, rowHeight);
  const seconds = elapsedSeconds(
    milliseconds(answer.startTimeUnixNano),
    milliseconds(answer.endTimeUnixNano),
    since,
  );
  const unit = rateUnit(greatest(all.map(({ group }) => group.count)) / seconds);
  const onSort = (next: Sort<ServiceKey>) => replace(place(withSort(parameters, next, SERVICE_SORT)));
  const head = { sort, onSort };

  return (
    <section class={old ? 'old-answer' : ''} aria-label="Services" aria-busy={old}>
      <div role="table" class="tbl service-list" aria-label="Services" aria-rowcount={rows.length + 1}>
        <div class="tbl-row tbl-head" role="row" aria-rowindex={1}>
          <ColumnHead {...head} by="name" text>
            Service
          </ColumnHead>
          <ColumnHead {...head} by="rate" class="c-rate">
            Rate, per {unit.name}
          </ColumnHead>
          <ColumnHead {...head} by="errors" class="c-errors">
            Errors
          </ColumnHead>
          {(['p50', 'p95', 'p99'] as const).map((name) => (
            <ColumnHead key={name} {...head} by={name} class={`c-${name}`}>
              {name}
            </ColumnHead>
          ))}
          <ColumnHead {...head} text class="c-spark">
            Rate and errors over time
          </ColumnHead>
          <ColumnHead {...head} class="c-links">
            <span class="sr">Traces</span>
          </ColumnHead>
        </div>
        <div class="tbl-rows" role="rowgroup" ref={list} style={{ height: `${rows.length * rowHeight}px` }}>
          {rows.slice(first, last).map((row, offset) => (
            <ServiceTableRow
              key={row.group.service}
              row={row}
              index={first + offset}
              top={(first + offset) * rowHeight}
              seconds={seconds}
              unit={unit}
              asked={asked}
            />
          ))}
        </div>
      </div>
      {rows.length === 0 && (
        <div class="state">
          <h2>No service has “{filter.trim()}” in its name</h2>
          <div class="acts">
            <button
              type="button"
              class="btn sm line"
              onClick={() => {
                const changed = new URLSearchParams(parameters);
                changed.delete('filter');
                replace(place(changed));
              }}
            >
              All {formatCount(all.length)}
            </button>
          </div>
        </div>
      )}
      {quiet.length > 0 && !filter && <Quiet names={quiet} words={windowInWords(asked, since)} />}
    </section>
  );
}

function Count({ groups, filter, children }: { groups: RedGroup[]; filter: string; children: string }) {
  const shown = filterServices(groups, filter).length;
  return (
    <p class="table-count" role="status">
      <strong>{formatCount(shown)}</strong>{' '}
      {filter.trim()
        ? `of ${counted(groups.length, 'service')} match`
        : groups.length === 1
          ? 'service'
          : 'services'}{' '}
      {children}
      <span class="dim">, counted by server and consumer spans</span>
    </p>
  );
}

/** Who used to send and does not: that a service is missing is easily overlooked. */
function Quiet({ names, words }: { names: string[]; words: string }) {
  return (
    <p class="table-foot">
      <Icon name="clock" />
      <span>
        Nothing {words} from{' '}
        {names.length === 1
          ? 'a service that sent before'
          : `${counted(names.length, 'service')} that sent before`}
        :{' '}
        {names.slice(0, QUIET_SHOWN).map((name, index) => (
          <>
            {index > 0 && ', '}
            <a class="link" href={href(`${servicePlace(name)}?lookback=7d`)}>
              {name}
            </a>
          </>
        ))}
        {names.length > QUIET_SHOWN && ` and ${formatCount(names.length - QUIET_SHOWN)} more`}
      </span>
    </p>
  );
}

function Skeleton({ cancel }: { cancel: () => void }) {
  return (
    <section aria-busy="true" aria-label="Services">
      <Reading cancel={cancel} />
      {Array.from({ length: SKELETON_ROWS }, (_, index) => (
        <div key={index} class="row-skeleton" aria-hidden="true">
          <span class="sk" style={{ width: `${18 + ((index * 37) % 14)}%` }} />
        </div>
      ))}
    </section>
  );
}
