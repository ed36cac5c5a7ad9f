import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useCommands } from '../app/keys/command';
import { here } from '../app/location';
import { Icon } from '../controls/icon';
import { useMedia } from '../controls/use_media';
import { formatCount } from '../format/count';
import { rememberResults } from './last_results';
import { ORDER_LABELS, ORDERS, sortTraces, type Order } from './order';
import type { ResultList } from './result_list';
import { ResultRow } from './result_row';
import { ColumnHeads, ResultsHead } from './results_head';
import { useRowKeys } from './row_keys';
import { useRowWindow } from './row_window';

const ROW = 36;
const ROW_NARROW = 63;
const AGO_REFRESH = 20_000;
/** The next page is asked for when so little of the list is left below the screen. */
const AHEAD = 1200;

interface Props {
  list: ResultList;
  order: Order;
  /** The list came without an order of the server: it is put into one here. */
  sortHere: boolean;
  onOrder: (order: Order, listTop: number) => void;
  inAll: number | undefined;
  range: string;
  /** It answers an earlier question; the next answer is under way or failed. */
  old: boolean;
  /** What the overview says is missing in it. */
  warnings: readonly string[];
  waiting: ComponentChildren;
}

export function Results({ list, order, sortHere, onOrder, inAll, range, old, warnings, waiting }: Props) {
  const found = list.traces.value;
  const traces = useMemo(() => (sortHere ? sortTraces(found, order) : found), [found, order, sortHere]);
  const section = useRef<HTMLElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const rowHeight = useMedia('(max-width: 720px)') ? ROW_NARROW : ROW;
  const [first, last] = useRowWindow(rows, traces.length, rowHeight);
  const longest = useMemo(
    () => traces.reduce((most, trace) => Math.max(most, Number(trace.durationNano)), 1),
    [traces],
  );
  const now = useNow();
  const more = useCallback(() => void list.more(), [list]);
  useRowKeys(rows, traces.length, rowHeight, more, list);
  useEffect(() => window.scrollTo(0, here.peek().scroll), [here.value]);
  useMoreOnScroll(section, list);
  const place = here.value;
  useEffect(() => {
    if (!old) rememberResults(traces, `/search?${place.parameters}`);
  }, [traces, old, place]);

  const chooseOrder = (chosen: Order) =>
    onOrder(chosen, (section.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
  useCommands(
    () => ({
      layer: 'view',
      commands: ORDERS.map((each) => ({
        id: `order-${each}`,
        group: 'Results',
        words: `Order: ${ORDER_LABELS[each].toLowerCase()}`,
        keys: [],
        run: () => chooseOrder(each),
      })),
    }),
    [place],
  );
  const missing = [...new Set([...list.warnings.value, ...warnings])];
  return (
    <section class={old ? 'results old' : 'results'} aria-label="Results" aria-busy={old} ref={section}>
      <ResultsHead
        loaded={traces.length}
        matching={Math.max(list.traceCount, traces.length)}
        ended={list.ended.value}
        inAll={inAll}
        range={range}
        order={order}
        onOrder={chooseOrder}
        waiting={waiting}
      />
      {(!list.complete.value || warnings.length > 0) && (
        <div class="note" role="status">
          <Icon name="warn" />
          This is not everything: {missing.join(' ') || 'the search stopped early.'}
        </div>
      )}
      <div
        role="table"
        aria-label="Traces"
        aria-rowcount={(list.ended.value ? traces.length : Math.max(list.traceCount, traces.length)) + 1}
      >
        <ColumnHeads order={order} onOrder={chooseOrder} />
        <div class="rows" ref={rows} role="rowgroup" style={{ height: `${traces.length * rowHeight}px` }}>
          {traces.slice(first, last).map((trace, offset) => (
            <ResultRow
              key={trace.traceID}
              trace={trace}
              index={first + offset}
              top={(first + offset) * rowHeight}
              longest={longest}
              now={now}
            />
          ))}
        </div>
      </div>
      <ListEnd list={list} loaded={traces.length} />
    </section>
  );
}

/** What follows the last row: more, why there is no more, or that this was all. */
function ListEnd({ list, loaded }: { list: ResultList; loaded: number }) {
  const error = list.error.value;
  if (error) {
    return (
      <div class="list-end" role="alert">
        <Icon name="error" class="erri" />
        <span>The next traces did not come. {error.message}</span>
        <button type="button" class="btn sm line" onClick={() => void list.more()}>
          Try again
        </button>
      </div>
    );
  }
  if (list.ended.value) return <div class="list-end">{loaded > 20 ? 'That is all of them.' : ''}</div>;
  return (
    <div class="list-end">
      {formatCount(loaded)} of {formatCount(Math.max(list.traceCount, loaded))} loaded. More load as you scroll.
      <button type="button" class="btn sm line" disabled={list.loading.value} onClick={() => void list.more()}>
        {list.loading.value ? 'Loading' : 'Load more'}
      </button>
    </div>
  );
}

/** A scroll towards the end asks for the next page. A page that has just opened asks for none: it was not asked for. */
function useMoreOnScroll(section: preact.RefObject<HTMLElement>, list: ResultList): void {
  useEffect(() => {
    const onScroll = () => {
      const bottom = section.current?.getBoundingClientRect().bottom ?? Infinity;
      if (window.scrollY > 0 && bottom - window.innerHeight < AHEAD && !list.error.value) void list.more();
    };
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, [list]);
}

function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), AGO_REFRESH);
    return () => clearInterval(timer);
  }, []);
  return Math.max(now, here.value.since);
}
