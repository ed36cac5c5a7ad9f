import { serviceToken } from '../../controls/colour';
import { formatCount } from '../../format/count';
import { formatDuration } from '../../format/duration';
import { NONE } from '../columns';
import { MEMBERS_FIRST } from '../folds';
import { groupOfLine, isRest, isSpan, levelOfLine, parentLine, rowOfLine } from '../lines';
import { shortOperation } from '../operation_name';
import { errorsText, groupErrors, groupTime, restText } from '../repeats_text';
import type { Session } from '../session';
import { placeInSet } from '../slots';

const CARET_DOWN = 'm4 6 4 4 4-4';
const CARET_RIGHT = 'm6 4 4 4-4 4';
const OCTAGON = 'M5.3 1.8h5.4l3.5 3.5v5.4l-3.5 3.5H5.3l-3.5-3.5V5.3zM8 4.8v3.7M8 11h.01';
const SVG = 'http://www.w3.org/2000/svg';

export function rowId(line: number): string {
  return `span-row-${line}`;
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

export interface Look {
  folded: boolean;
  selected: boolean;
  hovered: boolean;
  dimmed: boolean;
  indent: number;
  /** '', or how it sticks to the top. */
  sticks: '' | ' stick' | ' stick last';
}

/** The name of one line: an element and not pixels, for it is a row of the treegrid too. It is used again and again. */
export class RowElement {
  readonly root = document.createElement('div');
  readonly #name = element('name', 'gridcell');
  readonly #caret = element('car');
  readonly #caretPath: Element;
  readonly #dot = document.createElement('i');
  readonly #tag = element('tag');
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
    this.#name.append(this.#caret, this.#dot, this.#tag, this.#error, this.#text, this.#hidden);
    this.root.append(this.#name, this.#time);
  }

  hide(): void {
    this.root.hidden = true;
    this.root.id = '';
    this.root.className = 'r';
    this.root.removeAttribute('aria-selected');
    this.#shown = '';
  }

  place(y: number): void {
    this.root.hidden = false;
    this.root.style.transform = `translateY(${y}px)`;
  }

  show(session: Session, line: number, place: number, look: Look): void {
    const { trace } = session;
    const { structure } = trace;
    const { folded, selected, hovered, dimmed, indent, sticks } = look;
    const [position, size] = placeInSet(structure, session.slots.value, session.folds.value, line);
    const key = `${line} ${place} ${position} ${size} ${folded} ${selected} ${hovered} ${dimmed} ${indent}${sticks}`;
    if (key === this.#shown) return;
    this.#shown = key;
    const { root } = this;
    root.id = rowId(line);
    root.className = `r${selected ? ' sel' : ''}${hovered ? ' hov' : ''}${dimmed ? ' dimmed' : ''}${sticks}`;
    root.style.setProperty('--indent', String(indent));
    const set = (name: string, value: number | boolean) => root.setAttribute(`aria-${name}`, String(value));
    set('level', levelOfLine(structure, line) + 1);
    set('posinset', position);
    set('setsize', size);
    set('rowindex', place + 1);
    set('selected', selected);
    if (session.isParent(line)) set('expanded', !folded);
    else root.removeAttribute('aria-expanded');
    this.#caret.classList.toggle('none', !session.isParent(line));
    this.#caretPath.setAttribute('d', folded ? CARET_RIGHT : CARET_DOWN);
    const row = rowOfLine(structure, line);
    this.#dot.style.setProperty('--c', `var(--${serviceToken(trace.colour(row))})`);
    const rest = isRest(structure, line);
    this.#dot.toggleAttribute('hidden', rest);
    this.#text.title = rest ? '' : `${trace.service(row)} ${trace.name(row)}`;
    if (rest) this.#showRest(session, groupOfLine(structure, line));
    else {
      this.#showName(session, line, row);
      if (isSpan(structure, line)) this.#showSpan(session, row, folded);
      else this.#showGroup(session, groupOfLine(structure, line));
    }
  }

  /** The service where it changes, the operation alone where it does not. */
  #showName({ trace }: Session, line: number, row: number): void {
    const above = parentLine(trace.structure, line);
    const parent = above === NONE ? NONE : rowOfLine(trace.structure, above);
    const changes = parent === NONE || trace.columns.service[parent] !== trace.columns.service[row];
    this.#service.textContent = changes ? trace.service(row) : '';
    this.#operation.textContent = shortOperation(trace.name(row));
    this.#operation.classList.toggle('own', !changes);
  }

  /** An error of the span itself, and behind a fold how many spans it hides and whether some of those failed. */
  #showSpan({ trace }: Session, row: number, folded: boolean): void {
    const { subtreeEnd, errorsBefore } = trace.structure;
    this.#showTag('');
    const failed = trace.failed(row);
    const hiddenErrors = folded ? errorsBefore[subtreeEnd[row]!]! - errorsBefore[row + 1]! : 0;
    this.#error.toggleAttribute('hidden', !failed && hiddenErrors === 0);
    this.#hidden.textContent = folded ? formatCount(subtreeEnd[row]! - row - 1) : '';
    const among = hiddenErrors ? `, ${errorsText(hiddenErrors)} among them` : '';
    this.#hidden.title = folded ? `Spans folded away${among}` : '';
    const duration = formatDuration(trace.nano(trace.columns.duration[row]!));
    let text = `${duration}, starts at ${formatDuration(trace.nano(trace.start(row)))}`;
    if (failed) text += ', error';
    if (hiddenErrors > 0) text += `, ${errorsText(hiddenErrors)} folded away`;
    this.#time.textContent = text;
  }

  #showGroup({ trace }: Session, group: number): void {
    const errors = groupErrors(trace, group);
    this.#showTag(`${formatCount(trace.structure.repeats.size[group]!)}×`);
    this.#error.toggleAttribute('hidden', errors === 0);
    this.#hidden.textContent = '';
    this.#time.textContent = `similar spans, ${groupTime(trace, group)}${errors ? `, ${errorsText(errors)}` : ''}`;
  }

  #showTag(text: string): void {
    this.#tag.hidden = text === '';
    this.#tag.textContent = text;
  }

  #showRest({ slots }: Session, group: number): void {
    this.#showTag('');
    this.#error.toggleAttribute('hidden', true);
    this.#service.textContent = this.#hidden.textContent = this.#time.textContent = '';
    this.#operation.textContent = restText(slots.value.members[group]!, MEMBERS_FIRST);
    this.#operation.classList.remove('own');
  }
}
