import { levelOfLine } from '../lines';
import type { Session } from '../session';
import { RowElement } from './row_element';
import type { Shown, ShownLine } from './shown_lines';

const INDENT = 12;
/** So much of the width is left for names, or half of it where that is less: deeper levels are not indented more. */
const TEXT_MIN = 150;

/** Keeps one element for each line on the screen. */
export class RowElements {
  readonly #scrolling: RowElement[] = [];
  readonly #sticking: RowElement[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly session: Session,
  ) {}

  /** Shows lines in a host that is `width` pixels wide. */
  show({ scrolling, sticky }: Shown, width: number): void {
    this.#grow(this.#scrolling, scrolling.length);
    this.#grow(this.#sticking, sticky.length);
    const indentMax = Math.floor(Math.max(width - TEXT_MIN, width / 2) / INDENT);
    const left = this.#outermost([...sticky, ...scrolling], indentMax);
    const show = (made: RowElement, line: ShownLine, sticks: '' | ' stick' | ' stick last') => {
      const level = levelOfLine(this.session.trace.structure, line.line);
      const indent = Math.min(indentMax, Math.max(0, level - left));
      made.place(line.y);
      made.show(this.session, line.line, line.place, { ...line, indent, sticks });
    };
    // A line keeps its element while it is on the screen, so scrolling by one changes one element.
    const slots = this.#scrolling.length;
    const unused = new Set(this.#scrolling);
    for (const line of scrolling) {
      const made = this.#scrolling[line.place % slots]!;
      unused.delete(made);
      show(made, line, '');
    }
    for (const made of unused) made.hide();
    this.#sticking.forEach((made, index) => {
      const line = sticky[index];
      if (line) show(made, line, index === sticky.length - 1 ? ' stick last' : ' stick');
      else made.hide();
    });
  }

  #grow(pool: RowElement[], count: number): void {
    while (pool.length < count) {
      const made = new RowElement();
      pool.push(made);
      this.host.append(made.root);
    }
  }

  /** The level at the left edge: 0, or in a deep trace what lets the lines on the screen differ in indentation. */
  #outermost(lines: ShownLine[], indentMax: number): number {
    const { structure } = this.session.trace;
    if (structure.maxLevel <= indentMax) return 0;
    const levels = lines.map(({ line }) => levelOfLine(structure, line));
    return Math.max(0, Math.min(structure.maxLevel, ...levels) - 2);
  }
}
