// How far back a search looks, in Jaeger's words: 15m, 1h, 2d, 4w.

const UNITS = {
  s: [1, 'second'],
  m: [60, 'minute'],
  h: [3600, 'hour'],
  d: [86_400, 'day'],
  w: [604_800, 'week'],
} as const;

export const LOOKBACKS = ['5m', '15m', '1h', '3h', '6h', '12h', '24h', '2d', '7d', '4w'];
/** No bound at all: for spans whose clocks are off, and for recordings of long ago. */
export const ANY_TIME = 'any';
/** A range from start to end. */
export const CUSTOM = 'custom';

/** In microseconds, as the search counts; null where the text is no lookback. */
export function parseLookback(text: string): number | null {
  const match = /^(\d{1,9})([smhdw])$/.exec(text);
  if (!match) return null;
  return Number(match[1]) * UNITS[match[2] as keyof typeof UNITS][0] * 1e6;
}

/** "Last hour", "Last 15 minutes". */
export function lookbackLabel(text: string): string {
  if (text === ANY_TIME) return 'Any time';
  if (text === CUSTOM) return 'Custom range';
  const match = /^(\d+)([smhdw])$/.exec(text);
  if (!match) return text;
  const unit = UNITS[match[2] as keyof typeof UNITS][1];
  return Number(match[1]) === 1 ? `Last ${unit}` : `Last ${Number(match[1])} ${unit}s`;
}
