import { useMemo, useState } from 'preact/hooks';
import { useScreenMark } from '../../app/on_screen';
import { serviceStyle } from '../../controls/colour';
import { Icon } from '../../controls/icon';
import { useMedia } from '../../controls/use_media';
import { counted, formatCount } from '../../format/count';
import { formatDuration } from '../../format/duration';
import { NONE } from '../columns';
import { Grid, type GridColumn, type GridRow } from '../grid/grid';
import { readSort, writeSort } from '../grid/sort';
import type { Session } from '../session';
import { useSlices } from '../slices';
import { groupSpans, type Group } from './group_spans';
import {
  COLUMNS,
  GROUPINGS,
  listLines,
  nameOf,
  valueOf,
  type Line,
  type NumberColumn,
  type View,
} from './rows';
import '../grid/grid.css';

const VIEW_WORDS: Record<View, string> = {
  both: 'Services, operations',
  service: 'Services',
  operation: 'Operations',
};

const TIME = 'minmax(68px, 0.6fr)';
const GRID_COLUMNS: readonly GridColumn[] = [
  { id: 'name', head: 'Service and operation', width: 'minmax(min(220px, 34vw), 3fr)' },
  { id: 'count', head: 'Spans', width: 'minmax(44px, 0.5fr)', number: true },
  { id: 'errors', head: 'Errors', width: 'minmax(44px, 0.5fr)', number: true },
  { id: 'self', head: 'Self', about: 'Time that no child of the span covers', width: TIME, number: true },
  {
    id: 'path',
    head: 'Critical path',
    about: 'Share of the critical path',
    width: 'minmax(84px, 0.6fr)',
    number: true,
  },
  { id: 'total', head: 'Total', about: 'Durations added up', width: TIME, number: true, wide: true },
  { id: 'avg', head: 'Avg', width: TIME, number: true, wide: true },
  { id: 'min', head: 'Min', width: TIME, number: true, wide: true },
  { id: 'p50', head: 'p50', width: TIME, number: true, wide: true },
  { id: 'p95', head: 'p95', width: TIME, number: true, wide: true },
  { id: 'max', head: 'Max', about: 'The longest; a click shows it', width: TIME, number: true },
];

/** Numbers by service and operation. */
export default function StatisticsView({ session }: { session: Session }) {
  const { trace } = session;
  const { by, order, unfold = '' } = session.options.value;
  const view = GROUPINGS.find((known) => known === by) ?? 'both';
  const groups = useSlices(
    function* () {
      return {
        services: yield* groupSpans(trace, 'service'),
        operations: yield* groupSpans(trace, 'operation'),
      };
    },
    [trace],
  );
  useScreenMark('trace-painted', groups ? trace : null);
  const sort = readSort(order, COLUMNS, { column: 'self', descending: true });
  const lines = useMemo(
    () =>
      groups
        ? listLines(trace, groups.services, groups.operations, view, sort, readUnfolded(session, unfold))
        : [],
    [groups, view, order, unfold],
  );
  const [cursor, setCursor] = useState(-1);
  const columns = useColumns(trace.columns.pathRow.length > 0);
  const pathTotal = useMemo(
    () => groups?.services.reduce((sum, { path }) => sum + (path ?? 0), 0) ?? 0,
    [groups],
  );

  const fold = (index: number, folded: boolean) => {
    const line = lines[index];
    if (!line) return;
    if (line.unfolded !== undefined) {
      if (line.unfolded === folded) session.set({ unfold: turned(session, unfold, line.group.service) });
    } else if (folded) {
      // From an operation left goes to its service.
      setCursor(lines.findLastIndex(({ level }, above) => level === 1 && above < index));
    }
  };
  const open = (index: number) => {
    const line = lines[index];
    if (line) showSpans(session, line.group);
  };
  const toLongest = (index: number) => {
    const line = lines[index];
    if (line) showLongest(session, line.group);
  };

  return (
    <div class="table-view">
      <div class="table-bar">
        <div class="seg" role="group" aria-label="Group by">
          {(['both', 'service', 'operation'] as const).map((choice) => (
            <button
              key={choice}
              type="button"
              aria-pressed={view === choice}
              onClick={() => {
                session.set({ by: choice === 'both' ? '' : choice });
                setCursor(-1);
              }}
            >
              {VIEW_WORDS[choice]}
            </button>
          ))}
        </div>
        <span role="status">
          {groups
            ? `${counted(groups.services.length, 'service')}, ${counted(groups.operations.length, 'operation')}`
            : 'Adding up'}
        </span>
      </div>
      <Grid
        label="Statistics"
        columns={columns}
        count={lines.length}
        sort={sort}
        onSort={(next) => session.set({ order: writeSort(next) })}
        cursor={Math.min(cursor, lines.length - 1)}
        onCursor={setCursor}
        onOpen={open}
        openWords="Show the spans in the table"
        onFold={fold}
        keys={[['Show the longest in the waterfall', ['l'], toLongest]]}
        row={(index) => {
          const line = lines[index]!;
          return {
            attributes: {
              'aria-level': line.level,
              ...(line.unfolded === undefined ? {} : { 'aria-expanded': line.unfolded }),
            },
            cells: columns.map(({ id }) =>
              id === 'name' ? (
                <Name
                  session={session}
                  line={line}
                  view={view}
                  onFold={() => fold(index, line.unfolded ?? false)}
                />
              ) : (
                <NumberCell
                  session={session}
                  group={line.group}
                  column={id as NumberColumn}
                  pathTotal={pathTotal}
                  onLongest={() => toLongest(index)}
                />
              ),
            ),
          } satisfies GridRow;
        }}
      />
    </div>
  );
}

function useColumns(withPath: boolean): GridColumn[] {
  const narrow = useMedia('(max-width: 720px)');
  return GRID_COLUMNS.filter(({ id, wide }) => (withPath || id !== 'path') && !(narrow && wide));
}

/** Services by their names, in the address. */
function readUnfolded(session: Session, text: string): Set<number> {
  const names = new Set(text.split(',').map(decoded));
  const { serviceName } = session.trace.columns;
  return new Set(
    [...serviceName.keys()].filter((index) => names.has(session.trace.strings.at(serviceName[index]!))),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function turned(session: Session, text: string, service: number): string {
  const unfolded = readUnfolded(session, text);
  if (!unfolded.delete(service)) unfolded.add(service);
  const { strings, columns } = session.trace;
  return [...unfolded].map((index) => encodeURIComponent(strings.at(columns.serviceName[index]!))).join(',');
}

/** All spans of a group, in the table. */
function showSpans(session: Session, { service, name }: Group): void {
  const { strings, columns } = session.trace;
  session.set({
    service: strings.at(columns.serviceName[service]!),
    operation: name === NONE ? '' : strings.at(name),
    text: '',
    failed: '',
    matches: '',
  });
  session.view.value = 'table';
}

/** The longest span of a group, in the waterfall. */
function showLongest(session: Session, { longest }: Group): void {
  session.view.value = 'waterfall';
  session.goTo(longest);
  session.openPanel(longest);
}

interface NameProps {
  session: Session;
  line: Line;
  view: View;
  onFold: () => void;
}

function Name({ session, line, view, onFold }: NameProps) {
  const { trace } = session;
  const { group, level, unfolded } = line;
  const colour = trace.columns.serviceColour[group.service]!;
  const service = trace.strings.at(trace.columns.serviceName[group.service]!);
  return (
    <span class={level === 2 ? 'below' : ''} title={nameOf(trace, group)}>
      {unfolded !== undefined && (
        <button
          type="button"
          class="fold"
          tabIndex={-1}
          aria-label={unfolded ? `Fold ${service}` : `Unfold ${service}`}
          onClick={(event) => {
            event.stopPropagation();
            onFold();
          }}
        >
          <Icon name={unfolded ? 'down' : 'right'} />
        </button>
      )}
      <i class="dot" style={serviceStyle(colour)} />
      <button type="button" class="cell" tabIndex={-1} onClick={() => showSpans(session, group)}>
        {level === 1 && <b>{service}</b>}
        {view === 'operation' && ' '}
        {group.name !== NONE && trace.strings.at(group.name)}
      </button>
    </span>
  );
}

interface NumberProps {
  session: Session;
  group: Group;
  column: NumberColumn;
  pathTotal: number;
  onLongest: () => void;
}

function NumberCell({ session, group, column, pathTotal, onLongest }: NumberProps) {
  if (column === 'count') return <>{formatCount(group.count)}</>;
  if (column === 'errors') {
    return group.errors === 0 ? (
      <span class="dim">0</span>
    ) : (
      <span class="errors">
        <Icon name="error" class="erri" /> {formatCount(group.errors)}
      </span>
    );
  }
  if (column === 'path') return <Share part={group.path ?? 0} whole={pathTotal} />;
  const text = formatDuration(session.trace.nano(valueOf(group, column)));
  if (column !== 'max') return <>{text}</>;
  return (
    <button
      type="button"
      class="cell"
      tabIndex={-1}
      title="Show the longest in the waterfall"
      onClick={onLongest}
    >
      {text}
    </button>
  );
}

function Share({ part, whole }: { part: number; whole: number }) {
  if (part === 0) return <span class="dim">0 %</span>;
  const share = (part / whole) * 100;
  return <>{share < 0.1 ? '< 0.1' : share.toFixed(1)} %</>;
}
