import { Palette } from '../../trace/waterfall/palette';
import { makeRamp, parseRgb, type Ramps } from './colour_scale';

/** The colours of the picture, from the tokens; in forced colours from the reader's own few. */
export interface Colours extends Ramps {
  surface: string;
  grid: string;
  line: string;
  ink: string;
  accent: string;
  error: string;
  point: string;
}

const HEAT = ['heat-1', 'heat-2', 'heat-3', 'heat-4', 'heat-5'];
const HEAT_ERROR = ['heat-error-1', 'heat-error-2', 'heat-error-3', 'heat-error-4'];

/** Resolves the colours inside `host`, as they are now. */
export function readColours(host: HTMLElement): Colours {
  const palette = new Palette(host);
  const colour = (token: string) => palette.colour(token);
  const colours = {
    surface: colour('surface'),
    grid: colour('grid'),
    line: colour('line-strong'),
    ink: colour('ink'),
    accent: colour('accent'),
    error: colour('error'),
    point: colour('heat-4'),
  };
  palette.release();
  return { ...colours, ...readRamps(host) };
}

function readRamps(host: HTMLElement): Ramps {
  const probe = document.createElement('i');
  probe.hidden = true;
  host.append(probe);
  const read = (colour: string) => {
    probe.style.color = colour;
    return parseRgb(getComputedStyle(probe).color);
  };
  const forced = matchMedia('(forced-colors: active)').matches;
  const [paper, text, highlight] = ['Canvas', 'CanvasText', 'Highlight'].map(read);
  const tokens = (names: string[]) => names.map((name) => read(`var(--${name})`));
  // From a fifth of the way on, so that a single trace is seen.
  const from = (a: typeof paper, b: typeof paper, share: number) =>
    a!.map((part, channel) => part + (b![channel]! - part) * share) as unknown as typeof paper;
  const ramps = forced
    ? {
        countRamp: makeRamp([from(paper, text, 0.2)!, text!]),
        errorRamp: makeRamp([from(paper, highlight, 0.6)!, highlight!]),
      }
    : { countRamp: makeRamp(tokens(HEAT)), errorRamp: makeRamp(tokens(HEAT_ERROR)) };
  probe.remove();
  return ramps;
}
