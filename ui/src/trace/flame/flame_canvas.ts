import { effect } from '@preact/signals';
import { afterPaint } from '../../app/on_screen';
import { colourChanges } from '../../app/theme';
import { Palette } from '../waterfall/palette';
import { ScrollScale } from '../waterfall/scroll_scale';
import { prepare } from '../waterfall/surface';
import { boxAt } from './boxes';
import { FlamePainter, LANE, RULER } from './flame_painter';
import type { FlameState } from './flame_state';

const WHEEL_ZOOM = 0.0015;

export interface FlameParts {
  scroller: HTMLElement;
  spacer: HTMLElement;
  canvas: HTMLCanvasElement;
}

/** Draws a flame graph into its place, once a frame at most, and says what is under the pointer. */
export class FlameCanvas {
  #palette: Palette;
  #painter: FlamePainter;
  #scale = new ScrollScale(0, 0);
  #frame = 0;
  #painted = false;
  readonly #stops: (() => void)[] = [];

  constructor(
    private readonly parts: FlameParts,
    private readonly state: FlameState,
    private readonly onPainted: () => void,
  ) {
    const { scroller, canvas } = parts;
    this.#palette = new Palette(scroller);
    this.#painter = new FlamePainter(state.trace, this.#palette);
    const sizes = new ResizeObserver(this.#later);
    sizes.observe(scroller);
    this.#stops.push(
      () => sizes.disconnect(),
      effect(() => {
        void [state.window.value, state.focused.value, state.hovered.value, state.marked.value];
        this.#later();
      }),
      effect(() => {
        const box = state.wanted.value;
        if (box !== null) this.#bring(box);
      }),
      effect(() => {
        void colourChanges.value;
        this.#palette.release();
        this.#palette = new Palette(scroller);
        this.#painter = new FlamePainter(state.trace, this.#palette);
        this.#later();
      }),
    );
    scroller.addEventListener('scroll', this.#later, { passive: true });
    scroller.addEventListener('wheel', this.#wheel, { passive: false });
    canvas.addEventListener('pointermove', this.#move);
    canvas.addEventListener('pointerleave', this.#leave);
    canvas.addEventListener('click', this.#click);
    canvas.addEventListener('dblclick', this.#open);
  }

  release(): void {
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stops) stop();
    this.#palette.release();
  }

  #later = (): void => {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  };

  #draw(): void {
    this.#frame = 0;
    const { scroller, spacer, canvas } = this.parts;
    const { state } = this;
    const [width, height] = [scroller.clientWidth, scroller.clientHeight];
    if (width === 0 || height === 0) return;
    const lanes = (state.boxes.laneBegin.length - 1) * LANE + RULER + LANE;
    this.#scale = new ScrollScale(lanes, height);
    spacer.style.height = `${this.#scale.spacer}px`;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    this.#painter.draw(prepare(canvas, width, height, this.#palette.font), {
      boxes: state.boxes,
      window: state.window.value,
      offset: this.#offset,
      focused: state.focused.value,
      hovered: state.hovered.value,
      marked: state.marked.value,
    });
    if (this.#painted) return;
    this.#painted = true;
    this.#stops.push(afterPaint(this.onPainted));
  }

  get #offset(): number {
    return this.#scale.offset(this.parts.scroller.scrollTop);
  }

  /** Scrolls to the lane of a box. */
  #bring(box: number): void {
    const { scroller } = this.parts;
    const lanes = (this.state.boxes.laneBegin.length - 1) * LANE + RULER + LANE;
    this.#scale = new ScrollScale(lanes, scroller.clientHeight);
    this.parts.spacer.style.height = `${this.#scale.spacer}px`;
    const top = this.state.boxes.lane[box]! * LANE;
    const room = scroller.clientHeight - RULER - LANE;
    if (top < this.#offset) scroller.scrollTop = this.#scale.scrollTop(top);
    else if (top > this.#offset + room) scroller.scrollTop = this.#scale.scrollTop(top - room);
    this.#later();
  }

  #place(event: MouseEvent): { lane: number; at: number } {
    const { left, top, width } = this.parts.canvas.getBoundingClientRect();
    const { from, to } = this.state.window.peek();
    const y = event.clientY - top - RULER;
    return {
      lane: y < 0 ? -1 : Math.floor((y + this.#offset) / LANE),
      at: from + ((event.clientX - left) / width) * (to - from),
    };
  }

  #under(event: MouseEvent): number | undefined {
    const { lane, at } = this.#place(event);
    return boxAt(this.state.boxes, lane, at);
  }

  #move = (event: PointerEvent): void => {
    const box = this.#under(event);
    this.state.hovered.value = box ?? null;
    this.parts.canvas.style.cursor = box === undefined ? 'default' : 'pointer';
  };

  #leave = (): void => {
    this.state.hovered.value = null;
  };

  #click = (event: MouseEvent): void => {
    const box = this.#under(event);
    if (box === undefined) return;
    this.state.focus(box);
    this.state.zoomTo(box);
  };

  #open = (event: MouseEvent): void => {
    const box = this.#under(event);
    if (box !== undefined) this.state.open(box);
  };

  #wheel = (event: WheelEvent): void => {
    const sideways = event.deltaX || (event.shiftKey ? event.deltaY : 0);
    if (event.ctrlKey || event.metaKey)
      this.state.zoom(Math.exp(event.deltaY * WHEEL_ZOOM), this.#place(event).at);
    else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY))
      this.state.pan(sideways / this.parts.scroller.clientWidth);
    else return;
    event.preventDefault();
  };
}
