import type { ComponentChildren, JSX } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useCommands } from '../../app/keys/command';
import { Icon } from '../../controls/icon';
import { focusRows, group, type KeyRow } from '../keys';
import { ScrollScale } from '../waterfall/scroll_scale';
import { sortBy, type Sort } from './sort';

export const GRID_ROW = 28;
const HEAD = 28;
/** Rows beyond the screen that are kept, so that a quick scroll shows no gap. */
const OVERSCAN = 6;

export interface GridColumn {
  id: string;
  head: string;
  /** What the column tells, where its head alone does not. */
  about?: string;
  /** A track of a CSS grid. */
  width: string;
  number?: boolean;
  /** Left out on narrow screens. */
  wide?: boolean;
}

export interface GridRow {
  cells: ComponentChildren[];
  class?: string;
  /** For a treegrid: aria-level, aria-expanded. */
  attributes?: JSX.HTMLAttributes<HTMLDivElement>;
}

interface Props {
  label: string;
  columns: readonly GridColumn[];
  count: number;
  row: (index: number) => GridRow;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** Where the keys act; -1 for nowhere. */
  cursor: number;
  onCursor: (index: number) => void;
  onOpen: (index: number) => void;
  /** What Enter does, for the sheet of keys. */
  openWords: string;
  /** Rows may have others below them: what left and right do. */
  onFold?: (index: number, folded: boolean) => void;
  /** Further keys, which act on the row of the cursor. */
  keys?: readonly [words: string, keys: string[], run: (index: number) => void][];
  children?: ComponentChildren;
}

/**
 * A table with sortable heads of which only the rows on the screen are elements, after the grid pattern of the ARIA
 * authoring practices: one stop of the Tab key, arrows move the cursor, Enter opens.
 */
export function Grid(props: Props) {
  const { label, columns, count, row, sort, onSort, cursor, children } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { top, height, scale } = useScroll(scroller, count);
  useBringCursor(scroller, cursor, scale);
  useGridKeys(props);

  const offset = scale.offset(top);
  const first = Math.max(0, Math.floor(offset / GRID_ROW) - OVERSCAN);
  const last = Math.min(count, Math.ceil((offset + height) / GRID_ROW) + OVERSCAN);
  const shown = Array.from({ length: Math.max(0, last - first) }, (_, index) => first + index);
  return (
    <div
      ref={scroller}
      class="data-grid"
      role={props.onFold ? 'treegrid' : 'grid'}
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
      aria-activedescendant={cursor >= first && cursor < last ? `${id}-${cursor}` : undefined}
      aria-readonly="true"
      tabIndex={0}
      style={{ '--tracks': columns.map(({ width }) => width).join(' ') }}
    >
      <div class="data-head" role="rowgroup">
        <div role="row" aria-rowindex={1} class="data-row">
          {columns.map((column) => (
            <Head key={column.id} column={column} sort={sort} onSort={onSort} />
          ))}
        </div>
      </div>
      <div role="rowgroup" style={{ height: `${scale.spacer}px`, position: 'relative' }}>
        {shown.map((index) => {
          const { cells, class: classes = '', attributes } = row(index);
          return (
            <div
              {...attributes}
              key={index}
              id={`${id}-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === cursor}
              class={`data-row ${index === cursor ? 'sel' : ''} ${classes}`}
              style={{ top: `${index * GRID_ROW - offset + top}px` }}
              onClick={() => props.onCursor(index)}
              onDblClick={() => props.onOpen(index)}
            >
              {cells.map((cell, at) => (
                <div key={at} role="gridcell" class={columns[at]!.number ? 'num' : 'cut'}>
                  {cell}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {children}
    </div>
  );
}

function Head({ column, sort, onSort }: { column: GridColumn } & Pick<Props, 'sort' | 'onSort'>) {
  const sorted = sort.column === column.id;
  const direction = sort.descending ? 'descending' : 'ascending';
  return (
    <div role="columnheader" aria-sort={sorted ? direction : 'none'} class={column.number ? 'num' : ''}>
      <button
        type="button"
        title={column.about}
        class={sorted ? 'on' : ''}
        onClick={() => onSort(sortBy(column.id, column.number ?? false, sort))}
      >
        <span class="cut">{column.head}</span>
        {sorted && <Icon name={sort.descending ? 'down' : 'up'} size={12} />}
      </button>
    </div>
  );
}

/** Where the list is scrolled to, and how much of it is seen. */
function useScroll(scroller: preact.RefObject<HTMLElement>, count: number) {
  const [place, setPlace] = useState({ top: 0, height: 600 });
  useLayoutEffect(() => {
    const element = scroller.current!;
    const measure = () => {
      const next = { top: element.scrollTop, height: Math.max(0, element.clientHeight - HEAD) };
      setPlace((before) => (before.top === next.top && before.height === next.height ? before : next));
    };
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      sizes.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  return { ...place, scale: new ScrollScale(count * GRID_ROW, place.height) };
}

/** Scrolls to the cursor when it moves. */
function useBringCursor(scroller: preact.RefObject<HTMLElement>, cursor: number, scale: ScrollScale): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || cursor < 0) return;
    const [begin, end] = [cursor * GRID_ROW, (cursor + 1) * GRID_ROW];
    const offset = scale.offset(element.scrollTop);
    if (begin < offset) element.scrollTop = scale.scrollTop(begin);
    else if (end > offset + scale.viewport) element.scrollTop = scale.scrollTop(end - scale.viewport);
  }, [cursor]);
}

function useGridKeys(props: Props): void {
  const latest = useRef(props);
  // Before the next key: an effect would wait for a paint.
  useLayoutEffect(() => {
    latest.current = props;
  });
  const folds = props.onFold !== undefined;
  useCommands(() => {
    const step = (by: number) => () => {
      const { cursor, count, onCursor } = latest.current;
      if (count > 0) onCursor(Math.min(count - 1, Math.max(0, cursor + (cursor < 0 && by < 0 ? count : by))));
    };
    const screen = () => Math.max(1, Math.floor(window.innerHeight / 2 / GRID_ROW));
    const atCursor = (act: (index: number) => void) => () => {
      if (latest.current.cursor >= 0) act(latest.current.cursor);
    };
    const rows: KeyRow[] = [
      ['Next row', ['j', 'ArrowDown'], step(1), 'move'],
      ['Previous row', ['k', 'ArrowUp'], step(-1), 'move'],
      ['A screen down', ['PageDown'], () => step(screen())(), 'move'],
      ['A screen up', ['PageUp'], () => step(-screen())(), 'move'],
      ['First row', ['Home'], step(-Infinity), 'move'],
      ['Last row', ['End'], step(Infinity), 'move'],
      [props.openWords, ['Enter'], atCursor((index) => latest.current.onOpen(index)), 'move'],
    ];
    if (folds) {
      const fold = (folded: boolean) => atCursor((index) => latest.current.onFold?.(index, folded));
      rows.push(['Fold', ['ArrowLeft'], fold(true), 'move'], ['Unfold', ['ArrowRight'], fold(false), 'move']);
    }
    for (const [at, [words, keys]] of (props.keys ?? []).entries())
      rows.push([words, keys, atCursor((index) => latest.current.keys?.[at]?.[2](index)), 'move']);
    return { layer: 'view', commands: group('Rows', rows), takeFocus: focusRows };
  }, [folds]);
}
