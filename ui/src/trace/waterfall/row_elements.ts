import { serviceToken } from '../../controls/colour';
import { formatCount } from '../../format/count';
import { formatDuration } from '../../format/duration';
import { NONE } from '../columns';
import type { Session } from '../session';
import type { Trace } from '../trace';
import { ROW } from './bars';

// The names of the rows on the screen. They are elements and not pixels, for they are also the treegrid that
// assistive technology reads. The elements are used again and again while the reader scrolls.

const CARET_DOWN = 'm4 6 4 4 4-4';
const CARET_RIGHT = 'm6 4 4 4-4 4';
const OCTAGON = 'M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3zM8 4.8v3.7M8 11h.01';
const SVG = 'http://www.w3.org/2000/svg';

const INDENT = 12;
/** So much of the width is left for names, or half of it where that is less: deeper levels are not indented more. */
const TEXT_MIN = 150;

export function rowId(row: number): string {
  return `span-row-${row}`;
}

function icon(path: string, classes: string): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', `i ${classes}`);
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(SVG, 'path'));
  svg.firstElementChild?.setAttribute('d', path);
  return svg;
}

function element(classes: string, role?: string): HTMLElement {
  const made = document.createElement('span');
  made.className = classes;
  if (role) made.setAttribute('role', role);
  return made;
}

interface Look {
  folded: boolean;
  selected: boolean;
  hovered: boolean;
  dimmed: boolean;
  indent: number;
}

class RowElement {
  readonly root = document.createElement('div');
  readonly #name = element('name', 'gridcell');
  readonly #caret = element('car');
  readonly #caretPath: Element;
  readonly #dot = document.createElement('i');
  readonly #error = icon(OCTAGON, 'erri');
  readonly #text = element('cut');
  readonly #service = document.createElement('b');
  readonly #operation = element('op');
  readonly #hidden = element('cnt');
  readonly #time = element('sr', 'gridcell');
  #shown = '';

  constructor() {
    this.root.setAttribute('role', 'row');
    const caret = icon(CARET_DOWN, '');
    this.#caretPath = caret.firstElementChild as Element;
    this.#caret.append(caret);
    this.#dot.className = 'dot';
    this.#text.append(this.#service, ' ', this.#operation);
    this.#name.append(this.#caret, this.#dot, this.#error, this.#text, this.#hidden);
    this.root.append(this.#name, this.#time);
  }

  hide(): void {
    this.root.hidden = true;
    this.root.id = '';
    this.root.className = 'r';
    this.#shown = '';
  }

  place(y: number): void {
    this.root.hidden = false;
    this.root.style.transform = `translateY(${y}px)`;
  }

  show(trace: Trace, row: number, place: number, look: Look): void {
    const { folded, selected, hovered, dimmed, indent } = look;
    const key = `${row} ${place} ${folded} ${selected} ${hovered} ${dimmed} ${indent}`;
    if (key === this.#shown) return;
    this.#shown = key;
    const { root } = this;
    root.id = rowId(row);
    root.className = `r${selected ? ' sel' : ''}${hovered ? ' hov' : ''}${dimmed ? ' dimmed' : ''}`;
    root.dataset.row = String(row);
    root.style.setProperty('--indent', String(indent));
    this.#describe(trace, row, place, folded, selected);
    const parent = trace.columns.parent[row]!;
    const serviceChanges = parent === NONE || trace.columns.service[parent] !== trace.columns.service[row];
    this.#caret.classList.toggle('none', !trace.isParent(row));
    this.#caretPath.setAttribute('d', folded ? CARET_RIGHT : CARET_DOWN);
    this.#dot.style.setProperty('--c', `var(--${serviceToken(trace.colour(row))})`);
    this.#service.textContent = serviceChanges ? trace.service(row) : '';
    this.#operation.textContent = trace.name(row);
    this.#operation.classList.toggle('own', !serviceChanges);
    this.#showError(trace, row, folded);
  }

  #describe(trace: Trace, row: number, place: number, folded: boolean, selected: boolean): void {
    const { structure, columns } = trace;
    const parent = columns.parent[row]!;
    const set = (name: string, value: number | boolean) =>
      this.root.setAttribute(`aria-${name}`, String(value));
    set('level', structure.depth[row]! + 1);
    set('posinset', structure.position[row]!);
    set('setsize', parent === NONE ? structure.rootCount : structure.childCount[parent]!);
    set('rowindex', place + 1);
    set('selected', selected);
    if (trace.isParent(row)) set('expanded', !folded);
    else this.root.removeAttribute('aria-expanded');
    const duration = formatDuration(trace.nano(columns.duration[row]!));
    this.#time.textContent = `${duration}, starts at ${formatDuration(trace.nano(trace.start(row)))}`;
  }

  /** An error of the row itself, and behind a fold how many spans it hides and whether some of those failed. */
  #showError(trace: Trace, row: number, folded: boolean): void {
    const { subtreeEnd, errorsBefore } = trace.structure;
    const failed = trace.failed(row);
    const hiddenErrors = folded ? errorsBefore[subtreeEnd[row]!]! - errorsBefore[row + 1]! : 0;
    this.#error.toggleAttribute('hidden', !failed && hiddenErrors === 0);
    this.#hidden.textContent = folded ? formatCount(subtreeEnd[row]! - row - 1) : '';
    const errors = hiddenErrors === 1 ? '1 error' : `${formatCount(hiddenErrors)} errors`;
    this.#hidden.title = folded ? `Spans folded away${hiddenErrors ? `, ${errors} among them` : ''}` : '';
    if (failed) this.#time.textContent += ', error';
    if (hiddenErrors > 0) this.#time.textContent += `, ${errors} folded away`;
    this.#text.title = `${trace.service(row)} ${trace.name(row)}`;
  }
}

/** Keeps one element for each row on the screen. */
export class RowElements {
  readonly #pool: RowElement[] = [];

  constructor(
    private readonly host: HTMLElement,
    private readonly session: Session,
  ) {}

  /** Shows `count` visible rows from `first` on, which are `offset` pixels above the top of the host. */
  show(first: number, count: number, offset: number, width: number): void {
    const { trace, visible, cursor, hover, found } = this.session;
    const rows = visible.value;
    while (this.#pool.length < count) {
      const made = new RowElement();
      this.#pool.push(made);
      this.host.append(made.root);
    }
    const indentMax = Math.floor(Math.max(width - TEXT_MIN, width / 2) / INDENT);
    const left = this.#outermost(first, count, indentMax);
    // A row keeps its element while it is on the screen, so scrolling by one changes one element.
    for (let slot = 0; slot < this.#pool.length; slot++) {
      const place = first + ((((slot - first) % this.#pool.length) + this.#pool.length) % this.#pool.length);
      const made = this.#pool[slot]!;
      const row = place < first + count ? rows[place] : undefined;
      if (row === undefined) {
        made.hide();
        continue;
      }
      made.place(place * ROW - offset);
      made.show(trace, row, place, {
        folded: this.session.isFolded(row),
        selected: row === cursor.value,
        hovered: row === hover.value,
        dimmed: found.value !== null && found.value.marks[row] === 0,
        indent: Math.min(indentMax, Math.max(0, trace.structure.depth[row]! - left)),
      });
    }
  }

  /** The level at the left edge: 0, or in a deep trace what lets the rows on the screen differ in indentation. */
  #outermost(first: number, count: number, indentMax: number): number {
    const { trace, visible } = this.session;
    const { depth, maxDepth } = trace.structure;
    if (maxDepth <= indentMax) return 0;
    let shallowest = maxDepth;
    for (let place = first; place < Math.min(first + count, visible.value.length); place++) {
      shallowest = Math.min(shallowest, depth[visible.value[place]!]!);
    }
    return Math.max(0, shallowest - 2);
  }
}
