import { useEffect, useRef, useState } from 'preact/hooks';
import { isOpen, NO_BOX, type Box } from '../box';
import { cursorOf, dragged, gripAt, rangeOfCells, stepCell, type Cell, type Grip, type Point } from './brush';
import type { Plot, Range } from './grid';
import { nearestDot, stepDot, type Dot } from './scatter';

/** A drag shorter than this is a click. */
const DRAG_MIN = 4;
const HANDLE_REACH = 7;
const DOT_REACH = 8;
/** A box that grows by keys is asked for when the keys rest. */
const KEYS_SETTLE = 350;

/** What the crosshair points at: a cell of the grid or, among points, one of them. */
export type Pointed = { cell: Cell; dot: number; by: 'pointer' | 'keys' };

interface Props {
  plot: Plot;
  /** In the picture of single traces; empty in that of counts. */
  dots: readonly Dot[];
  scatter: boolean;
  box: Box;
  onBox: (box: Box) => void;
  onOpen: (traceId: string) => void;
}

interface Drag {
  grip: Grip;
  from: Point;
  before: Range | null;
  moved: boolean;
}

/** Pointing at the picture and drawing a box in it, by pointer and by keys. */
export function useBrush({ plot, dots, scatter, box, onBox, onOpen }: Props) {
  const { grid } = plot;
  const [pointed, setPointed] = useState<Pointed | null>(null);
  /** A box that is being drawn and not asked for yet. */
  const [draft, setDraft] = useState<Range | null>(null);
  const [cursor, setCursor] = useState('crosshair');
  const drag = useRef<Drag | null>(null);
  /** The cell where a box by keys began. */
  const anchor = useRef<Cell | null>(null);
  const settling = useRef<ReturnType<typeof setTimeout>>();
  const drawn = isOpen(box) ? null : grid.rangeOf(box);
  const range = draft ?? drawn;

  useEffect(() => setDraft(null), [box, grid]);
  useEffect(() => () => clearTimeout(settling.current), []);
  useEffect(() => setPointed(null), [plot, scatter]);

  const choose = (chosen: Range) => {
    clearTimeout(settling.current);
    setDraft(chosen);
    onBox(grid.boxOf(chosen));
  };
  const placeOf = (event: PointerEvent): Point => {
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const cellOf = ({ x, y }: Point): Cell => grid.cellAt(plot.column(x), plot.row(y));

  const pointAt = (place: Point) => {
    const inside = place.x >= 0 && place.x <= plot.width && place.y >= plot.top && place.y <= plot.bottom;
    const dot = scatter ? nearestDot(dots, place.x, place.y, DOT_REACH) : -1;
    setPointed(inside ? { cell: cellOf(place), dot, by: 'pointer' } : null);
    setCursor(dot >= 0 ? 'pointer' : cursorOf(gripAt(plot, range, place, HANDLE_REACH)));
  };

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const from = placeOf(event);
    anchor.current = null;
    drag.current = { grip: gripAt(plot, range, from, HANDLE_REACH), from, before: range, moved: false };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const place = placeOf(event);
    const held = drag.current;
    if (!held) return pointAt(place);
    if (!held.moved && Math.hypot(place.x - held.from.x, place.y - held.from.y) < DRAG_MIN) return;
    held.moved = true;
    setPointed(null);
    setDraft(dragged(plot, held.before, held.grip, held.from, place, !scatter));
  };
  const onPointerUp = (event: PointerEvent) => {
    const held = drag.current;
    drag.current = null;
    if (!held) return;
    const place = placeOf(event);
    if (held.moved) return choose(dragged(plot, held.before, held.grip, held.from, place, !scatter));
    if (!scatter) return choose(rangeOfCells(cellOf(place), cellOf(place)));
    const dot = dots[nearestDot(dots, place.x, place.y, DOT_REACH)];
    if (dot) onOpen(dot.point[4]);
  };
  /** A drag that became a scroll, or that Escape ended, changes nothing. */
  const giveUp = () => {
    drag.current = null;
    setDraft(null);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = pointed?.cell ?? firstCell(plot, range);
    if (event.key === 'Escape') {
      if (!drag.current && !draft && isOpen(box)) return;
      clearTimeout(settling.current);
      anchor.current = null;
      if (drag.current) giveUp();
      else if (isOpen(box)) setDraft(null);
      else onBox(NO_BOX);
    } else if (event.key === 'Enter' || event.key === ' ') {
      const dot = dots[pointed?.dot ?? -1];
      if (dot) onOpen(dot.point[4]);
      else if (!scatter) choose(rangeOfCells(at, at));
    } else if (event.shiftKey && stepCell(grid, at, event.key)) {
      anchor.current ??= at;
      const cell = stepCell(grid, at, event.key)!;
      const grown = rangeOfCells(anchor.current, cell);
      setPointed({ cell, dot: -1, by: 'keys' });
      setDraft(grown);
      clearTimeout(settling.current);
      settling.current = setTimeout(() => onBox(grid.boxOf(grown)), KEYS_SETTLE);
    } else if (scatter) {
      const dot = stepDot(dots, pointed?.dot ?? -1, event.key);
      if (dot === null) return;
      anchor.current = null;
      setPointed({ cell: cellOf(dots[dot]!), dot, by: 'keys' });
    } else {
      const cell = pointed ? stepCell(grid, at, event.key) : stepCell(grid, at, event.key) && at;
      if (!cell) return;
      anchor.current = null;
      setPointed({ cell, dot: -1, by: 'keys' });
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return {
    pointed,
    range,
    cursor,
    handlers: {
      onPointerDown,
      onPointerMove,
      onPointerUp,
      onPointerCancel: giveUp,
      onPointerLeave: () => drag.current === null && setPointed(null),
      onBlur: () => setPointed(null),
      onKeyDown,
    },
  };
}

/** Where keys begin: in the middle of the box, else of the picture. */
function firstCell({ grid }: Plot, range: Range | null): Cell {
  const at = range ?? { column0: 0, column1: grid.columns, row0: 0, row1: grid.rows };
  return grid.cellAt((at.column0 + at.column1) / 2, (at.row0 + at.row1) / 2);
}
