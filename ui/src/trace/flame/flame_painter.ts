import { axisTicks } from '../../format/duration';
import type { TimeWindow } from '../time_window';
import type { Trace } from '../trace';
import type { Palette } from '../waterfall/palette';
import type { Surface } from '../waterfall/surface';
import type { Boxes } from './boxes';
import { drawnOf, type Drawn } from './slivers';
import { inkOn } from './ink';

export const LANE = 20;
const BOX = 18;
export const RULER = 24;
const TICK_WIDTH = 120;
const LABEL_MIN = 28;
const LABEL_INSET = 5;
const DIMMED = 0.3;
const ELLIPSIS = '…';

export interface Look {
  boxes: Boxes;
  window: TimeWindow;
  /** Pixels of lanes above the screen. */
  offset: number;
  focused: number | null;
  hovered: number | null;
  /** 1 for a box that matches what is looked for; null where nothing is. */
  marked: Uint8Array | null;
}

/** Draws the lanes on the screen. */
export class FlamePainter {
  /** How wide texts are, by the text: names repeat. */
  readonly #widths = new Map<string, number>();

  constructor(
    private readonly trace: Trace,
    private readonly palette: Palette,
  ) {}

  draw(surface: Surface, look: Look): void {
    const { boxes, window, offset } = look;
    const { context, width, height } = surface;
    const scale = { ...window, pixelsPerUnit: width / (window.to - window.from) };
    const first = Math.floor(offset / LANE);
    const last = Math.min(boxes.laneBegin.length - 1, Math.ceil((offset + height - RULER) / LANE));
    for (let lane = first; lane < last; lane++) {
      const top = RULER + lane * LANE - offset;
      for (const drawn of drawnOf(boxes, lane, scale)) this.#box(surface, drawn, top, look);
    }
    context.globalAlpha = 1;
    for (const [box, token, thick] of [
      [look.hovered, 'text-2', 1],
      [look.focused, 'focus', 2],
    ] as const) {
      if (box !== null) this.#ring(surface, boxes, box, scale.pixelsPerUnit, look, token, thick);
    }
    this.#ruler(surface, window);
  }

  #box(
    { context, width }: Surface,
    { box, x, width: boxWidth }: Drawn,
    top: number,
    { boxes, marked }: Look,
  ): void {
    const row = boxes.row[box]!;
    const fill = this.palette.service(this.trace.colour(row));
    const left = Math.max(0, x);
    const right = Math.min(width, x + boxWidth);
    const dimmed = marked !== null && marked[box] === 0;
    context.globalAlpha = dimmed ? DIMMED : 1;
    context.fillStyle = fill;
    // A hairline of background tells neighbours of one colour apart.
    const gap = right - left > 4 ? 1 : 0;
    context.fillRect(left, top, right - left - gap, BOX);
    if (boxes.errors[box]! > 0 && right - left > 3) {
      context.fillStyle = this.palette.colour('surface');
      context.fillRect(left + 3, top, 1, BOX);
      context.fillStyle = this.palette.colour('error');
      context.fillRect(left, top, 3, BOX);
    }
    const room = right - left - gap - 2 * LABEL_INSET;
    if (room < LABEL_MIN) return;
    const text = this.#cut(context, this.#label(boxes, box), room);
    if (!text) return;
    context.globalAlpha = 1;
    context.fillStyle = dimmed ? this.palette.colour('text-2') : inkOn(fill);
    context.textAlign = 'left';
    context.fillText(text, left + LABEL_INSET, top + BOX / 2 + 0.5);
  }

  #label(boxes: Boxes, box: number): string {
    const row = boxes.row[box]!;
    const { parent } = boxes;
    const above = parent[box]!;
    const sameService =
      above < parent.length && this.trace.service(boxes.row[above]!) === this.trace.service(row);
    const name = sameService ? this.trace.name(row) : `${this.trace.service(row)} ${this.trace.name(row)}`;
    return boxes.spans[box]! > 1 ? `${boxes.spans[box]}× ${name}` : name;
  }

  /** A text that fits, with its end left out where it has to be. */
  #cut(context: CanvasRenderingContext2D, text: string, room: number): string {
    const wide = this.#width(context, text);
    if (wide <= room) return text;
    let kept = Math.floor((text.length * (room - this.#width(context, ELLIPSIS))) / wide);
    while (kept > 2 && this.#width(context, text.slice(0, kept) + ELLIPSIS) > room) kept--;
    return kept > 2 ? text.slice(0, kept) + ELLIPSIS : '';
  }

  #width(context: CanvasRenderingContext2D, text: string): number {
    let known = this.#widths.get(text);
    if (known === undefined) {
      if (this.#widths.size > 20_000) this.#widths.clear();
      known = context.measureText(text).width;
      this.#widths.set(text, known);
    }
    return known;
  }

  #ring(
    { context, width }: Surface,
    boxes: Boxes,
    box: number,
    pixelsPerUnit: number,
    { window, offset }: Look,
    token: string,
    thick: number,
  ): void {
    const from = Math.max(0, (boxes.from[box]! - window.from) * pixelsPerUnit);
    const to = Math.min(width, (boxes.to[box]! - window.from) * pixelsPerUnit);
    if (to < 0 || from > width) return;
    const top = RULER + boxes.lane[box]! * LANE - offset;
    context.strokeStyle = this.palette.colour('surface');
    context.lineWidth = thick + 2;
    const inset = thick / 2;
    const wide = Math.max(2, to - from - 1);
    context.strokeRect(from + inset, top + inset, wide - thick, BOX - thick);
    context.strokeStyle = this.palette.colour(token);
    context.lineWidth = thick;
    context.strokeRect(from + inset, top + inset, wide - thick, BOX - thick);
  }

  /** Ticks over the lanes, which scroll below them. */
  #ruler({ context, width }: Surface, { from, to }: TimeWindow): void {
    context.fillStyle = this.palette.colour('surface-frame');
    context.fillRect(0, 0, width, RULER - 2);
    context.fillStyle = this.palette.colour('surface');
    context.fillRect(0, RULER - 2, width, 2);
    const nano = (units: number) => this.trace.nano(units);
    const ticks = axisTicks(nano(to - from), nano(to), Math.max(2, Math.floor(width / TICK_WIDTH)));
    context.textAlign = 'left';
    for (let index = Math.ceil(nano(from) / ticks.step); index * ticks.step <= nano(to); index++) {
      const x = Math.round(((index * ticks.step) / this.trace.columns.unit - from) * (width / (to - from)));
      context.fillStyle = this.palette.colour('line-strong');
      context.fillRect(x, RULER - 10, 1, 8);
      const label = ticks.label(index * ticks.step);
      context.fillStyle = this.palette.colour('text-2');
      if (x + 4 + context.measureText(label).width < width) context.fillText(label, x + 4, RULER / 2 - 1);
    }
  }
}
