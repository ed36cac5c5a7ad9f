import { useMemo, useRef } from 'preact/hooks';
import type { MapCall, MapService } from '../api/types';
import { href } from '../app/location';
import { serviceStyle } from '../controls/colour';
import { useMedia } from '../controls/use_media';
import { formatCount } from '../format/count';
import { withWindow, type AskedWindow } from '../red/asked_window';
import { DurationCell, ErrorCell, RateCell } from '../red/number_cells';
import { rateUnit } from '../red/numbers';
import { greatest } from '../red/series';
import { useRowWindow } from '../search/row_window';
import { placeOfService } from '../services/service_place';
import { ColumnHead } from '../table/column_head';
import type { Sort } from '../table/sort';
import { arrangeCalls, type CallKey } from './call_rows';

const ROW = 32;
const ROW_NARROW = 64;

interface Props {
  calls: MapCall[];
  services: MapService[];
  seconds: number;
  asked: AskedWindow;
  sort: Sort<CallKey>;
  onSort: (sort: Sort<CallKey>) => void;
}

/** The map as a table: one row for each pair of services. */
export function CallsTable({ calls, services, seconds, asked, sort, onSort }: Props) {
  const list = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => arrangeCalls(calls, sort), [calls, sort.key, sort.descending]);
  const rowHeight = useMedia('(max-width: 720px)') ? ROW_NARROW : ROW;
  const [first, last] = useRowWindow(list, rows.length, rowHeight);
  const unit = rateUnit(greatest(calls.map(({ count }) => count)) / seconds);
  const colours = new Map(services.map(({ name, colour }) => [name, colour]));
  const window = withWindow(new URLSearchParams(), asked);
  const head = { sort, onSort };
  const service = (name: string, column: string) => (
    <span role="cell" class={`c-name c-${column}`}>
      <i class="dot" style={serviceStyle(colours.get(name) ?? 1)} />
      <a class="cut" href={href(placeOfService(name, window))}>
        {name}
      </a>
    </span>
  );
  return (
    <div role="table" class="tbl map-calls" aria-label="Calls" aria-rowcount={rows.length + 1}>
      <div class="tbl-row tbl-head" role="row" aria-rowindex={1}>
        <ColumnHead {...head} by="parent" text>
          Caller
        </ColumnHead>
        <ColumnHead {...head} by="child" text>
          Called
        </ColumnHead>
        <ColumnHead {...head} by="count" class="c-count">
          Calls
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
      </div>
      <div class="tbl-rows" role="rowgroup" ref={list} style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(first, last).map((call, offset) => (
          <div
            key={`${call.parent} ${call.child}`}
            class="tbl-row tbl-data"
            role="row"
            aria-rowindex={first + offset + 2}
            style={{ top: `${(first + offset) * rowHeight}px` }}
          >
            {service(call.parent, 'parent')}
            {service(call.child, 'child')}
            <span role="cell" class="num c-count">
              {formatCount(call.count)}
            </span>
            <RateCell perSecond={call.count / seconds} unit={unit} />
            <ErrorCell {...call} />
            <DurationCell name="p50" value={call.p50Nano} />
            <DurationCell name="p95" value={call.p95Nano} />
            <DurationCell name="p99" value={call.p99Nano} />
          </div>
        ))}
      </div>
    </div>
  );
}
