import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import { NONE } from '../columns';
import type { Session } from '../session';
import { isWhole, pan, wholeTrace, zoom, type TimeWindow } from '../time_window';
import { markedBoxes, type Boxes } from './boxes';

/** How a flame graph is ordered: by time, or with the most work on the left. */
export type Order = 'time' | 'left';

/**
 * A look at a flame graph. In order of time its window is that of the waterfall, and everywhere its cursor is that of
 * the trace: what is looked at stays when the view is changed.
 */
export class FlameState {
  readonly window: ReadonlySignal<TimeWindow>;
  /** The box of the cursor. */
  readonly focused: ReadonlySignal<number | null>;
  readonly hovered = signal<number | null>(null);
  readonly marked: ReadonlySignal<Uint8Array | null>;
  /** The box that should be brought on the screen. */
  readonly wanted = signal<number | null>(null);
  readonly #work = signal<TimeWindow>(wholeTrace(1));

  constructor(
    readonly session: Session,
    readonly boxes: Boxes,
    readonly order: Order,
  ) {
    this.window = order === 'time' ? session.window : this.#work;
    this.#work.value = wholeTrace(boxes.total);
    this.focused = computed(() => {
      const row = session.cursor.value;
      return row === null ? null : (boxes.boxOf[row] ?? null);
    });
    this.marked = computed(() => markedBoxes(boxes, session.matching.value));
    const into = this.session.options.peek().into;
    const row = order === 'left' && into ? session.trace.rowOf(into) : undefined;
    if (row !== undefined) this.#show(boxes.boxOf[row]!);
    this.wanted.value = this.focused.peek();
  }

  get trace() {
    return this.session.trace;
  }

  get zoomed(): boolean {
    return !isWhole(this.window.value, this.boxes.total);
  }

  #set(window: TimeWindow): void {
    if (this.order === 'time') this.session.window.value = window;
    else this.#work.value = window;
  }

  #show(box: number): void {
    const [from, to] = [this.boxes.from[box]!, this.boxes.to[box]!];
    if (to > from) this.#set({ from, to });
  }

  focus(box: number): void {
    batch(() => {
      const row = this.boxes.row[box]!;
      this.session.cursor.value = row;
      if (this.session.open.value !== null) this.session.open.value = row;
      this.wanted.value = box;
    });
  }

  /** Makes a box as wide as the screen. */
  zoomTo(box: number): void {
    this.#show(box);
    if (this.order === 'left') this.session.set({ into: this.trace.spanId(this.boxes.row[box]!) });
  }

  fit(): void {
    this.#set(wholeTrace(this.boxes.total));
    this.session.set({ into: '' });
  }

  zoom(factor: number, anchor?: number): void {
    const { from, to } = this.window.value;
    this.#set(zoom(this.window.value, this.boxes.total, factor, anchor ?? (from + to) / 2));
  }

  /** Moves the window by a share of its length. */
  pan(share: number): void {
    const { from, to } = this.window.value;
    this.#set(pan(this.window.value, this.boxes.total, (to - from) * share));
  }

  open(box: number): void {
    this.session.openPanel(this.boxes.row[box]!);
  }

  /** Moves the focus: up and down the calls, or to the neighbour on the lane. */
  step(direction: 'up' | 'down' | 'left' | 'right'): void {
    const box = this.focused.value;
    if (box === null) return this.focus(0);
    const next = this.#neighbour(box, direction);
    if (next === undefined) return;
    this.focus(next);
    this.#reveal(next);
  }

  #neighbour(box: number, direction: 'up' | 'down' | 'left' | 'right'): number | undefined {
    const { parent, child, laneBegin, lane } = this.boxes;
    if (direction === 'up') return parent[box] === NONE ? undefined : parent[box];
    if (direction === 'down') return child[box] === NONE ? undefined : child[box];
    const next = direction === 'left' ? box - 1 : box + 1;
    const inLane = next >= laneBegin[lane[box]!]! && next < laneBegin[lane[box]! + 1]!;
    return inLane ? next : undefined;
  }

  /** Moves or widens the window so that a box is in it. */
  #reveal(box: number): void {
    const { from, to } = this.window.value;
    const [begin, end] = [this.boxes.from[box]!, this.boxes.to[box]!];
    if (end - begin > to - from) this.#show(box);
    else if (begin < from) this.pan((begin - from) / (to - from));
    else if (end > to) this.pan((end - to) / (to - from));
  }
}
