import { batch, computed, signal } from '@preact/signals';
import { fetchFind } from '../api/endpoints';
import { countBefore, matchRows, NO_FILTERS, withAncestors, type Filters } from './filter/filters';
import {
  expandAll,
  foldedFrom,
  foldSubtree,
  groupState,
  isFolded,
  NOTHING_FOLDED,
  reveal,
  setGroup,
  stepLevel,
  turn,
  type Folds,
} from './folds';
import { endOfLine, foldLine, groupOfLine, isRest, isSpan, listLines, parentLine, placeOf } from './lines';
import { readPageState, writePageState } from './page_address';
import { countSlots } from './slots';
import { between, pan, wholeTrace, zoom, type TimeWindow } from './time_window';
import type { Trace } from './trace';
import { NONE } from './columns';
import type { View } from './view';
import type { ViewOption, ViewOptions } from './view_options';

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
  /** How views other than the waterfall show the trace. */
  readonly options = signal<ViewOptions>({});
  readonly folds = signal(NOTHING_FOLDED);
  readonly filters = signal<Filters>(NO_FILTERS);
  /** What does not match is hidden; else it is dimmed. */
  readonly hideRest = signal(false);
  /** The critical path is drawn. */
  readonly path = signal(true);
  /** A byte for each row: 1 where it matches what is looked for; null where nothing is. */
  readonly matching = computed(() =>
    matchRows(this.trace, this.filters.value, this.found.value?.marks ?? null),
  );
  readonly #matchingBefore = computed(() => this.matching.value && countBefore(this.matching.value));
  readonly #kept = computed(() =>
    this.hideRest.value && this.matching.value
      ? withAncestors(this.trace.structure, this.matching.value)
      : null,
  );
  /** Where lines stand among their siblings. */
  readonly slots = computed(() => countSlots(this.trace.structure, this.#kept.value));
  /** The lines that nothing hides. */
  readonly lines = computed(() =>
    listLines(this.trace.structure, this.folds.value, this.#kept.value, this.slots.value.members),
  );
  readonly window = signal<TimeWindow>(wholeTrace(1));
  /** Where the keys act: a row, or in the waterfall a line that stands for several (see lines.ts). */
  readonly cursor = signal<number | null>(null);
  /** The row whose panel is open. */
  readonly open = signal<number | null>(null);
  /** The line under the pointer. */
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

  /** The first row below what sticks to the top of the waterfall, when it was last drawn. */
  topRow: number | null = null;

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
      this.options.value = state.options;
      this.folds.value = state.folds;
      this.filters.value = state.filters;
      this.hideRest.value = state.hideRest;
      this.path.value = state.path;
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
      filters: this.filters.value,
      hideRest: this.hideRest.value,
      path: this.path.value,
      options: this.options.value,
    });
    const query = parameters.toString();
    return `/trace/${this.trace.id}${query ? `?${query}` : ''}`;
  }

  /** Puts the cursor on a row, showing it where it is folded or filtered away. An open panel follows. */
  /** Sets options of the views; an empty text takes one back. */
  set(change: Partial<Record<ViewOption, string>>): void {
    this.options.value = { ...this.options.value, ...change };
  }

  /** Puts the cursor on a row, unfolding what hides it. An open panel follows. */
  goTo(row: number): void {
    batch(() => {
      if (this.#kept.value?.[row] === 0) this.hideRest.value = false;
      this.folds.value = reveal(this.trace.structure, this.folds.value, row);
      if (this.open.value !== null) this.open.value = row;
      this.#standOn(row);
    });
  }

  /** Shows a span in the waterfall, or the fold of the similar siblings that it is one of. */
  showSpan(row: number, asGroup = false): void {
    const { structure } = this.trace;
    const group = structure.repeats.groupOf[row]!;
    batch(() => {
      this.view.value = 'waterfall';
      if (!asGroup || group === NONE) return this.goTo(row);
      const parent = structure.parent[row]!;
      this.folds.value = reveal(structure, this.folds.value, row);
      this.folds.value = setGroup(this.folds.value, group, 'folded');
      if (this.#kept.value && parent !== NONE && this.#kept.value[parent] === 0) this.hideRest.value = false;
      this.#standOn(foldLine(structure, group));
    });
  }

  /** Remembers how many spans the server was heard to have. */
  heardOf(spanCount: number): void {
    if (spanCount > (this.storedSpans.peek() ?? 0)) this.storedSpans.value = spanCount;
  }

  #standOn(line: number): void {
    this.cursor.value = line;
    this.showCursor.value++;
  }

  openPanel(row: number): void {
    batch(() => {
      this.open.value = row;
      this.cursor.value = row;
    });
  }

  /** What a click or Enter does on a line: a span is opened, similar siblings are unfolded. */
  press(line: number): void {
    if (isSpan(this.trace.structure, line)) return this.openPanel(line);
    this.cursor.value = line;
    if (isRest(this.trace.structure, line)) this.#showAllMembers(line);
    else this.turn(line);
  }

  /** Moves the cursor over the lines. */
  step(by: number): void {
    const { line } = this.lines.value;
    const at = this.cursor.value === null ? (by > 0 ? -1 : line.length) : this.#place(this.cursor.value);
    const next = line[Math.min(line.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    if (isSpan(this.trace.structure, next)) this.goTo(next);
    else this.#standOn(next);
  }

  #place(line: number): number {
    return placeOf(this.trace.structure, this.lines.value, line);
  }

  /** Whether a line hides what is below it. */
  isFolded(line: number): boolean {
    const { structure } = this.trace;
    if (isSpan(structure, line)) return isFolded(structure, this.folds.value, line);
    return groupState(this.folds.value, groupOfLine(structure, line)) === 'folded';
  }

  /** Whether a line has others below it. */
  isParent(line: number): boolean {
    const { structure } = this.trace;
    return isSpan(structure, line) ? this.trace.isParent(line) : !isRest(structure, line);
  }

  /** Whether a line, and what it hides, has nothing of what is looked for. `row`: the first that it stands for. */
  isDimmed(line: number, row: number): boolean {
    const before = this.#matchingBefore.value;
    if (!before) return false;
    const { structure } = this.trace;
    const whole = !isSpan(structure, line) || this.isFolded(line);
    return before[row] === before[whole ? endOfLine(structure, line) : row + 1];
  }

  turn(line: number): void {
    if (!this.isParent(line)) return;
    const { structure } = this.trace;
    if (isSpan(structure, line)) return this.#fold(turn(this.folds.value, line));
    const group = groupOfLine(structure, line);
    this.#fold(setGroup(this.folds.value, group, this.isFolded(line) ? 'first' : 'folded'));
  }

  /** Unfolds all below a line, or folds it. */
  foldSubtree(line: number, folded: boolean): void {
    const { structure } = this.trace;
    if (isSpan(structure, line)) return this.#fold(foldSubtree(structure, this.folds.value, line, folded));
    this.#fold(setGroup(this.folds.value, groupOfLine(structure, line), folded ? 'folded' : 'all'));
  }

  #showAllMembers(rest: number): void {
    const row = this.lines.value.row[this.#place(rest)]!;
    this.foldSubtree(rest, false);
    this.#standOn(row);
  }

  /** Left: folds, or where there is nothing to fold goes to the parent. */
  left(): void {
    const line = this.cursor.value;
    if (line === null) return;
    if (this.isParent(line) && !this.isFolded(line)) return this.turn(line);
    const parent = parentLine(this.trace.structure, line);
    if (parent === NONE) return;
    if (isSpan(this.trace.structure, parent)) this.goTo(parent);
    else this.#standOn(parent);
  }

  /** Right: unfolds, or where that is done goes to the first child. */
  right(): void {
    const line = this.cursor.value;
    if (line === null) return;
    if (isRest(this.trace.structure, line)) this.#showAllMembers(line);
    else if (!this.isParent(line)) return;
    else if (this.isFolded(line)) this.turn(line);
    else this.step(1);
  }

  /** Leaves the first spans and their calls. */
  collapseAll(): void {
    this.#fold(foldedFrom(1));
  }

  /** Unfolds every subtree; a second time, similar siblings too. */
  expandAll(): void {
    this.#fold(expandAll(this.folds.value));
  }

  stepLevel(step: 1 | -1): void {
    this.#fold(stepLevel(this.trace.structure, this.folds.value, step));
  }

  #fold(folds: Folds): void {
    batch(() => {
      this.folds.value = folds;
      const cursor = this.cursor.value;
      if (cursor === null) return;
      // A cursor that was folded away stands on what hides it, and the panel follows it there.
      const shown = this.lines.value.line[this.#place(cursor)];
      if (shown === undefined) return;
      if (this.open.value !== null && isSpan(this.trace.structure, shown)) this.open.value = shown;
      this.#standOn(shown);
    });
  }

  filter(change: Partial<Filters>): void {
    batch(() => {
      this.filters.value = { ...this.filters.value, ...change };
      if (this.cursor.value !== null) this.showCursor.value++;
    });
  }

  /** Hides what does not match, or shows it dimmed. */
  hide(hidden: boolean): void {
    batch(() => {
      this.hideRest.value = hidden;
      if (this.cursor.value !== null) this.showCursor.value++;
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

  /** From where a search goes on: the row of the cursor, or one before what a fold hides. */
  #rowBeside(step: 1 | -1): number {
    const line = this.cursor.value;
    if (line === null) return step > 0 ? -1 : this.trace.count;
    if (isSpan(this.trace.structure, line)) return line;
    const row = this.lines.value.row[this.#place(line)]!;
    return step > 0 ? row - 1 : row;
  }

  nextError(step: 1 | -1): void {
    const row = this.trace.nextError(this.#rowBeside(step), step);
    if (row !== undefined) this.goTo(row);
  }

  nextMatch(step: 1 | -1): void {
    if (this.#finding) this.#goWhenFound = step;
    const rows = this.found.value?.rows;
    if (this.#finding || !rows || rows.length === 0) return;
    const from = this.#rowBeside(step);
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
          this.heardOf(spanCount);
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
