import { KIND_CLIENT, NONE } from '../columns';
import { NOTHING_FOLDED } from '../folds';
import { groupOfLine, isSpan, listLines, type Lines } from '../lines';
import type { Trace } from '../trace';

// The whole trace on 48 pixels: thousands of lines share each line of pixels. A later one lies over an earlier one,
// as in the waterfall, so pixels are filled from the last line backwards and each is set once. Similar siblings are one
// line, as they are when a trace opens: a loop of queries must not fill the picture.

/** The lines of the picture, and the end of each in units. */
export interface Overview {
  lines: Lines;
  end: Float64Array;
}

export function overviewOf(trace: Trace): Overview {
  const { structure } = trace;
  const lines = listLines(structure, NOTHING_FOLDED, null, structure.repeats.size);
  const end = Float64Array.from(lines.line, (line) =>
    isSpan(structure, line) ? trace.end(line) : structure.repeats.endTime[groupOfLine(structure, line)]!,
  );
  return { lines, end };
}

/** For each pixel, 1 + the row that is seen there; 0 where there is none. Linear in lines and pixels. */
export function minimapRows(trace: Trace, overview: Overview, width: number, height: number): Uint32Array {
  const pixels = new Uint32Array(width * height);
  /** From each pixel of the line, the next one that is still free. */
  const free = new Int32Array(width + 1);
  const { total } = trace;
  const { start } = trace.columns;
  const rows = overview.lines.row;
  const count = rows.length;
  const pixelsPerLine = height / count;
  let place = count - 1;
  for (let line = height - 1; line >= 0; line--) {
    for (let x = 0; x <= width; x++) free[x] = x;
    const first = Math.min(count - 1, Math.floor(line / pixelsPerLine));
    // A trace of few spans has several pixels to a line: the last of them stays empty, so that lines are told apart.
    const last = pixelsPerLine > 1 ? first : Math.min(place, Math.floor((line + 1) / pixelsPerLine) - 1);
    if (pixelsPerLine >= 2 && Math.floor((line + 1) / pixelsPerLine) !== first) continue;
    for (place = Math.max(first, last); place >= first; place--) {
      const row = rows[place]!;
      const from = Math.min(width - 1, Math.floor((start[row]! / total) * width));
      const to = Math.min(width, Math.max(from + 1, Math.round((overview.end[place]! / total) * width)));
      for (let x = nextFree(free, from); x < to; x = nextFree(free, x)) {
        pixels[line * width + x] = row + 1;
        free[x] = x + 1;
      }
    }
  }
  return pixels;
}

function nextFree(free: Int32Array, x: number): number {
  let root = x;
  while (free[root]! !== root) root = free[root]!;
  for (let at = x; free[at]! !== at;) {
    const after = free[at]!;
    free[at] = root;
    at = after;
  }
  return root;
}

export interface MinimapColours {
  error: number;
  /** By the index of the service in the columns. */
  service: number[];
}

/** Paints the rows as ABGR numbers, as a canvas holds them. A client that waits is paler than work. */
export function paintMinimap(trace: Trace, rows: Uint32Array, colours: MinimapColours): Uint32Array {
  const { service, kind } = trace.columns;
  const { waitBegin } = trace.structure;
  const paler = (colour: number) => ((colour & 0x00ffffff) | 0x73000000) >>> 0;
  return rows.map((seen) => {
    if (seen === 0) return 0;
    const row = seen - 1;
    if (trace.failed(row)) return colours.error;
    const colour = colours.service[service[row]!]!;
    return kind[row] === KIND_CLIENT && waitBegin[row] !== NONE ? paler(colour) : colour;
  });
}
