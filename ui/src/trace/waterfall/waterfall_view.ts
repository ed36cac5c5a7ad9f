import { effect, untracked } from '@preact/signals';
import { colourChanges } from '../../app/theme';
import { afterPaint } from '../../app/on_screen';
import { placeAmong } from '../folds';
import type { Session } from '../session';
import { Axis } from './axis';
import { BarPainter, ROW, type BarRow } from './bars';
import { Minimap } from './minimap';
import { Palette } from './palette';
import { RowElements, rowId } from './row_elements';
import { drawRuler } from './ruler';
import { ScrollScale } from './scroll_scale';
import { prepare } from './surface';

/** The elements that the view fills; the page makes them. */
export interface WaterfallParts {
  scroller: HTMLElement;
  names: HTMLElement;
  spacer: HTMLElement;
  bars: HTMLCanvasElement;
  ruler: HTMLCanvasElement;
  minimap: HTMLCanvasElement;
}

const WHEEL_ZOOM = 0.0015;

/** Draws a session: only the rows that are on the screen, once a frame at most, whenever something changed. */
export class WaterfallView {
  readonly #rows: RowElements;
  readonly #minimap: Minimap;
  #palette: Palette;
  #painter: BarPainter;
  #axis: Axis;
  #scale = new ScrollScale(0, 0);
  #offset = 0;
  #frame = 0;
  #painted = false;
  #cursorWanted = false;
  readonly #stops: (() => void)[] = [];

  constructor(
    private readonly parts: WaterfallParts,
    private readonly session: Session,
    private readonly onPainted: () => void,
  ) {
    const { scroller, names, minimap } = parts;
    this.#rows = new RowElements(names, session);
    this.#minimap = new Minimap(minimap, session);
    this.#palette = new Palette(scroller);
    this.#painter = new BarPainter(session.trace, this.#palette);
    this.#axis = new Axis(session.trace, session.window.value, 1);
    this.#followSession();
    this.#followPointer();
    scroller.addEventListener('scroll', this.#scrolled, { passive: true });
    scroller.addEventListener('wheel', this.#wheel, { passive: false });
    const sizes = new ResizeObserver(() => {
      this.#minimap.forgetPicture();
      this.#later();
    });
    sizes.observe(scroller);
    sizes.observe(minimap);
    this.#stops.push(() => sizes.disconnect());
  }

  release(): void {
    cancelAnimationFrame(this.#frame);
    for (const stop of this.#stops) stop();
    this.#minimap.release();
    this.#palette.release();
    this.parts.names.replaceChildren();
  }

  #followSession(): void {
    const { session } = this;
    this.#stops.push(
      effect(() => {
        void [session.visible.value, session.window.value, session.cursor.value, session.hover.value];
        void [session.pointed.value, session.found.value];
        this.#later();
      }),
      effect(() => {
        void colourChanges.value;
        this.#palette.release();
        this.#palette = new Palette(this.parts.scroller);
        this.#painter = new BarPainter(session.trace, this.#palette);
        this.#minimap.forgetPicture();
        this.#later();
      }),
      effect(() => {
        if (session.showCursor.value > 0) this.#cursorWanted = true;
        // A key is answered at once: assistive technology asks for the row right after it, before the next frame.
        if (this.#painted) untracked(() => this.#draw());
        else this.#later();
      }),
    );
  }

  #later(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { scroller, names, spacer, bars, ruler } = this.parts;
    const { session } = this;
    const visible = session.visible.value;
    const height = scroller.clientHeight;
    const namesWidth = names.offsetWidth;
    const width = scroller.clientWidth - namesWidth;
    if (height === 0 || width <= 0) return;
    this.#scale = new ScrollScale(visible.length * ROW, height);
    spacer.style.height = `${this.#scale.spacer}px`;
    if (this.#cursorWanted) this.#bringCursor();
    this.#offset = this.#scale.clamp(this.#offset);
    const first = Math.floor(this.#offset / ROW);
    const count = Math.min(visible.length - first, Math.ceil(height / ROW) + 1);

    names.style.height = bars.style.height = `${height}px`;
    bars.style.width = `${width}px`;
    this.#rows.show(first, count, this.#offset, namesWidth);
    this.#axis = new Axis(session.trace, session.window.value, width);
    const { pointed } = session;
    const pointedX = pointed.value === null ? null : this.#axis.x(pointed.value);
    const { font } = this.#palette;
    this.#painter.draw(prepare(bars, width, height, font), this.#axis, this.#barRows(first, count), pointedX);
    drawRuler(
      prepare(ruler, ruler.clientWidth, ruler.clientHeight, font),
      this.#palette,
      this.#axis,
      pointed.value,
    );
    this.#minimap.draw(this.#palette, visible[first] ?? 0, visible[first + count - 1] ?? 0);
    const { cursor } = session;
    scroller.setAttribute('aria-rowcount', String(visible.length));
    if (cursor.value === null) scroller.removeAttribute('aria-activedescendant');
    else scroller.setAttribute('aria-activedescendant', rowId(cursor.value));
    if (this.#painted) return;
    this.#painted = true;
    this.#stops.push(afterPaint(this.onPainted));
  }

  #barRows(first: number, count: number): BarRow[] {
    const { visible, cursor, hover, found } = this.session;
    return Array.from({ length: count }, (_, index) => {
      const row = visible.value[first + index]!;
      return {
        row,
        y: (first + index) * ROW - this.#offset,
        selected: row === cursor.value,
        hovered: row === hover.value,
        dimmed: found.value !== null && found.value.marks[row] === 0,
      };
    });
  }

  /** Scrolls as little as shows the cursor, or puts it in the middle when it was far off. */
  #bringCursor(): void {
    this.#cursorWanted = false;
    const { cursor, visible } = this.session;
    if (cursor.value === null) return;
    const top = placeAmong(visible.value, cursor.value) * ROW;
    const height = this.#scale.viewport;
    if (top >= this.#offset && top + ROW <= this.#offset + height) return;
    const far = top < this.#offset - height || top > this.#offset + 2 * height;
    const near = top < this.#offset ? top : top + ROW - height;
    this.#scrollTo(far ? top - (height - ROW) / 2 : near);
  }

  #scrollTo(offset: number): void {
    this.#offset = this.#scale.clamp(offset);
    this.parts.scroller.scrollTop = this.#scale.scrollTop(this.#offset);
  }

  #scrolled = (): void => {
    const { scrollTop } = this.parts.scroller;
    // Where a pixel of the bar stands for many, what was asked for exactly must not be rounded to it.
    if (Math.abs(this.#scale.scrollTop(this.#offset) - scrollTop) > 1)
      this.#offset = this.#scale.offset(scrollTop);
    else if (!this.#scale.scaled) this.#offset = scrollTop;
    this.#later();
  };

  #wheel = (event: WheelEvent): void => {
    const { session } = this;
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW : 1;
    const sideways = event.deltaX || (event.shiftKey ? event.deltaY : 0);
    if (event.ctrlKey || event.metaKey) {
      session.zoom(Math.exp(event.deltaY * lines * WHEEL_ZOOM), this.#timeUnder(event) ?? undefined);
    } else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      session.pan((sideways * lines) / this.#axis.width);
    } else if (this.#scale.scaled) {
      this.#scrollTo(this.#offset + event.deltaY * lines);
      this.#later();
    } else {
      return;
    }
    event.preventDefault();
  };

  #timeUnder(event: MouseEvent): number | null {
    const x = event.clientX - this.parts.bars.getBoundingClientRect().left;
    return x < 0 ? null : this.#axis.time(x);
  }

  #rowUnder(event: MouseEvent): number | undefined {
    const y = event.clientY - this.parts.scroller.getBoundingClientRect().top;
    return this.session.visible.value[Math.floor((y + this.#offset) / ROW)];
  }

  #followPointer(): void {
    const { scroller } = this.parts;
    const { session } = this;
    scroller.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'touch') return;
      session.hover.value = this.#rowUnder(event) ?? null;
      session.pointed.value = this.#timeUnder(event);
    });
    scroller.addEventListener('pointerleave', () => {
      session.hover.value = null;
      session.pointed.value = null;
    });
    scroller.addEventListener('click', (event) => {
      const row = this.#rowUnder(event);
      if (row === undefined) return;
      if ((event.target as Element).closest('.car') && session.trace.isParent(row)) session.turn(row);
      else session.openPanel(row);
    });
  }
}
