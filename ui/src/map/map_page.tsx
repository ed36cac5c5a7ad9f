import '../table/table.css';
import './map.css';
import { useEffect, useMemo } from 'preact/hooks';
import { fetchMap, fetchStatus } from '../api/endpoints';
import type { MapAnswer } from '../api/types';
import { useResource } from '../api/use_resource';
import { useCommands } from '../app/keys/command';
import { again, here, navigate, replace } from '../app/location';
import { useScreenMark } from '../app/on_screen';
import { TopBar } from '../app/top_bar';
import { FirstStart } from '../first_start/first_start';
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
import { elapsedSeconds } from '../red/numbers';
import { milliseconds } from '../red/series';
import { withParameter } from '../services/service_place';
import { readSort, withSort } from '../table/sort';
import { CALL_KEYS, CALL_SORT } from './call_rows';
import { CallsTable } from './calls_table';
import { GraphView } from './graph_view';
import { MapBar } from './map_bar';
import { readMapQuestion, viewMap } from './map_view';
import { MapWords } from './map_words';
import { ServicePanel } from './service_panel';

const place = (parameters: URLSearchParams) => (parameters.size > 0 ? `/map?${parameters}` : '/map');

export default function MapPage() {
  const { parameters, since } = here.value;
  const asked = readWindow(parameters);
  const ask = askFor(stepWindow(asked, since));
  ask.delete('step');
  const answer = useResource<MapAnswer>(`map ${ask} at ${since}`, (signal) => fetchMap(ask, signal));
  const status = useResource(`status at ${since}`, fetchStatus);
  const question = readMapQuestion(parameters);
  const view = useMemo(
    () => (answer.data ? viewMap(answer.data, question) : null),
    [answer.data, question.focus, question.hops, question.least],
  );
  const table = parameters.get('view') === 'table';
  const chosen = parameters.get('sel') ?? '';
  const settled =
    !answer.pending && (answer.data !== undefined || answer.error !== undefined) && !status.pending;
  useScreenMark('map-ready', settled ? `${parameters} ${since}` : null);
  useEffect(() => {
    document.title = view?.focus && !view.chosenHere ? `${view.focus} · Map · Spoor` : 'Map · Spoor';
  }, [view]);

  const set = (name: string, value: string) => navigate(place(withParameter(parameters, name, value)));
  const onWindow = (next: AskedWindow) => navigate(place(withWindow(parameters, next)));
  const onFocus = (name: string) => {
    const changed = withParameter(withParameter(parameters, 'service', ''), 'focus', name);
    if (name && changed.get('hops') === 'all') changed.delete('hops');
    if (name && !changed.has('hops')) changed.set('hops', '1');
    if (!name) changed.delete('hops');
    navigate(place(changed));
  };
  const onChoose = (name: string) => {
    replace(place(withParameter(parameters, 'sel', name === chosen ? '' : name)));
    if (name === '') document.querySelector<HTMLElement>('.graph-area [tabindex="0"]')?.focus();
  };
  useCommands(
    () => ({
      layer: 'page',
      commands: [
        {
          id: 'map-close',
          group: 'Map',
          words: 'Close the service',
          keys: ['Escape'],
          run: () => chosen && onChoose(''),
          onlyByKey: true,
        },
        { id: 'map-find', group: 'Map', words: 'Find a service', keys: ['/'], run: () => focusField() },
        {
          id: 'map-table',
          group: 'Map',
          words: table ? 'Show the map' : 'Show it as a table',
          keys: ['t'],
          run: () => set('view', table ? '' : 'table'),
        },
      ],
    }),
    [parameters, chosen],
  );
  const firstStart = answer.data?.services.length === 0 && status.data?.spansStored === '0';
  const some = view !== null && view.services.length > 0 && answer.data;
  const seconds = answer.data
    ? elapsedSeconds(
        milliseconds(answer.data.startTimeUnixNano),
        milliseconds(answer.data.endTimeUnixNano),
        since,
      )
    : 1;

  return (
    <div class={`map-page${table ? '' : ' fills'}`}>
      <TopBar link={() => place(pinWindow(parameters, since))}>
        <h1>Map</h1>
      </TopBar>
      {firstStart && status.data ? (
        <FirstStart status={status.data} onArrival={again} />
      ) : (
        <>
          {answer.data && answer.error && <OldAnswer error={answer.error} retry={answer.retry} />}
          {answer.data && <Partial {...answer.data} />}
          <MapBar
            asked={asked}
            since={since}
            onWindow={onWindow}
            services={answer.data?.services ?? []}
            question={question}
            view={view}
            table={table}
            onFocus={onFocus}
            onSet={set}
          />
          {some ? (
            <>
              <MapWords view={view} when={windowInWords(asked, since)} table={table} />
              <div
                class={`map-work${chosen && !table ? ' with-panel' : ''}${answer.slow ? ' old-answer' : ''}`}
                aria-busy={answer.slow}
              >
                {table ? (
                  <CallsTable
                    calls={view.calls}
                    services={view.services}
                    seconds={seconds}
                    asked={asked}
                    sort={readSort(parameters, CALL_KEYS, CALL_SORT)}
                    onSort={(next) => replace(place(withSort(parameters, next, CALL_SORT)))}
                  />
                ) : (
                  <GraphView view={view} seconds={seconds} chosen={chosen} onChoose={onChoose} />
                )}
                {chosen && !table && (
                  <ServicePanel
                    answer={some}
                    name={chosen}
                    seconds={seconds}
                    asked={asked}
                    isFocus={view.focus === chosen}
                    onChoose={(name) => (name === chosen ? undefined : onChoose(name))}
                    onFocus={onFocus}
                  />
                )}
              </div>
            </>
          ) : answer.error ? (
            <AnswerError error={answer.error} retry={answer.retry} />
          ) : answer.slow ? (
            <Reading cancel={answer.cancel} />
          ) : settled && answer.data ? (
            <NoCalls answer={answer.data} asked={asked} since={since} onWindow={onWindow} />
          ) : null}
        </>
      )}
    </div>
  );
}

function focusField(): void {
  const field = document.querySelector<HTMLInputElement>('.focus-field input');
  field?.focus();
  field?.select();
}

interface NoCallsProps {
  answer: MapAnswer;
  asked: AskedWindow;
  since: number;
  onWindow: (asked: AskedWindow) => void;
}

function NoCalls({ answer, asked, since, onWindow }: NoCallsProps) {
  const when = windowInWords(asked, since);
  if (answer.services.length === 0) {
    return (
      <NoSpans title={`No spans ${when}`} asked={asked} now={since} onWindow={onWindow}>
        <p>There is nothing to draw. A wider time may show more.</p>
      </NoSpans>
    );
  }
  return (
    <NoSpans title={`No service called another ${when}`} asked={asked} now={since} onWindow={onWindow}>
      <p>
        A line of the map needs spans of two services where one is the parent of the other. There are spans of{' '}
        {answer.services.length === 1 ? 'one service only' : `${answer.services.length} services`}:{' '}
        {answer.services
          .slice(0, 5)
          .map(({ name }) => name)
          .join(', ')}
        {answer.services.length > 5 ? ' and more' : ''}.
      </p>
      <p>
        Where services do call one another, see whether each of them sends spans, and whether the caller passes
        the header <span class="mono">traceparent</span> on.
      </p>
    </NoSpans>
  );
}
