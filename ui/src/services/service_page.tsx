import '../table/table.css';
import '../chart/chart.css';
import './services.css';
import './service.css';
import { useEffect, useMemo } from 'preact/hooks';
import { fetchRed, fetchServices, fetchStatus } from '../api/endpoints';
import type { RedAnswer, RedGroup } from '../api/types';
import { useResource } from '../api/use_resource';
import { again, here, href, navigate, replace } from '../app/location';
import { useScreenMark } from '../app/on_screen';
import { TopBar } from '../app/top_bar';
import type { StepRange } from '../chart/use_cursor';
import { serviceStyle } from '../controls/colour';
import { Icon } from '../controls/icon';
import { FirstStart } from '../first_start/first_start';
import { counted } from '../format/count';
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
import { seriesOf, stepStart } from '../red/series';
import { WindowControl } from '../red/window_control';
import { CUSTOM } from '../search/lookback';
import { readSort, withSort } from '../table/sort';
import { CallsAside } from './calls_aside';
import { ExampleTraces } from './example_traces';
import { findings } from './findings';
import { OPERATION_KEYS, OPERATION_SORT } from './operation_rows';
import { OperationsTable } from './operations_table';
import { openedRange, readOpened, withOpened, type ChartName } from './opened_step';
import { RedCharts } from './red_charts';
import { KINDS, placeOfService, readKind, withParameter } from './service_place';
import { ServiceSummary } from './service_summary';
import { totalOfWindow } from './step_numbers';
import { StepsTable } from './steps_table';

export default function ServicePage({ name }: { name: string }) {
  const { parameters, since } = here.value;
  const asked = readWindow(parameters);
  const window = stepWindow(asked, since);
  const kind = readKind(parameters);
  const operation = parameters.get('operation') ?? '';
  const ask = askFor(window);
  ask.set('service', name);
  if (kind) ask.set('kind', kind);
  const red = useRed(ask, operation ? { operation } : {}, since);
  const operations = useRed(ask, { groupBy: 'operation', points: 'false' }, since);
  const services = useResource(`services at ${since}`, fetchServices);
  const status = useResource(`status at ${since}`, fetchStatus);
  const colour = services.data?.find((service) => service.name === name)?.colour;
  const settled = !red.pending && !operations.pending && !services.pending && !status.pending;
  useScreenMark('service-ready', settled ? `${parameters} ${since}` : null);
  useEffect(() => {
    document.title = `${name} · Spoor`;
  }, [name]);

  const go = (changed: URLSearchParams) => navigate(placeOfService(name, changed));
  const onWindow = (next: AskedWindow) => go(withOpened(withWindow(parameters, next), null));
  const onOperation = (chosen: string) => go(withOpened(withParameter(parameters, 'operation', chosen), null));
  const group = red.data?.groups[0];
  const nothing = settled && !group && !operations.data?.groups.length;

  return (
    <>
      <TopBar link={() => placeOfService(name, pinWindow(parameters, since))}>
        <div class="crumb">
          <a class="btn sm" href={href(`/services${windowQuery(asked)}`)}>
            <Icon name="left" size={12} />
            Services
          </a>
          <i class="divider" />
        </div>
        <div class="title">
          <i class="dot" style={colour === undefined ? {} : serviceStyle(colour)} />
          <h1 class="cut" title={name}>
            <b>{name}</b>
          </h1>
        </div>
      </TopBar>
      {nothing && status.data?.spansStored === '0' ? (
        <FirstStart status={status.data} onArrival={again} />
      ) : (
        <>
          {red.data && red.error && <OldAnswer error={red.error} retry={red.retry} />}
          {red.data && <Partial {...red.data} />}
          <div class="numbers-bar service-bar">
            <WindowControl asked={asked} now={since} onWindow={onWindow} />
            <KindField
              kind={kind}
              onKind={(chosen) => go(withOpened(withParameter(parameters, 'kind', chosen), null))}
            />
            {operation && (
              <span class="choice">
                <span class="cut">{operation}</span>
                <button type="button" aria-label="All operations" onClick={() => onOperation('')}>
                  <Icon name="close" />
                </button>
              </span>
            )}
            <ViewButton parameters={parameters} onView={(changed) => replace(placeOfService(name, changed))} />
          </div>
          {red.data && (group || operations.data?.groups.length) ? (
            <ServiceNumbers
              name={name}
              answer={red.data}
              operations={operations.data?.groups ?? []}
              operation={operation}
              asked={asked}
              parameters={parameters}
              since={since}
              old={red.slow || red.error !== undefined}
              onOperation={onOperation}
              go={go}
            />
          ) : red.error ? (
            <AnswerError error={red.error} retry={red.retry} />
          ) : nothing ? (
            <NoSpans
              title={
                colour === undefined ? `No service named ${name}` : `No spans ${windowInWords(asked, since)}`
              }
              asked={asked}
              now={since}
              onWindow={onWindow}
            >
              <p>
                {colour === undefined
                  ? 'Nothing with this name has sent spans to this server. Names are told apart by case.'
                  : kind
                    ? `It sent no ${kind} spans in this time. Another kind or a wider time may show some.`
                    : 'It has sent spans before. A wider time may show them.'}
              </p>
              <a class="link" href={href('/services')}>
                All services
              </a>
            </NoSpans>
          ) : red.slow ? (
            <Reading cancel={red.cancel} />
          ) : null}
        </>
      )}
    </>
  );
}

function useRed(ask: URLSearchParams, more: Record<string, string>, since: number) {
  const question = new URLSearchParams([...ask, ...Object.entries(more)]);
  return useResource<RedAnswer>(`red ${question} at ${since}`, (signal) => fetchRed(question, signal));
}

function windowQuery(asked: AskedWindow): string {
  const query = withWindow(new URLSearchParams(), asked).toString();
  return query && `?${query}`;
}

function KindField({ kind, onKind }: { kind: string; onKind: (kind: string) => void }) {
  return (
    <label class="kind-field">
      <span class="dim">Spans</span>
      <span class="pick">
        <select class="input sm" value={kind} onChange={(event) => onKind(event.currentTarget.value)}>
          {KINDS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
    </label>
  );
}

function ViewButton({
  parameters,
  onView,
}: {
  parameters: URLSearchParams;
  onView: (p: URLSearchParams) => void;
}) {
  const table = parameters.get('view') === 'table';
  return (
    <div class="seg push" role="group" aria-label="View">
      <button type="button" aria-pressed={!table} onClick={() => onView(withParameter(parameters, 'view', ''))}>
        Charts
      </button>
      <button
        type="button"
        aria-pressed={table}
        onClick={() => onView(withParameter(parameters, 'view', 'table'))}
      >
        Table
      </button>
    </div>
  );
}

interface NumbersProps {
  name: string;
  answer: RedAnswer;
  operations: RedGroup[];
  operation: string;
  asked: AskedWindow;
  parameters: URLSearchParams;
  since: number;
  old: boolean;
  onOperation: (operation: string) => void;
  go: (changed: URLSearchParams) => void;
}

function ServiceNumbers(props: NumbersProps) {
  const { name, answer, operations, operation, asked, parameters, since, onOperation, go } = props;
  const group = answer.groups[0];
  const series = useMemo(() => seriesOf(answer, group, since), [answer, since]);
  const end = stepStart(series, series.length);
  const seconds = elapsedSeconds(series.start, end, since);
  const total = totalOfWindow(group, seconds);
  const opened = readOpened(parameters);
  const found = useMemo(
    () => findings(series, group, operation ? [] : operations),
    [series, group, operations, operation],
  );
  const sort = readSort(parameters, OPERATION_KEYS, OPERATION_SORT);
  const open = (index: number, chart: ChartName) =>
    go(withOpened(parameters, { start: stepStart(series, index), end: stepStart(series, index + 1), chart }));
  const zoom = ([first, last]: StepRange) =>
    go(
      withOpened(
        withWindow(parameters, {
          lookback: CUSTOM,
          start: stepStart(series, first),
          end: stepStart(series, last + 1),
        }),
        null,
      ),
    );

  return (
    <div class={props.old ? 'old-answer' : ''}>
      <ServiceSummary
        total={total}
        series={series}
        found={found}
        when={windowInWords(asked, since)}
        what={countedBy(group, readKind(parameters))}
        onOperation={onOperation}
        onOpen={open}
      />
      <div class="service-explore">
        {parameters.get('view') === 'table' ? (
          <StepsTable series={series} onOpen={open} />
        ) : (
          <RedCharts
            series={series}
            total={total}
            opened={openedRange(series, opened)}
            onOpen={open}
            onZoom={zoom}
          />
        )}
        <CallsAside
          name={name}
          asked={asked}
          window={stepWindow(asked, since)}
          since={since}
          seconds={seconds}
        />
      </div>
      {opened && (
        <ExampleTraces
          opened={opened}
          service={name}
          operation={operation}
          since={since}
          onClose={() => go(withOpened(parameters, null))}
        />
      )}
      <section aria-label="Operations">
        <div class="numbers-bar">
          <h2>{counted(operations.length, 'operation')}</h2>
          <span class="dim">by the time that all their spans take together</span>
        </div>
        {operations.length > 0 && (
          <OperationsTable
            service={name}
            groups={operations}
            seconds={seconds}
            sort={sort}
            onSort={(next) => replace(placeOfService(name, withSort(parameters, next, OPERATION_SORT)))}
            chosen={operation}
            onOperation={onOperation}
            asked={asked}
          />
        )}
      </section>
    </div>
  );
}

/** What one of the counted things is called. */
function countedBy(group: RedGroup | undefined, kind: string): string {
  if (kind) return `${kind} span`;
  return group?.counted === 'all' ? 'span of any kind' : 'server or consumer span';
}
