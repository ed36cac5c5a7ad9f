import { axisTicks, formatDuration, type Ticks } from '../../format/duration';
import type { TimeWindow } from '../time_window';
import type { Trace } from '../trace';

/** Room before the first bar, for the cap of an error. */
export const INSET = 8;
/** Room for the inset and, after the last bar, for its duration: 3.12 s, or longer as in 1 min 40 s. */
const RESERVED = 64;
const RESERVED_LONG = 88;
const LONG = 7;
/** What is drawn off the screen is cut here: canvases lose precision far out. */
const BEYOND = 50;
const TICKS = 6;
const TICKS_NARROW = 3;
const NARROW = 360;

export function reservedWidth(trace: Trace): number {
  return formatDuration(trace.durationNano).length > LONG ? RESERVED_LONG : RESERVED;
}

/** Between time and pixels: the same for bars, ruler and grid. */
export class Axis {
  readonly #scale: number;

  constructor(
    readonly trace: Trace,
    readonly window: TimeWindow,
    readonly width: number,
  ) {
    this.#scale = Math.max(1, width - reservedWidth(trace)) / (window.to - window.from);
  }

  /** Where a time lies, cut a little outside the screen. */
  x(time: number): number {
    const x = (time - this.window.from) * this.#scale + INSET;
    return Math.min(this.width + BEYOND, Math.max(-BEYOND, x));
  }

  time(x: number): number {
    const time = this.window.from + (x - INSET) / this.#scale;
    return Math.min(this.trace.total, Math.max(0, time));
  }

  /** Grid lines: where they lie and the time there in nanoseconds. */
  ticks(): { ticks: Ticks; at: [x: number, nano: number][] } {
    const { from, to } = this.window;
    const nano = (units: number) => this.trace.nano(units);
    const ticks = axisTicks(nano(to - from), nano(to), this.width < NARROW ? TICKS_NARROW : TICKS);
    const at: [number, number][] = [];
    const first = Math.ceil(nano(from) / ticks.step - 1e-9);
    // A trace that took no time is drawn a unit wide; there is nothing to tell after its start.
    const last = this.trace.durationNano > 0 ? nano(to) * (1 + 1e-12) : 0;
    for (let index = first; index * ticks.step <= last; index++) {
      at.push([Math.round(this.x((index * ticks.step) / this.trace.columns.unit)), index * ticks.step]);
    }
    return { ticks, at };
  }
}
