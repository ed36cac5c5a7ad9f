import type { Session } from '../session';
import { stickyLines, STICKY_MAX } from '../sticky';
import { placeOf } from '../lines';

export const ROW = 24;
/** Sticky lines leave most of a low screen to what scrolls. */
const STICKY_SHARE = 1 / 3;

/** A line on the screen. */
export interface ShownLine {
  line: number;
  /** The first row that it stands for. */
  row: number;
  /** Among all lines. */
  place: number;
  /** From the top of the screen, in pixels. */
  y: number;
  folded: boolean;
  selected: boolean;
  hovered: boolean;
  dimmed: boolean;
}

/** What is on the screen: ancestors that stick to the top, outermost first, and below them what scrolls. */
export interface Shown {
  sticky: ShownLine[];
  scrolling: ShownLine[];
}

export function stickyMax(height: number): number {
  return Math.min(STICKY_MAX, Math.floor((height / ROW) * STICKY_SHARE));
}

/** The lines of a screen `height` pixels high that begins `offset` pixels below the first line. */
export function shownLines(session: Session, offset: number, height: number): Shown {
  const { trace, cursor, hover } = session;
  const lines = session.lines.value;
  const describe = (line: number, place: number, y: number): ShownLine => {
    const row = lines.row[place]!;
    const [selected, hovered] = [line === cursor.value, line === hover.value];
    return {
      ...{ line, row, place, y, selected, hovered },
      folded: session.isFolded(line),
      dimmed: session.isDimmed(line, row),
    };
  };
  const first = Math.floor(offset / ROW);
  const end = Math.min(lines.line.length, first + Math.ceil(height / ROW) + 1);
  const sticky = stickyLines(trace.structure, lines, first, stickyMax(height));
  const scrolling: ShownLine[] = [];
  for (let place = first + sticky.length; place < end; place++) {
    scrolling.push(describe(lines.line[place]!, place, place * ROW - offset));
  }
  return {
    sticky: sticky.map((line, index) => describe(line, placeOf(trace.structure, lines, line), index * ROW)),
    scrolling,
  };
}

/** The line at a height on the screen. */
export function lineAt({ sticky, scrolling }: Shown, y: number): number | undefined {
  if (y < sticky.length * ROW) return sticky[Math.floor(y / ROW)]?.line;
  return scrolling.find((shown) => y >= shown.y && y < shown.y + ROW)?.line;
}
