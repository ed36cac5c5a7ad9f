import type { ComponentChildren, JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { Box } from './paths';
import { moveByKey, type Cursor, type CursorActions, type StepRange } from './use_cursor';

/** Room for the labels of the axis, and for those of lines. */
export const GUTTER = { left: 56, right: 34, top: 8, bottom: 8 };
/** A pointer that moved less than this has clicked. */
const CLICK_PIXELS = 4;

export interface PlotTick {
  /** From 0 at the bottom to 1 at the top. */
  at: number;
  label: string;
}

interface Props {
  label: string;
  /** Counts up to the width of the whole picture. */
  width: number;
  height: number;
  /** How many steps the axis has. */
  count: number;
  ticks: PlotTick[];
  /** Lines that stand at every tick of time, from 0 to 1. */
  grid: number[];
  cursor: Cursor;
  actions: CursorActions;
  /** The step whose traces are shown. */
  opened: StepRange | null;
  /** What a step shows, in words. */
  describe: (index: number) => string;
  describedBy: string;
  onOpen: (index: number) => void;
  onZoom: (range: StepRange) => void;
  /** Draws what is measured. */
  children: (box: Box) => ComponentChildren;
}

/**
 * One picture over time with its axis, its crosshair and what is chosen in it. It is a slider to the keyboard and to
 * assistive technology: its value is the step, told in words.
 */
export function Plot(props: Props) {
  const { label, width, height, count, cursor, actions, describe } = props;
  const pressed = useRef<{ x: number; index: number; moved: boolean } | null>(null);
  const box: Box = {
    left: GUTTER.left,
    top: GUTTER.top,
    width: Math.max(1, width - GUTTER.left - GUTTER.right),
    height: height - GUTTER.top - GUTTER.bottom,
  };

  const stepAt = (event: PointerEvent): number => {
    const x = event.clientX - (event.currentTarget as Element).getBoundingClientRect().left - box.left;
    return Math.min(count - 1, Math.max(0, Math.floor((x / box.width) * count)));
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    (event.currentTarget as Element).setPointerCapture(event.pointerId);
    pressed.current = { x: event.clientX, index: stepAt(event), moved: false };
    actions.mark(null);
  };
  const onPointerMove = (event: PointerEvent) => {
    const index = stepAt(event);
    actions.point(index);
    const start = pressed.current;
    if (!start) return;
    start.moved ||= Math.abs(event.clientX - start.x) >= CLICK_PIXELS;
    if (start.moved) actions.mark([Math.min(start.index, index), Math.max(start.index, index)]);
  };
  const onPointerUp = (event: PointerEvent) => {
    const start = pressed.current;
    pressed.current = null;
    if (!start) return;
    const index = stepAt(event);
    actions.mark(null);
    if (start.moved) props.onZoom([Math.min(start.index, index), Math.max(start.index, index)]);
    else props.onOpen(index);
  };
  const forget = () => {
    pressed.current = null;
    actions.mark(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const move = moveByKey(cursor, event.key, event.shiftKey, count);
    if (!move) return;
    event.preventDefault();
    const { index, marked } = move.cursor;
    actions.point(index);
    actions.mark(move.act === 'zoom' ? null : marked);
    if (move.act === 'zoom' && marked) props.onZoom(marked);
    if (move.act === 'open') props.onOpen(index ?? count - 1);
  };

  const now = cursor.index ?? count - 1;
  return (
    <div
      class="time-plot"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={Math.max(0, count - 1)}
      aria-valuenow={now}
      aria-valuetext={describe(now)}
      aria-describedby={props.describedBy}
      style={{ height: `${height}px` }}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={forget}
      onPointerLeave={() => pressed.current === null && actions.point(null)}
      onKeyDown={onKeyDown}
      onBlur={() => {
        actions.point(null);
        actions.mark(null);
      }}
    >
      <svg width={width} height={height} aria-hidden="true">
        <Grid box={box} ticks={props.ticks} grid={props.grid} />
        {props.opened && <Band box={box} count={count} range={props.opened} class="opened" />}
        {props.children(box)}
        {cursor.marked && <Band box={box} count={count} range={cursor.marked} class="marked" />}
        {cursor.index !== null && (
          <path class="crosshair" d={`M${middle(box, cursor.index, count)} ${box.top}v${box.height}`} />
        )}
      </svg>
    </div>
  );
}

function middle(box: Box, index: number, count: number): number {
  return Math.round((box.left + ((index + 0.5) / count) * box.width) * 2) / 2;
}

function Grid({ box, ticks, grid }: { box: Box; ticks: PlotTick[]; grid: number[] }): JSX.Element {
  const y = (at: number) => Math.round(box.top + box.height * (1 - at)) + 0.5;
  const vertical = grid.map((at) => `M${Math.round(box.left + at * box.width) + 0.5} ${box.top}v${box.height}`);
  return (
    <>
      <path class="grid-line" d={vertical.join('')} />
      {ticks.map(({ at, label }) => (
        <g key={at}>
          <path class={at === 0 ? 'base-line' : 'grid-line'} d={`M${box.left} ${y(at)}h${box.width}`} />
          <text class="axis-text" x={box.left - 8} y={y(at)} dy="0.32em" text-anchor="end">
            {label}
          </text>
        </g>
      ))}
    </>
  );
}

function Band({
  box,
  count,
  range,
  class: name,
}: {
  box: Box;
  count: number;
  range: StepRange;
  class: string;
}) {
  const step = box.width / count;
  return (
    <rect
      class={`band-${name}`}
      x={box.left + range[0] * step}
      y={box.top}
      width={Math.max(1, (range[1] + 1 - range[0]) * step)}
      height={box.height}
    />
  );
}
