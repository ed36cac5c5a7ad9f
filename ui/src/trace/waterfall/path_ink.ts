import { NONE } from '../columns';
import type { Trace } from '../trace';
import type { Axis } from './axis';

// The critical path: ink below the bars. A span shows its own time on the path; a line that hides others shows theirs.

const THICKNESS = 2;
const BELOW_TOP = 20;
/** On a span with children, shorter pieces are the moments between two of them: left out. */
const SPECK = 3;
const PIECE_MIN = 1.5;
/** Pieces of what is hidden that are closer than this are drawn as one. */
const GAP_MAX = 2;

export class PathInk {
  /** For each pixel 1 + the row that is on the path there, 0 where none is. Made when a line first needs it. */
  #pixels: Uint32Array | undefined;

  constructor(
    private readonly trace: Trace,
    private readonly axis: Axis,
  ) {}

  /** The span's own pieces. */
  drawOwn(context: CanvasRenderingContext2D, row: number, y: number): void {
    const { path, childCount } = this.trace.structure;
    const { pathStart, pathEnd } = this.trace.columns;
    const parent = childCount[row]! > 0;
    for (let index = path.begin[row]!; index < path.begin[row + 1]!; index++) {
      const segment = path.segment[index]!;
      const x = this.axis.x(pathStart[segment]!);
      const length = this.axis.x(pathEnd[segment]!) - x;
      if ((parent && length < SPECK) || x > this.axis.width || x + length < 0) continue;
      context.fillRect(x, y + BELOW_TOP, Math.max(PIECE_MIN, length), THICKNESS);
    }
  }

  /** The pieces of all rows from `begin` to before `end`. */
  drawWithin(context: CanvasRenderingContext2D, begin: number, end: number, y: number): void {
    const pixels = (this.#pixels ??= this.#paint());
    let from = -1;
    let last = -Infinity;
    const flush = () => {
      if (from >= 0) context.fillRect(from, y + BELOW_TOP, last + 1 - from, THICKNESS);
    };
    for (let x = 0; x < pixels.length; x++) {
      const row = pixels[x]! - 1;
      if (row < begin || row >= end) continue;
      if (x - last > GAP_MAX) {
        flush();
        from = x;
      }
      last = x;
    }
    flush();
  }

  /** Segments follow each other, so a pixel that several share goes to the longest of them there. */
  #paint(): Uint32Array {
    const { pathRow, pathStart, pathEnd } = this.trace.columns;
    const width = Math.max(1, Math.ceil(this.axis.width));
    const pixels = new Uint32Array(width);
    const share = new Float32Array(width);
    for (let segment = 0; segment < pathRow.length; segment++) {
      const [from, to] = [this.axis.x(pathStart[segment]!), this.axis.x(pathEnd[segment]!)];
      if (to < 0 || from >= width || pathRow[segment] === NONE) continue;
      for (let x = Math.max(0, Math.floor(from)); x < Math.min(width, to); x++) {
        const covered = Math.min(to, x + 1) - Math.max(from, x);
        if (covered <= share[x]!) continue;
        share[x] = covered;
        pixels[x] = pathRow[segment]! + 1;
      }
    }
    return pixels;
  }
}
