import { KIND_CLIENT, NONE } from '../columns';
import type { Trace } from '../trace';

// The whole trace on 48 pixels: thousands of spans share each line of pixels. A later row lies over an earlier one,
// as in the waterfall, so lines are filled from the last row backwards and each pixel is set once.

/** For each pixel, 1 + the row that is seen there; 0 where there is none. Linear in spans and pixels. */
export function minimapRows(trace: Trace, width: number, height: number): Uint32Array {
  const pixels = new Uint32Array(width * height);
  /** From each pixel of the line, the next one that is still free. */
  const free = new Int32Array(width + 1);
  const { count, total } = trace;
  const { start, duration } = trace.columns;
  const linesPerRow = height / count;
  let row = count - 1;
  for (let line = height - 1; line >= 0; line--) {
    for (let x = 0; x <= width; x++) free[x] = x;
    const first = Math.min(count - 1, Math.floor(line / linesPerRow));
    // A trace of few spans has several lines to a row: the last of them stays empty, so that rows are told apart.
    const last = linesPerRow > 1 ? first : Math.min(row, Math.floor((line + 1) / linesPerRow) - 1);
    if (linesPerRow >= 2 && Math.floor((line + 1) / linesPerRow) !== first) continue;
    for (row = Math.max(first, last); row >= first; row--) {
      const from = Math.min(width - 1, Math.floor((start[row]! / total) * width));
      const to = Math.min(
        width,
        Math.max(from + 1, Math.round(((start[row]! + duration[row]!) / total) * width)),
      );
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
