// How many traces, and what share of them with errors, as colours between the steps of a ramp.

export type Rgb = readonly [number, number, number];

/** The share of traces with an error from which on a cell tells errors instead of counts. */
export const ERROR_SHARE_MIN = 0.05;
/** Colours are made once for so many steps; a picture has thousands of cells. */
const STEPS = 64;

/** A ramp as `STEPS + 1` opaque pixels, in the order of bytes that a canvas has, between `stops` of equal distance. */
export function makeRamp(stops: readonly Rgb[]): Uint32Array {
  const bytes = new Uint8Array(4 * (STEPS + 1)).fill(255);
  for (let step = 0; step <= STEPS; step++) {
    const at = (step / STEPS) * (stops.length - 1);
    const index = Math.min(stops.length - 2, Math.floor(at));
    const [from, to] = [stops[index]!, stops[index + 1]!];
    from.forEach((part, channel) => {
      bytes[4 * step + channel] = Math.round(part + (to[channel]! - part) * (at - index));
    });
  }
  return new Uint32Array(bytes.buffer);
}

export interface Ramps {
  countRamp: Uint32Array;
  errorRamp: Uint32Array;
}

/** The pixel of a cell: the square root of its count tells few from none without drowning many. */
export function cellPixel(
  { countRamp, errorRamp }: Ramps,
  traces: number,
  withError: number,
  most: number,
): number {
  const share = withError / traces;
  if (share >= ERROR_SHARE_MIN) return errorRamp[Math.round(share * STEPS)]!;
  return countRamp[Math.round(Math.sqrt(traces / Math.max(1, most)) * STEPS)]!;
}

/** Reads what a browser says a colour is: rgb(1, 2, 3). */
export function parseRgb(colour: string): Rgb {
  const [red = 0, green = 0, blue = 0] = colour.match(/[\d.]+/g)?.map(Number) ?? [];
  return [red, green, blue];
}
