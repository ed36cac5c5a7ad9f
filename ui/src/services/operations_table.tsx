import { useMemo, useRef } from 'preact/hooks';
import type { RedGroup } from '../api/types';
import { href } from '../app/location';
import { useMedia } from '../controls/use_media';
import { formatCount } from '../format/count';
import { searchParameters, type AskedWindow } from '../red/asked_window';
import { DurationCell, ErrorCell, RateCell } from '../red/number_cells';
import { formatShare, rateUnit, type RateUnit } from '../red/numbers';
import { greatest } from '../red/series';
import { useRowWindow } from '../search/row_window';
import { ColumnHead } from '../table/column_head';
import type { Sort } from '../table/sort';
import { arrangeOperations, operationRows, type OperationKey, type OperationRow } from './operation_rows';

const ROW = 32;
const ROW_NARROW = 64;

interface Props {
  service: string;
  groups: RedGroup[];
  seconds: number;
  sort: Sort<OperationKey>;
  onSort: (sort: Sort<OperationKey>) => void;
  /** The operation that the charts show; empty for all. */
  chosen: string;
  onOperation: (operation: string) => void;
  asked: AskedWindow;
}

/** What a service does, by how much of its time each takes. A click shows one in the charts alone. */
export function OperationsTable(props: Props) {
  const { groups, seconds, sort, onSort } = props;
  const list = useRef<HTMLDivElement>(null);
  const rows = useMemo(
    () => arrangeOperations(operationRows(groups), sort),
    [groups, sort.key, sort.descending],
  );
  const rowHeight = useMedia('(max-width: 720px)') ? ROW_NARROW : ROW;
  const [first, last] = useRowWindow(list, rows.length, rowHeight);
  const unit = rateUnit(greatest(groups.map(({ count }) => count)) / seconds);
  const most = greatest(rows.map(({ impact }) => impact));
  const kinds = new Set(groups.map(({ kind }) => kind)).size > 1;
  const head = { sort, onSort };
  return (
    <div role="table" class="tbl operations" aria-label="Operations" aria-rowcount={rows.length + 1}>
      <div class="tbl-row tbl-head" role="row" aria-rowindex={1}>
        <ColumnHead {...head} by="name" text>
          Operation
        </ColumnHead>
        <ColumnHead {...head} by="count" class="c-count">
          Count
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
        <ColumnHead {...head} by="impact" class="c-impact" title="Rate times mean duration">
          Share of its time
        </ColumnHead>
        <ColumnHead {...head} class="c-links">
          <span class="sr">Traces</span>
        </ColumnHead>
      </div>
      <div class="tbl-rows" role="rowgroup" ref={list} style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(first, last).map((row, offset) => (
          <Row
            key={`${row.group.operation} ${row.group.kind}`}
            {...props}
            row={row}
            index={first + offset}
            top={(first + offset) * rowHeight}
            unit={unit}
            most={most}
            kinds={kinds}
          />
        ))}
      </div>
    </div>
  );
}

interface RowProps extends Props {
  row: OperationRow;
  index: number;
  top: number;
  unit: RateUnit;
  /** The impact that fills the bar. */
  most: number;
  /** There are several kinds, so each is named. */
  kinds: boolean;
}

function Row({ row, index, top, unit, most, kinds, service, seconds, chosen, onOperation, asked }: RowProps) {
  const { group, impact } = row;
  const operation = group.operation ?? '';
  const traces = new URLSearchParams({ service, operation, ...searchParameters(asked) });
  const on = chosen === operation;
  return (
    <div
      class={`tbl-row tbl-data${on ? ' on' : ''}`}
      role="row"
      aria-rowindex={index + 2}
      style={{ top: `${top}px` }}
    >
      <span role="cell" class="c-name">
        <button
          type="button"
          class="cut fills-row"
          aria-pressed={on}
          title={operation}
          onClick={() => onOperation(on ? '' : operation)}
        >
          {operation || 'no name'}
        </button>
        {kinds && <span class="dim row-tag">{group.kind || 'no kind'}</span>}
      </span>
      <span role="cell" class="num c-count">
        {formatCount(group.count)}
      </span>
      <RateCell perSecond={group.count / seconds} unit={unit} />
      <ErrorCell {...group} />
      <DurationCell name="p50" value={group.p50Nano} />
      <DurationCell name="p95" value={group.p95Nano} />
      <DurationCell name="p99" value={group.p99Nano} />
      <span role="cell" class="num c-impact">
        <i style={{ width: `${most > 0 ? (impact / most) * 100 : 0}%` }} />
        {formatShare(impact, 1)}
      </span>
      <span role="cell" class="num c-links">
        <a class="link" href={href(`/search?${traces}`)} aria-label={`Traces of ${operation}`}>
          Traces
        </a>
      </span>
    </div>
  );
}
