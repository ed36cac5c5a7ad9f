import { formatDuration } from '../../format/duration';
import { KIND_CLIENT, NONE } from '../columns';
import { MEMBERS_FIRST } from '../folds';
import { endOfLine, groupOfLine, isRest, isSpan } from '../lines';
import { errorsText, groupErrors, groupTime } from '../repeats_text';
import type { Trace } from '../trace';
import type { Axis } from './axis';
import { drawComb } from './comb';
import type { Palette } from './palette';
import { PathInk } from './path_ink';
import { ROW, type Shown, type ShownLine } from './shown_lines';
import type { Surface } from './surface';

const BAR = 12;
const BAR_TOP = (ROW - BAR) / 2;
const BAR_MIN = 1.5;
/** Diamonds closer than this lie on each other and are drawn once; of a great many events only some are looked at. */
const EVENT_GAP = 3;
const EVENTS_LOOKED_AT = 2000;
const DIMMED_BAR = 0.3;
const DIMMED_TEXT = 0.6;

interface Label {
  text: string;
  failed: boolean;
}

/** Draws the bars of the lines on the screen. */
export class BarPainter {
  #ink: PathInk | null = null;

  constructor(
    private readonly trace: Trace,
    private readonly palette: Palette,
  ) {}

  /** Draws lines, the critical path where `path` says so, and the crosshair at `pointedX`. */
  draw(surface: Surface, axis: Axis, shown: Shown, path: boolean, pointedX: number | null): void {
    const { context, width, height } = surface;
    const { sticky, scrolling } = shown;
    const stuck = sticky.length * ROW;
    this.#ink = path ? new PathInk(this.trace, axis) : null;
    context.save();
    context.beginPath();
    context.rect(0, stuck, width, height - stuck);
    context.clip();
    this.#grid(surface, axis, scrolling, stuck, height);
    for (const line of scrolling) this.#line(surface, axis, line);
    context.restore();
    this.#grid(surface, axis, sticky, 0, stuck);
    for (const line of sticky) this.#line(surface, axis, line);
    if (stuck > 0) {
      context.fillStyle = this.palette.colour('line-strong');
      context.fillRect(0, stuck, width, 1);
    }
    if (pointedX !== null) this.#crosshair(context, pointedX, height);
  }

  /** Backgrounds of lines that are pointed at or chosen, and the lines of time over them. */
  #grid({ context, width }: Surface, axis: Axis, lines: ShownLine[], top: number, bottom: number): void {
    for (const { y, selected, hovered } of lines) {
      if (!selected && !hovered) continue;
      context.fillStyle = this.palette.colour(selected ? 'surface-selected' : 'surface-hover');
      context.fillRect(0, y, width, ROW);
    }
    context.fillStyle = this.palette.colour('grid');
    for (const [x] of axis.ticks().at) context.fillRect(x, top, 1, bottom - top);
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

  #line(surface: Surface, axis: Axis, line: ShownLine): void {
    const { structure } = this.trace;
    if (isSpan(structure, line.line)) this.#span(surface, axis, line);
    else this.#group(surface, axis, line);
    surface.context.globalAlpha = 1;
  }

  #span({ context, width }: Surface, axis: Axis, shown: ShownLine): void {
    const { trace, palette } = this;
    const { row, y, selected, hovered, dimmed, folded } = shown;
    const [start, end] = [trace.start(row), trace.end(row)];
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
    if (failed) this.#cap(context, x, top);
    const background = palette.colour(selected ? 'surface-selected' : hovered ? 'surface-hover' : 'surface');
    const lastEvent = this.#events(context, axis, row, top, background);
    context.fillStyle = palette.colour('ink');
    if (folded) this.#ink?.drawWithin(context, row, trace.structure.subtreeEnd[row]!, y);
    else this.#ink?.drawOwn(context, row, y);
    context.globalAlpha = dimmed ? DIMMED_TEXT : 1;
    const duration = formatDuration(trace.nano(trace.columns.duration[row]!));
    const label = { text: failed ? `${duration}, error` : duration, failed };
    this.#label(context, width, label, x, Math.max(x + length, lastEvent), y);
  }

  /** Similar siblings: a comb, how long they took together, and how long each. */
  #group({ context, width }: Surface, axis: Axis, shown: ShownLine): void {
    const { trace, palette } = this;
    const { structure } = trace;
    const { line, row, y, dimmed } = shown;
    const group = groupOfLine(structure, line);
    const { repeats } = structure;
    const [start, end] = [trace.start(row), repeats.endTime[group]!];
    if (end < axis.window.from || start > axis.window.to)
      return this.#outside(context, width, y, end < axis.window.from);
    const rest = isRest(structure, line);
    const last = endOfLine(structure, line);
    const [x, top] = [axis.x(start), y + BAR_TOP];
    const errors = rest ? 0 : groupErrors(trace, group);
    context.globalAlpha = dimmed ? DIMMED_BAR : 1;
    context.fillStyle = palette.service(trace.colour(row));
    const count = repeats.size[group]! - (rest ? MEMBERS_FIRST : 0);
    drawComb(context, trace, axis, { first: row, end: last, count }, top, BAR);
    if (errors > 0) this.#cap(context, x, top);
    context.fillStyle = palette.colour('ink');
    if (shown.folded || rest) this.#ink?.drawWithin(context, row, last, y);
    context.globalAlpha = dimmed ? DIMMED_TEXT : 1;
    const time = rest ? formatDuration(trace.nano(end - start)) : groupTime(trace, group);
    const label = { text: errors ? `${time}, ${errorsText(errors)}` : time, failed: errors > 0 };
    this.#label(context, width, label, x, Math.max(axis.x(end), x + BAR_MIN), y);
  }

  #cap(context: CanvasRenderingContext2D, x: number, top: number): void {
    context.fillStyle = this.palette.colour('error');
    context.fillRect(x - 3, top - 1, 3, BAR + 2);
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
    { text, failed }: Label,
    x: number,
    end: number,
    y: number,
  ): void {
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
