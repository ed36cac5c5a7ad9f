import { CUSTOM, lookbackLabel, parseLookback } from '../search/lookback';
import { formatTimeRange } from '../format/time_range';

// The time that services, a service's page and the map look at: the parameters of the search (lookback, or start and
// end in µs), and what is asked of the rollups for it.

export const WINDOWS = ['15m', '1h', '6h', '24h', '7d'];
export const DEFAULT_LOOKBACK = '1h';

/** As the address says it. */
export interface AskedWindow {
  /** "1h", or CUSTOM. */
  lookback: string;
  /** ms since 1970, both 0 where a lookback says it. */
  start: number;
  end: number;
}

/** What is asked for: whole steps, ms since 1970. The last step of a lookback is under way. */
export interface StepWindow {
  start: number;
  end: number;
  step: number;
}

const MINUTE = 60_000;
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 240, 360, 720, 1440].map((minutes) => minutes * MINUTE);
const DAY = 1440 * MINUTE;
/** More points than that have less than a few pixels each. */
const POINTS_MAX = 100;

export function readWindow(parameters: URLSearchParams): AskedWindow {
  const [start, end] = [microseconds(parameters.get('start')), microseconds(parameters.get('end'))];
  if (start > 0 && end > start) return { lookback: CUSTOM, start, end };
  const asked = parameters.get('lookback') ?? fromTimeframe(parameters.get('timeframe'));
  const lookback = parseLookback(asked) === null ? DEFAULT_LOOKBACK : asked;
  return { lookback, start: 0, end: 0 };
}

function microseconds(text: string | null): number {
  return /^\d{1,17}$/.test(text ?? '') ? Number(text) / 1000 : 0;
}

/** Jaeger's monitor page says how far back it looks in milliseconds. */
function fromTimeframe(text: string | null): string {
  return /^\d{5,10}$/.test(text ?? '') ? `${Math.ceil(Number(text) / MINUTE)}m` : '';
}

/** The same address with another window. */
export function withWindow(parameters: URLSearchParams, asked: AskedWindow): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  for (const name of ['start', 'end', 'lookback', 'timeframe']) changed.delete(name);
  if (asked.lookback === CUSTOM) {
    changed.set('start', String(Math.round(asked.start * 1000)));
    changed.set('end', String(Math.round(asked.end * 1000)));
  } else if (asked.lookback !== DEFAULT_LOOKBACK) {
    changed.set('lookback', asked.lookback);
  }
  return changed;
}

/** The same address with its window fixed, so that a link shows later what is seen at `now`. */
export function pinWindow(parameters: URLSearchParams, now: number): URLSearchParams {
  const { start, end } = stepWindow(readWindow(parameters), now);
  return withWindow(parameters, { lookback: CUSTOM, start, end });
}

export function stepFor(duration: number): number {
  const step = STEPS.find((each) => duration / each <= POINTS_MAX);
  return step ?? Math.ceil(duration / POINTS_MAX / DAY) * DAY;
}

/** The steps of a window that is looked at, at `now`. */
export function stepWindow(asked: AskedWindow, now: number): StepWindow {
  const back = asked.lookback === CUSTOM ? null : parseLookback(asked.lookback);
  if (back === null) {
    const start = Math.floor(asked.start / MINUTE) * MINUTE;
    const step = stepFor(asked.end - start);
    return { start, end: start + Math.max(1, Math.ceil((asked.end - start) / step)) * step, step };
  }
  const duration = Math.max(MINUTE, back / 1000);
  const step = stepFor(duration);
  const end = (Math.floor(now / step) + 1) * step;
  return { start: end - Math.ceil(duration / step) * step, end, step };
}

/** start, end and step as the API takes them. */
export function askFor({ start, end, step }: StepWindow): URLSearchParams {
  return new URLSearchParams({
    start: String(start * 1000),
    end: String(end * 1000),
    step: String(step / 1000),
  });
}

/** "in the last hour", "from 14:21 to 14:36" */
export function windowInWords(asked: AskedWindow, now: number): string {
  if (asked.lookback !== CUSTOM) return `in the ${lookbackLabel(asked.lookback).toLowerCase()}`;
  const { start, end } = stepWindow(asked, now);
  return `from ${formatTimeRange(start, end)}`;
}

/** The parameters of a search that finds the traces of this window. */
export function searchParameters(asked: AskedWindow): Record<string, string> {
  if (asked.lookback !== CUSTOM) return { lookback: asked.lookback };
  return {
    lookback: CUSTOM,
    start: String(Math.round(asked.start * 1000)),
    end: String(Math.round(asked.end * 1000) - 1),
  };
}
