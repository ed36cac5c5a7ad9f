import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { addCommands } from '../app/keys/command';
import { here } from '../app/location';
import type { SearchAnswer } from '../api/types';
import { Icon } from '../controls/icon';
import { useMedia } from '../controls/use_media';
import { formatCount } from '../format/count';
import { ResultRow } from './result_row';
import { useRowWindow } from './row_window';

const ROW = 36;
const ROW_NARROW = 63;
/** The two heads that stay at the top while the list scrolls. */
const HEADS = 72;
const AGO_REFRESH = 20_000;

interface Props {
  answer: SearchAnswer;
  limit: number;
  range: string;
  /** It answers an earlier question; the next answer is under way or failed. */
  old: boolean;
  waiting: ComponentChildren;
}

export function Results({ answer, limit, range, old, waiting }: Props) {
  const { traces } = answer;
  const list = useRef<HTMLDivElement>(null);
  const rowHeight = useMedia('(max-width: 720px)') ? ROW_NARROW : ROW;
  const [first, last] = useRowWindow(list, traces.length, rowHeight);
  const longest = useMemo(
    () => traces.reduce((most, trace) => Math.max(most, Number(trace.durationNano)), 1),
    [traces],
  );
  const limited = traces.length >= limit;
  const now = useNow();
  useRowKeys(list, traces.length, rowHeight);
  useEffect(() => window.scrollTo(0, here.peek().scroll), [here.value.since]);

  return (
    <section class={old ? 'results old' : 'results'} aria-label="Results" aria-busy={old}>
      <div class="results-head">
        <span class="count" role="status">
          <strong>{formatCount(traces.length)}</strong> {traces.length === 1 ? 'trace' : 'traces'}
          {limited ? ', the newest' : ''} {range}
          {!limited && <span class="dim">, newest first</span>}
        </span>
        {waiting}
      </div>
      {!answer.complete && (
        <div class="note" role="status">
          <Icon name="warn" />
          This is not everything: {answer.warnings?.join(' ') || 'the search stopped early.'}
        </div>
      )}
      <div role="table" aria-label="Traces" aria-rowcount={traces.length + 1}>
        <div class="grid thead" role="row" aria-rowindex={1}>
          <span role="columnheader">Root service and operation</span>
          <span role="columnheader">Errors</span>
          <span role="columnheader">Duration</span>
          <span role="columnheader" class="num">
            Spans
          </span>
          <span role="columnheader" class="c-svc">
            Services, spans in each
          </span>
          <span role="columnheader" class="num">
            Started
          </span>
        </div>
        <div class="rows" ref={list} role="rowgroup" style={{ height: `${traces.length * rowHeight}px` }}>
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
    </section>
  );
}

function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), AGO_REFRESH);
    return () => clearInterval(timer);
  }, []);
  return Math.max(now, here.value.since);
}

/** j and k go through the rows, which are links: Enter opens one. */
function useRowKeys(list: preact.RefObject<HTMLElement>, count: number, rowHeight: number): void {
  /** Where the reader is. Focus alone does not say it: a row that was scrolled far away has left the document. */
  const cursor = useRef(-1);
  useEffect(() => {
    const onFocus = (event: FocusEvent) => {
      const { row } = (event.target as HTMLElement).dataset;
      if (row) cursor.current = Number(row);
    };
    const step = (by: number) => {
      if (!list.current) return;
      const next = Math.min(count - 1, Math.max(0, cursor.current + by));
      cursor.current = next;
      const top = list.current.getBoundingClientRect().top + next * rowHeight;
      if (top < HEADS) window.scrollBy(0, top - HEADS);
      else if (top + rowHeight > window.innerHeight) window.scrollBy(0, top + rowHeight - window.innerHeight);
      focusWhenThere(list.current, next, () => cursor.current === next);
    };
    const rows = list.current;
    rows?.addEventListener('focusin', onFocus);
    const forget = addCommands({
      layer: 'view',
      commands: [
        {
          id: 'next-result',
          group: 'Results',
          words: 'Next result',
          keys: ['j'],
          run: () => step(1),
          onlyByKey: true,
        },
        {
          id: 'previous-result',
          group: 'Results',
          words: 'Previous result',
          keys: ['k'],
          run: () => step(-1),
          onlyByKey: true,
        },
      ],
    });
    return () => {
      rows?.removeEventListener('focusin', onFocus);
      forget();
    };
  }, [count, rowHeight]);
}

/** A row that was just scrolled to stands in the document a frame or two later. */
function focusWhenThere(list: HTMLElement, index: number, wanted: () => boolean, tries = 10): void {
  if (!wanted()) return;
  const link = list.querySelector<HTMLElement>(`[data-row="${index}"]`);
  if (link) link.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusWhenThere(list, index, wanted, tries - 1));
}
