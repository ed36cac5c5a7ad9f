import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useScreenMark } from '../../app/on_screen';
import { serviceStyle } from '../../controls/colour';
import { Icon } from '../../controls/icon';
import { useMedia } from '../../controls/use_media';
import { counted, formatCount } from '../../format/count';
import { formatDuration } from '../../format/duration';
import { KIND_NAMES } from '../columns';
import { Grid, type GridColumn } from '../grid/grid';
import { readSort, writeSort } from '../grid/sort';
import { openOrEnter } from '../keys';
import { pathTimes } from '../path_time';
import type { Session } from '../session';
import { useSlices } from '../slices';
import { chooseRows, COLUMNS, type Choice, type Column } from './choose_rows';
import { downloadCsv } from './csv';
import '../grid/grid.css';

const TYPING_PAUSE = 150;
const TIME = 'minmax(64px, 0.7fr)';
const GRID_COLUMNS: readonly (GridColumn & { id: Column })[] = [
  { id: 'service', head: 'Service', width: 'minmax(88px, 1.2fr)' },
  { id: 'operation', head: 'Operation', width: 'minmax(106px, 3fr)' },
  { id: 'duration', head: 'Duration', width: TIME, number: true },
  {
    id: 'self',
    head: 'Self',
    about: 'Time that no child of the span covers',
    width: TIME,
    number: true,
    wide: true,
  },
  {
    id: 'path',
    head: 'Critical path',
    about: 'Own time on the critical path',
    width: 'minmax(84px, 0.7fr)',
    number: true,
    wide: true,
  },
  { id: 'start', head: 'Start', about: 'From the start of the trace', width: TIME, number: true, wide: true },
  { id: 'kind', head: 'Kind', width: 'minmax(64px, 0.6fr)', wide: true },
  { id: 'error', head: 'Error', width: '40px', number: true },
];
const NOTHING = new Uint32Array();

/** All spans as a table: what the waterfall draws, for reading, sorting and taking along. */
export default function TableView({ session }: { session: Session }) {
  const { trace } = session;
  const { text = '', failed, matches, sort: sortText } = session.options.value;
  const path = useMemo(() => pathTimes(trace), [trace]);
  const found = session.found.value;
  const marks = matches ? (found?.marks ?? null) : null;
  const sort = readSort(sortText, COLUMNS, { column: 'start', descending: false });
  const service = session.options.value.service || undefined;
  const operation = session.options.value.operation || undefined;
  const choice: Choice = { text, service, operation, failed: failed === '1', marks };
  const rows = useSlices(
    () => chooseRows(trace, choice, sort, path),
    [trace, text, service, operation, failed, marks, sort.column, sort.descending],
  );
  useScreenMark('trace-painted', rows ? trace : null);
  const columns = useColumns(path !== null);
  const shown = rows ?? NOTHING;
  const cursor = session.cursor.value;
  const at = useMemo(() => (cursor === null ? -1 : shown.indexOf(cursor)), [shown, cursor]);

  return (
    <div class="table-view">
      <div class="table-bar">
        <TextFilter session={session} />
        <Toggle session={session} name="failed">
          <Icon name="error" class="erri" />
          Errors <span class="dim">{formatCount(trace.columns.errorCount)}</span>
        </Toggle>
        {found && (
          <Toggle session={session} name="matches">
            Found <span class="dim">{formatCount(found.rows.length)}</span>
          </Toggle>
        )}
        <Exactly session={session} />
        <span role="status">
          {!rows
            ? 'Sorting'
            : shown.length === trace.count
              ? counted(trace.count, 'span')
              : `${formatCount(shown.length)} of ${counted(trace.count, 'span')}`}
        </span>
        <button type="button" class="btn sm push" onClick={() => downloadCsv(trace, shown)}>
          <Icon name="export" />
          Download CSV
        </button>
      </div>
      <Grid
        label="Spans"
        columns={columns}
        count={shown.length}
        sort={sort}
        onSort={(next) => session.set({ sort: writeSort(next) })}
        cursor={at}
        onCursor={(index) => {
          session.cursor.value = shown[index]!;
          if (session.open.value !== null) session.open.value = shown[index]!;
        }}
        onOpen={(index) => {
          session.cursor.value = shown[index]!;
          openOrEnter(session);
        }}
        openWords="Open the span; once more, go into it"
        row={(index) => ({
          cells: columns.map(({ id }) => (
            <Cell session={session} row={shown[index]!} column={id as Column} path={path} />
          )),
        })}
      >
        {rows?.length === 0 && (
          <p class="state">
            No span of this trace fits.{' '}
            <button
              type="button"
              class="link"
              onClick={() => session.set({ text: '', service: '', operation: '', failed: '', matches: '' })}
            >
              Show all {formatCount(trace.count)}
            </button>
          </p>
        )}
      </Grid>
    </div>
  );
}

function useColumns(withPath: boolean): GridColumn[] {
  const narrow = useMedia('(max-width: 720px)');
  return GRID_COLUMNS.filter(({ id, wide }) => (withPath || id !== 'path') && !(narrow && wide));
}

interface CellProps {
  session: Session;
  row: number;
  column: Column;
  path: Float64Array | null;
}

function Cell({ session: { trace }, row, column, path }: CellProps) {
  const { columns, structure } = trace;
  const time = (units: number) => formatDuration(trace.nano(units));
  switch (column) {
    case 'service':
      return (
        <>
          <i class="dot" style={serviceStyle(trace.colour(row))} />
          {trace.service(row)}
        </>
      );
    case 'operation':
      return <span title={trace.name(row)}>{trace.name(row)}</span>;
    case 'duration':
      return <>{time(columns.duration[row]!)}</>;
    case 'self':
      return <>{time(structure.self[row]!)}</>;
    case 'path':
      return path?.[row] ? <>{time(path[row])}</> : <span class="dim">–</span>;
    case 'start':
      return <>{time(columns.start[row]!)}</>;
    case 'kind':
      return <>{KIND_NAMES[columns.kind[row]!] ?? ''}</>;
    case 'error':
      return trace.failed(row) ? (
        <span class="errors">
          <Icon name="error" class="erri" />
          <span class="sr">Error</span>
        </span>
      ) : null;
  }
}

function TextFilter({ session }: { session: Session }) {
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const { text = '' } = session.options.value;
  useEffect(() => {
    if (field.current && field.current !== document.activeElement) field.current.value = text;
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <input
      ref={field}
      class="input sm"
      aria-label="Service or operation has"
      placeholder="Service or operation has"
      autocomplete="off"
      spellcheck={false}
      data-pastes-itself
      onInput={(event) => {
        const { value } = event.currentTarget;
        clearTimeout(timer.current);
        timer.current = setTimeout(() => session.set({ text: value }), TYPING_PAUSE);
      }}
    />
  );
}

interface ToggleProps {
  session: Session;
  name: 'failed' | 'matches';
  children: preact.ComponentChildren;
}

function Toggle({ session, name, children }: ToggleProps) {
  const on = session.options.value[name] === '1';
  return (
    <button type="button" class="pill" aria-pressed={on} onClick={() => session.set({ [name]: on ? '' : '1' })}>
      {children}
    </button>
  );
}

/** What the statistics led to: one service, or one operation of it. */
function Exactly({ session }: { session: Session }) {
  const { service, operation } = session.options.value;
  if (!service && !operation) return null;
  const words = [service, operation].filter(Boolean).join(' ');
  return (
    <button
      type="button"
      class="pill exactly"
      aria-pressed="true"
      title={`${words}: show all again`}
      onClick={() => session.set({ service: '', operation: '' })}
    >
      <span class="cut">{words}</span>
      <Icon name="close" />
      <span class="sr">Show all again</span>
    </button>
  );
}
