import { batch, computed, signal } from '@preact/signals';
import { fetchFind } from '../api/endpoints';
import {
  foldSubtree,
  isFolded,
  NOTHING_FOLDED,
  placeAmong,
  reveal,
  stepLevel,
  turn,
  visibleRows,
} from './folds';
import { readPageState, writePageState } from './page_address';
import { between, pan, wholeTrace, zoom, type TimeWindow } from './time_window';
import type { Trace } from './trace';
import { NONE } from './columns';
import type { View } from './view';

/** What was found in the trace. */
export interface Found {
  text: string;
  rows: number[];
  /** A byte for each row: 1 where the row matches. */
  marks: Uint8Array;
}

/** One look at one trace: what is folded, where the reader stands, what is zoomed to. Everything that draws follows. */
export class Session {
  readonly view = signal<View>('waterfall');
  readonly folds = signal(NOTHING_FOLDED);
  readonly visible = computed(() => visibleRows(this.trace.structure, this.folds.value));
  readonly window = signal<TimeWindow>(wholeTrace(1));
  /** The row where the keys act. */
  readonly cursor = signal<number | null>(null);
  /** The row whose panel is open. */
  readonly open = signal<number | null>(null);
  readonly hover = signal<number | null>(null);
  /** The time under the pointer, in units. */
  readonly pointed = signal<number | null>(null);
  readonly find = signal('');
  readonly found = signal<Found | null>(null);
  readonly findProblem = signal('');
  /** How many spans the server has for this trace, when that was last heard. */
  readonly storedSpans: ReturnType<typeof signal<number>>;
  /** Counts the wishes to bring the cursor on the screen. */
  readonly showCursor = signal(0);

  #finding: AbortController | undefined;
  /** Where to go when the answer is there: the reader pressed Enter before it was. */
  #goWhenFound: 1 | -1 | 0 = 0;

  constructor(
    readonly trace: Trace,
    parameters: URLSearchParams,
  ) {
    this.storedSpans = signal(trace.count);
    this.read(parameters);
  }

  read(parameters: URLSearchParams): void {
    const state = readPageState(this.trace, parameters);
    batch(() => {
      this.view.value = state.view;
      this.folds.value = state.folds;
      this.window.value = state.window;
      this.open.value = state.open;
      if (state.open !== null) this.goTo(state.open);
      this.search(state.find);
      if (state.open === null) this.#goWhenFound = 1;
    });
  }

  address(): string {
    const parameters = writePageState(this.trace, {
      view: this.view.value,
      find: this.find.value,
      open: this.open.value,
      window: this.window.value,
      folds: this.folds.value,
    });
    const query = parameters.toString();
    return `/trace/${this.trace.id}${query ? `?${query}` : ''}`;
  }

  /** Puts the cursor on a row, unfolding what hides it. An open panel follows. */
  goTo(row: number): void {
    batch(() => {
      this.folds.value = reveal(this.trace.structure, this.trace.columns.parent, this.folds.value, row);
      this.cursor.value = row;
      if (this.open.value !== null) this.open.value = row;
      this.showCursor.value++;
    });
  }

  openPanel(row: number): void {
    batch(() => {
      this.open.value = row;
      this.cursor.value = row;
    });
  }

  /** Moves the cursor over visible rows. */
  step(by: number): void {
    const visible = this.visible.value;
    const at =
      this.cursor.value === null ? (by > 0 ? -1 : visible.length) : placeAmong(visible, this.cursor.value);
    const next = visible[Math.min(visible.length - 1, Math.max(0, at + by))];
    if (next !== undefined) this.goTo(next);
  }

  isFolded(row: number): boolean {
    return isFolded(this.trace.structure, this.folds.value, row);
  }

  turn(row: number): void {
    if (this.trace.isParent(row)) this.#fold(turn(this.folds.value, row));
  }

  foldSubtree(row: number, folded: boolean): void {
    this.#fold(foldSubtree(this.trace.structure, this.folds.value, row, folded));
  }

  /** Left: folds, or where there is nothing to fold goes to the parent. */
  left(): void {
    const row = this.cursor.value;
    if (row === null) return;
    if (this.trace.isParent(row) && !this.isFolded(row)) return this.turn(row);
    const parent = this.trace.columns.parent[row]!;
    if (parent !== NONE) this.goTo(parent);
  }

  /** Right: unfolds, or where that is done goes to the first child. */
  right(): void {
    const row = this.cursor.value;
    if (row === null || !this.trace.isParent(row)) return;
    if (this.isFolded(row)) this.turn(row);
    else this.goTo(row + 1);
  }

  /** Leaves the first spans and their calls. */
  collapseAll(): void {
    this.#fold({ level: 1, turned: new Set() });
  }

  expandAll(): void {
    this.#fold(NOTHING_FOLDED);
  }

  stepLevel(step: 1 | -1): void {
    this.#fold(stepLevel(this.trace.structure, this.folds.value, step));
  }

  #fold(folds: typeof NOTHING_FOLDED): void {
    batch(() => {
      this.folds.value = folds;
      const cursor = this.cursor.value;
      if (cursor === null) return;
      // A cursor that was folded away stands on what hides it, and the panel follows it there.
      const shown = this.visible.value[placeAmong(this.visible.value, cursor)]!;
      this.cursor.value = shown;
      if (this.open.value !== null) this.open.value = shown;
      this.showCursor.value++;
    });
  }

  zoom(factor: number, anchor?: number): void {
    const { from, to } = this.window.value;
    this.window.value = zoom(
      this.window.value,
      this.trace.total,
      factor,
      anchor ?? this.pointed.value ?? (from + to) / 2,
    );
  }

  /** Moves the window by a share of its length. */
  pan(share: number): void {
    const { from, to } = this.window.value;
    this.window.value = pan(this.window.value, this.trace.total, (to - from) * share);
  }

  show(a: number, b: number): void {
    this.window.value = between(a, b, this.trace.total);
  }

  fit(): void {
    this.window.value = wholeTrace(this.trace.total);
  }

  nextError(step: 1 | -1): void {
    const row = this.trace.nextError(this.cursor.value ?? (step > 0 ? -1 : this.trace.count), step);
    if (row !== undefined) this.goTo(row);
  }

  nextMatch(step: 1 | -1): void {
    if (this.#finding) this.#goWhenFound = step;
    const rows = this.found.value?.rows;
    if (this.#finding || !rows || rows.length === 0) return;
    const from = this.cursor.value ?? (step > 0 ? -1 : this.trace.count);
    const next = step > 0 ? rows.find((row) => row > from) : rows.findLast((row) => row < from);
    this.goTo(next ?? (step > 0 ? rows[0]! : rows.at(-1)!));
  }

  /** Asks the server, which alone has the attributes, for rows that hold a text. */
  search(text: string): void {
    this.find.value = text;
    this.#finding?.abort();
    this.#finding = undefined;
    this.#goWhenFound = 0;
    if (text.trim() === '') {
      batch(() => {
        this.found.value = null;
        this.findProblem.value = '';
      });
      return;
    }
    const finding = new AbortController();
    this.#finding = finding;
    fetchFind(this.trace.id, text.trim(), finding.signal)
      .then(({ rows, spanCount }) => {
        if (finding.signal.aborted) return;
        this.#finding = undefined;
        const known = rows.filter((row) => row < this.trace.count);
        const marks = new Uint8Array(this.trace.count);
        for (const row of known) marks[row] = 1;
        batch(() => {
          this.found.value = { text, rows: known, marks };
          this.findProblem.value = '';
          this.storedSpans.value = spanCount;
          if (this.#goWhenFound !== 0) this.nextMatch(this.#goWhenFound);
        });
      })
      .catch((error: unknown) => {
        if (finding.signal.aborted) return;
        this.#finding = undefined;
        batch(() => {
          this.found.value = null;
          this.findProblem.value = error instanceof Error ? error.message : String(error);
        });
      });
  }
}
