import { formatDuration } from '../../format/duration';
import { KIND_CLIENT, NONE } from '../columns';
import type { Trace } from '../trace';
import type { Axis } from './axis';
import type { Palette } from './palette';
import type { Surface } from './surface';

export const ROW = 24;
const BAR = 12;
const BAR_TOP = (ROW - BAR) / 2;
const BAR_MIN = 1.5;
/** Diamonds closer than this lie on each other and are drawn once; of a great many events only some are looked at. */
const EVENT_GAP = 3;
const EVENTS_LOOKED_AT = 2000;
const DIMMED_BAR = 0.3;
const DIMMED_TEXT = 0.6;

export interface BarRow {
  row: number;
  y: number;
  selected: boolean;
  hovered: boolean;
  dimmed: boolean;
}

/** Draws the bars of the rows on the screen. */
export class BarPainter {
  constructor(
    private readonly trace: Trace,
    private readonly palette: Palette,
  ) {}

  draw(surface: Surface, axis: Axis, rows: BarRow[], pointedX: number | null): void {
    const { context, width, height } = surface;
    for (const { y, selected, hovered } of rows) {
      if (!selected && !hovered) continue;
      context.fillStyle = this.palette.colour(selected ? 'surface-selected' : 'surface-hover');
      context.fillRect(0, y, width, ROW);
    }
    context.fillStyle = this.palette.colour('grid');
    for (const [x] of axis.ticks().at) context.fillRect(x, 0, 1, height);
    for (const row of rows) this.#row(surface, axis, row);
    if (pointedX !== null) this.#crosshair(context, pointedX, height);
  }

  #crosshair(context: CanvasRenderingContext2D, x: number, height: number): void {
    context.strokeStyle = this.palette.colour('ink');
    context.lineWidth = 1;
    context.setLineDash([2, 2]);
    context.beginPath();
    context.moveTo(Math.round(x) + 0.5, 0);
    context.lineTo(Math.round(x) + 0.5, height);
    context.stroke();
    context.setLineDash([]);
  }

  #row({ context, width }: Surface, axis: Axis, { row, y, selected, hovered, dimmed }: BarRow): void {
    const { trace, palette } = this;
    const start = trace.start(row);
    const end = trace.end(row);
    if (end < axis.window.from || start > axis.window.to)
      return this.#outside(context, width, y, end < axis.window.from);
    const x = axis.x(start);
    const length = Math.max(BAR_MIN, axis.x(end) - x);
    const top = y + BAR_TOP;
    const alpha = dimmed ? DIMMED_BAR : 1;
    const colour = palette.service(trace.colour(row));
    context.globalAlpha = alpha;
    const waits = trace.columns.kind[row] === KIND_CLIENT && trace.structure.waitBegin[row] !== NONE;
    if (waits && length > 3) this.#hollow(context, axis, row, x, length, top, colour, alpha);
    else this.#solid(context, x, length, top, colour);
    const failed = trace.failed(row);
    if (failed) {
      context.fillStyle = palette.colour('error');
      context.fillRect(x - 3, top - 1, 3, BAR + 2);
    }
    const background = palette.colour(selected ? 'surface-selected' : hovered ? 'surface-hover' : 'surface');
    const lastEvent = this.#events(context, axis, row, top, background);
    context.globalAlpha = dimmed ? DIMMED_TEXT : 1;
    this.#label(context, width, row, x, Math.max(x + length, lastEvent), y, failed);
    context.globalAlpha = 1;
  }

  /** A span that is not in the window: an arrow says on which side it is. */
  #outside(context: CanvasRenderingContext2D, width: number, y: number, left: boolean): void {
    const [tip, back] = left ? [3, 7] : [width - 3, width - 7];
    context.strokeStyle = this.palette.colour('text-3');
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(back, y + ROW / 2 - 4);
    context.lineTo(tip, y + ROW / 2);
    context.lineTo(back, y + ROW / 2 + 4);
    context.stroke();
  }

  #solid(context: CanvasRenderingContext2D, x: number, length: number, top: number, colour: string): void {
    context.fillStyle = colour;
    context.beginPath();
    context.roundRect(x, top, length, BAR, Math.min(2, length / 2));
    context.fill();
  }

  /** A client that waits: its fill covers the server's work, the hatch the network before and after it. */
  #hollow(
    context: CanvasRenderingContext2D,
    axis: Axis,
    row: number,
    x: number,
    length: number,
    top: number,
    colour: string,
    alpha: number,
  ): void {
    const { structure } = this.trace;
    const end = x + length;
    const within = (time: number) => Math.min(end, Math.max(x, axis.x(time)));
    const begun = within(structure.waitBegin[row]!);
    const done = Math.max(begun, within(structure.waitEnd[row]!));
    context.fillStyle = this.palette.colour('surface');
    context.fillRect(x, top, length, BAR);
    context.fillStyle = colour;
    context.globalAlpha = alpha * 0.2;
    context.fillRect(begun, top, done - begun, BAR);
    context.globalAlpha = alpha;
    context.fillStyle = this.palette.hatch(context);
    if (begun - x > 2) context.fillRect(x, top, begun - x, BAR);
    if (end - done > 2) context.fillRect(done, top, end - done, BAR);
    context.strokeStyle = colour;
    context.lineWidth = 1;
    context.strokeRect(Math.round(x) + 0.5, top + 0.5, Math.max(2, Math.round(length) - 1), BAR - 1);
  }

  /** Diamonds at the events; gives the right edge of the last one. */
  #events(context: CanvasRenderingContext2D, axis: Axis, row: number, top: number, background: string): number {
    const { eventBegin, eventTime } = this.trace.columns;
    const begin = eventBegin[row]!;
    const count = eventBegin[row + 1]! - begin;
    if (count === 0) return 0;
    const stride = Math.ceil(count / EVENTS_LOOKED_AT);
    let last = -Infinity;
    context.fillStyle = this.palette.colour('ink');
    context.strokeStyle = background;
    context.lineWidth = 1.5;
    for (let index = 0; index < count; index += stride) {
      const time = eventTime[begin + index]!;
      const x = axis.x(time);
      if (time < axis.window.from || time > axis.window.to || Math.abs(x - last) < EVENT_GAP) continue;
      last = x;
      context.beginPath();
      context.moveTo(x, top + 1);
      context.lineTo(x + 5, top + 6);
      context.lineTo(x, top + 11);
      context.lineTo(x - 5, top + 6);
      context.closePath();
      context.stroke();
      context.fill();
    }
    return last + 6;
  }

  /** The duration: after the bar where there is room, else before it, else on it. */
  #label(
    context: CanvasRenderingContext2D,
    width: number,
    row: number,
    x: number,
    end: number,
    y: number,
    failed: boolean,
  ): void {
    const duration = formatDuration(this.trace.nano(this.trace.columns.duration[row]!));
    const text = failed ? `${duration}, error` : duration;
    const textWidth = context.measureText(text).width;
    const middle = y + ROW / 2 + 0.5;
    context.fillStyle = this.palette.colour(failed ? 'error' : 'text-2');
    if (end + 6 + textWidth < width - 4) {
      context.textAlign = 'left';
      context.fillText(text, end + 6, middle);
    } else if (x - 8 - textWidth > 2) {
      context.textAlign = 'right';
      context.fillText(text, x - 8, middle);
    } else {
      const right = Math.min(end, width) - 10;
      context.fillStyle = this.palette.colour('surface');
      context.beginPath();
      context.roundRect(right - textWidth - 5, y + 5, textWidth + 8, 14, 2);
      context.fill();
      context.fillStyle = this.palette.colour(failed ? 'error' : 'text');
      context.textAlign = 'right';
      context.fillText(text, right - 1, middle);
    }
  }
}
