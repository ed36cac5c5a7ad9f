import { effect } from '@preact/signals';
import { formatDuration } from '../../format/duration';
import type { Session } from '../session';
import { isWhole } from '../time_window';
import { INSET, reservedWidth } from './axis';
import { placeOf } from '../lines';
import { minimapRows, overviewOf, paintMinimap, type Overview } from './minimap_picture';
import type { Palette } from './palette';
import { prepare } from './surface';

const PICTURE_TOP = 4;
const HANDLE_REACH = 8;
/** A drag shorter than this is a click. */
const DRAG_MIN = 4;
const KEY_PAN = 0.2;
const KEY_ZOOM = 0.7;

type Drag = { grabbed: 'from' | 'to' | 'window' | 'new'; at: number; moved: boolean };

/** The whole trace above the waterfall. Dragging in it, or arrows, choose the time that is shown below. */
export class Minimap {
  #picture: HTMLCanvasElement | undefined;
  readonly #overview: Overview;
  #drag: Drag | undefined;
  readonly #stop: () => void;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly session: Session,
  ) {
    this.#overview = overviewOf(session.trace);
    canvas.addEventListener('pointerdown', this.#grab);
    canvas.addEventListener('pointermove', this.#move);
    canvas.addEventListener('pointerup', this.#release);
    canvas.addEventListener('pointercancel', this.#release);
    canvas.addEventListener('keydown', this.#key);
    this.#stop = effect(() => this.#describe());
  }

  release(): void {
    this.#stop();
  }

  /** The picture of the spans is kept until its size or its colours change. */
  forgetPicture(): void {
    this.#picture = undefined;
  }

  /** Draws spans, window and, as a grey band, which rows are on the screen. */
  draw(palette: Palette, firstRow: number, lastRow: number): void {
    const { trace } = this.session;
    const { context, width, height } = prepare(
      this.canvas,
      this.canvas.clientWidth,
      this.canvas.clientHeight,
      palette.font,
    );
    const pictureHeight = height - 2 * PICTURE_TOP;
    const { lines } = this.#overview;
    const y = (row: number, after: number) =>
      PICTURE_TOP + ((placeOf(trace.structure, lines, row) + after) / lines.line.length) * pictureHeight;
    const top = y(firstRow, 0);
    context.fillStyle = palette.colour('surface-press');
    context.fillRect(0, top, width, Math.max(2, y(lastRow, 1) - top));
    const pictureWidth = Math.max(1, width - reservedWidth(trace));
    const picture = (this.#picture ??= this.#draw(palette, pictureWidth, pictureHeight));
    context.drawImage(picture, INSET, PICTURE_TOP, pictureWidth, pictureHeight);
    const window = this.session.window.value;
    const [from, to] = [this.#x(window.from), this.#x(window.to)];
    if (!isWhole(window, trace.total)) {
      context.fillStyle = palette.colour('veil');
      context.fillRect(0, 0, from, height);
      context.fillRect(to, 0, width - to, height);
    }
    context.fillStyle = palette.colour('accent');
    for (const x of [Math.round(from), Math.round(to)]) {
      context.fillRect(x - 0.5, 0, 1, height);
      context.beginPath();
      context.roundRect(x - 3, height / 2 - 8, 6, 16, 2);
      context.fill();
    }
  }

  #draw(palette: Palette, width: number, height: number): HTMLCanvasElement {
    const { trace } = this.session;
    const ratio = window.devicePixelRatio || 1;
    const picture = document.createElement('canvas');
    picture.width = Math.max(1, Math.round(width * ratio));
    picture.height = Math.max(1, Math.round(height * ratio));
    const rows = minimapRows(trace, this.#overview, picture.width, picture.height);
    const pixels = paintMinimap(trace, rows, {
      error: asPixel(palette.colour('error')),
      service: [...trace.columns.serviceColour].map((index) => asPixel(palette.service(index))),
    });
    const context = picture.getContext('2d') as CanvasRenderingContext2D;
    const image = context.createImageData(picture.width, picture.height);
    new Uint32Array(image.data.buffer).set(pixels);
    context.putImageData(image, 0, 0);
    return picture;
  }

  #scale(): number {
    const { trace } = this.session;
    return Math.max(1, this.canvas.clientWidth - reservedWidth(trace)) / trace.total;
  }

  #x(time: number): number {
    return time * this.#scale() + INSET;
  }

  #time(x: number): number {
    return Math.min(this.session.trace.total, Math.max(0, (x - INSET) / this.#scale()));
  }

  #grab = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { from, to } = this.session.window.value;
    const x = event.offsetX;
    const zoomed = !isWhole(this.session.window.value, this.session.trace.total);
    const reach = (time: number) => Math.abs(x - this.#x(time));
    let grabbed: Drag['grabbed'] = 'new';
    if (Math.min(reach(from), reach(to)) <= HANDLE_REACH) grabbed = reach(from) < reach(to) ? 'from' : 'to';
    else if (zoomed && x > this.#x(from) && x < this.#x(to)) grabbed = 'window';
    this.#drag = { grabbed, at: x, moved: false };
    this.canvas.setPointerCapture(event.pointerId);
  };

  #move = (event: PointerEvent): void => {
    const drag = this.#drag;
    const x = event.offsetX;
    if (!drag || (!drag.moved && Math.abs(x - drag.at) < DRAG_MIN)) return;
    const { from, to } = this.session.window.value;
    drag.moved = true;
    if (drag.grabbed === 'new') this.session.show(this.#time(drag.at), this.#time(x));
    else if (drag.grabbed === 'from') this.session.show(Math.min(this.#time(x), to - 1), to);
    else if (drag.grabbed === 'to') this.session.show(from, Math.max(this.#time(x), from + 1));
    else {
      this.session.pan((x - drag.at) / this.#scale() / (to - from));
      drag.at = x;
    }
  };

  /** A click without a drag brings the time under it to the middle: the same without dragging. */
  #release = (event: PointerEvent): void => {
    const drag = this.#drag;
    this.#drag = undefined;
    if (!drag || drag.moved || event.type === 'pointercancel') return;
    const { from, to } = this.session.window.value;
    this.session.pan((this.#time(event.offsetX) - (from + to) / 2) / (to - from));
  };

  #key = (event: KeyboardEvent): void => {
    const commands: Record<string, () => void> = {
      ArrowLeft: () => this.session.pan(-KEY_PAN),
      ArrowRight: () => this.session.pan(KEY_PAN),
      ArrowUp: () => this.session.zoom(KEY_ZOOM),
      ArrowDown: () => this.session.zoom(1 / KEY_ZOOM),
      Home: () => this.session.pan(-Infinity),
      End: () => this.session.pan(Infinity),
    };
    const command = commands[event.key];
    if (!command || event.ctrlKey || event.metaKey || event.altKey) return;
    command();
    event.preventDefault();
    event.stopPropagation();
  };

  #describe(): void {
    const { from, to } = this.session.window.value;
    const { trace } = this.session;
    const middle = Math.round(((from + to) / 2 / trace.total) * 100);
    this.canvas.setAttribute('aria-valuenow', String(middle));
    this.canvas.setAttribute(
      'aria-valuetext',
      isWhole({ from, to }, trace.total)
        ? 'Whole trace'
        : `${formatDuration(trace.nano(from))} to ${formatDuration(trace.nano(to))}`,
    );
  }
}

/** A CSS colour as the number that stands for an opaque pixel of it. */
function asPixel(colour: string): number {
  const probe = document.createElement('canvas');
  probe.width = probe.height = 1;
  const context = probe.getContext('2d') as CanvasRenderingContext2D;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  return new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)[0]!;
}
