import { effect, untracked } from '@preact/signals';
import { colourChanges } from '../../app/theme';
import { afterPaint } from '../../app/on_screen';
import { placeOf } from '../lines';
import type { Session } from '../session';
import { Axis } from './axis';
import { BarPainter } from './bars';
import { Minimap } from './minimap';
import { Palette } from './palette';
import { rowId } from './row_element';
import { RowElements } from './row_elements';
import { drawRuler } from './ruler';
import { ScrollScale } from './scroll_scale';
import { lineAt, ROW, shownLines, stickyMax, type Shown } from './shown_lines';
import { nearestAncestors } from '../sticky';
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
  #shown: Shown = { sticky: [], scrolling: [] };
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
    const paper = matchMedia('print');
    paper.addEventListener('change', this.#printed);
    this.#stops.push(() => paper.removeEventListener('change', this.#printed));
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
        void [session.lines.value, session.window.value, session.cursor.value, session.hover.value];
        void [session.pointed.value, session.matching.value, session.path.value];
        this.#later();
      }),
      effect(() => {
        void colourChanges.value;
        this.#renewColours();
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

  #renewColours(): void {
    this.#palette.release();
    this.#palette = new Palette(this.parts.scroller);
    this.#painter = new BarPainter(this.session.trace, this.#palette);
    this.#minimap.forgetPicture();
  }

  /** Paper has its own colours, and no frames: what is printed is drawn at once. */
  #printed = (): void => {
    this.#renewColours();
    this.#draw();
  };

  #later(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { scroller, names, spacer, bars, ruler } = this.parts;
    const { session } = this;
    const lines = session.lines.value;
    const height = scroller.clientHeight;
    const namesWidth = names.offsetWidth;
    const width = scroller.clientWidth - namesWidth;
    if (height === 0 || width <= 0) return;
    this.#scale = new ScrollScale(lines.line.length * ROW, height);
    spacer.style.height = `${this.#scale.spacer}px`;
    if (!this.#painted && session.topRow !== null) this.#goOnFrom(session.topRow);
    if (this.#cursorWanted) this.#bringCursor();
    this.#offset = this.#scale.clamp(this.#offset);
    this.#shown = shownLines(session, this.#offset, height);
    session.topRow = this.#shown.scrolling[0]?.row ?? null;
    names.style.height = bars.style.height = `${height}px`;
    bars.style.width = `${width}px`;
    this.#rows.show(this.#shown, namesWidth);
    this.#axis = new Axis(session.trace, session.window.value, width);
    const { pointed } = session;
    const pointedX = pointed.value === null ? null : this.#axis.x(pointed.value);
    const { font } = this.#palette;
    const surface = prepare(bars, width, height, font);
    this.#painter.draw(surface, this.#axis, this.#shown, session.path.value, pointedX);
    drawRuler(
      prepare(ruler, ruler.clientWidth, ruler.clientHeight, font),
      this.#palette,
      this.#axis,
      pointed.value,
    );
    const { scrolling } = this.#shown;
    this.#minimap.draw(this.#palette, scrolling[0]?.row ?? 0, scrolling.at(-1)?.row ?? 0);
    const { cursor } = session;
    scroller.setAttribute('aria-rowcount', String(lines.line.length));
    const here = [...this.#shown.sticky, ...scrolling].some(({ selected }) => selected);
    if (cursor.value === null || !here) scroller.removeAttribute('aria-activedescendant');
    else scroller.setAttribute('aria-activedescendant', rowId(cursor.value));
    if (this.#painted) return;
    this.#painted = true;
    this.#stops.push(afterPaint(this.onPainted));
  }

  /** Scrolls as little as shows the cursor below what sticks, or puts it in the middle when it was far off. */
  #bringCursor(): void {
    this.#cursorWanted = false;
    const { cursor, lines, trace } = this.session;
    if (cursor.value === null) return;
    const top = placeOf(trace.structure, lines.value, cursor.value) * ROW;
    const height = this.#scale.viewport;
    const offset = this.#scale.clamp(this.#offset);
    const stuck = shownLines(this.session, offset, height).sticky.length * ROW;
    if (top >= offset + stuck && top + ROW <= offset + height) return;
    const far = top < offset - height || top > offset + 2 * height;
    const above = nearestAncestors(trace.structure, cursor.value, stickyMax(height)).length * ROW;
    const near = top < offset + stuck ? top - above : top + ROW - height;
    this.#scrollTo(far ? top - (height - ROW) / 2 : near);
  }

  /** Begins where the reader was before the trace was read again. */
  #goOnFrom(row: number): void {
    const { lines, trace } = this.session;
    const above = nearestAncestors(trace.structure, row, stickyMax(this.#scale.viewport)).length;
    this.#scrollTo((placeOf(trace.structure, lines.value, row) - above) * ROW);
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

  #lineUnder(event: MouseEvent): number | undefined {
    return lineAt(this.#shown, event.clientY - this.parts.scroller.getBoundingClientRect().top);
  }

  #followPointer(): void {
    const { scroller } = this.parts;
    const { session } = this;
    scroller.addEventListener('pointermove', (event) => {
      if (event.pointerType === 'touch') return;
      session.hover.value = this.#lineUnder(event) ?? null;
      session.pointed.value = this.#timeUnder(event);
    });
    scroller.addEventListener('pointerleave', () => {
      session.hover.value = null;
      session.pointed.value = null;
    });
    scroller.addEventListener('click', (event) => {
      const line = this.#lineUnder(event);
      if (line === undefined) return;
      if ((event.target as Element).closest('.car') && session.isParent(line)) session.turn(line);
      else session.press(line);
    });
  }
}
