import { formatDuration, parseGoDuration } from '../format/duration';
import { inZone } from '../format/zone';

// A box in the picture above the results: traces that start in a range of time and take a range of durations.

/** Bounds are inclusive and in nanoseconds, starts since 1970; null is none. */
export interface Box {
  startMin: bigint | null;
  startMax: bigint | null;
  durationMin: number | null;
  durationMax: number | null;
}

export const NO_BOX: Box = { startMin: null, startMax: null, durationMin: null, durationMax: null };

export function isOpen(box: Box): boolean {
  return Object.values(box).every((bound) => bound === null);
}

export function sameBox(a: Box, b: Box): boolean {
  return (Object.keys(NO_BOX) as (keyof Box)[]).every((bound) => a[bound] === b[bound]);
}

/** The box in an address. A range that is no range, or is written in another way, is left out. */
export function readBox(parameters: URLSearchParams): Box {
  const startMin = readTime(parameters.get('traceStartMin'));
  const startMax = readTime(parameters.get('traceStartMax'));
  const durationMin = readDuration(parameters.get('traceDurationMin'));
  const durationMax = readDuration(parameters.get('traceDurationMax'));
  const noTime = startMin !== null && startMax !== null && startMin > startMax;
  const noDuration = durationMin !== null && durationMax !== null && durationMin > durationMax;
  return {
    ...(noTime ? { startMin: null, startMax: null } : { startMin, startMax }),
    ...(noDuration ? { durationMin: null, durationMax: null } : { durationMin, durationMax }),
  };
}

/** Writes the bounds as the server takes them. */
export function writeBox(box: Box, parameters: URLSearchParams): void {
  if (box.startMin !== null) parameters.set('traceStartMin', String(box.startMin));
  if (box.startMax !== null) parameters.set('traceStartMax', String(box.startMax));
  if (box.durationMin !== null) parameters.set('traceDurationMin', goDuration(box.durationMin));
  if (box.durationMax !== null) parameters.set('traceDurationMax', goDuration(box.durationMax));
}

function readTime(text: string | null): bigint | null {
  return text !== null && /^\d{1,19}$/.test(text) ? BigInt(text) : null;
}

function readDuration(text: string | null): number | null {
  const duration = text === null ? null : parseGoDuration(text);
  return duration === null ? null : Math.round(duration);
}

const UNITS = [
  [1e9, 's', 9],
  [1e6, 'ms', 6],
  [1e3, 'us', 3],
] as const;

/** Whole nanoseconds as Go writes a duration, every digit kept: 1.2s, 100ms, 1.204338112s. */
export function goDuration(nanoseconds: number): string {
  const [size, name, digits] = UNITS.find(([unit]) => nanoseconds >= unit) ?? [1, 'ns', 0];
  const below = String(nanoseconds % size)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return `${Math.floor(nanoseconds / size)}${digits > 0 && below ? `.${below}` : ''}${name}`;
}

/** The box in words: 14:21–14:36, 1.20–6.00 s. */
export function boxInWords(box: Box): string {
  return [timesInWords(box), durationsInWords(box)].filter((part) => part !== '').join(', ');
}

function timesInWords({ startMin, startMax }: Box): string {
  if (startMin === null && startMax === null) return '';
  const texts = timeTexts(startMin, startMax);
  if (startMax === null) return `from ${texts[0]}`;
  return startMin === null ? `until ${texts[1]}` : `${texts[0]}–${texts[1]}`;
}

export function durationsInWords({ durationMin, durationMax }: Box): string {
  if (durationMin === null) return durationMax === null ? '' : `up to ${formatDuration(durationMax)}`;
  if (durationMax === null) return `${formatDuration(durationMin)} or longer`;
  const [from, to] = [formatDuration(durationMin), formatDuration(durationMax)];
  // One number and its unit each, the same unit: it is said once.
  const [fromParts, toParts] = [from.split(' '), to.split(' ')];
  const shared = fromParts.length === 2 && toParts.length === 2 && fromParts[1] === toParts[1];
  return `${shared ? fromParts[0] : from}–${to}`;
}

const MILLI = 1_000_000n;
const DAY = 86_400_000;
/** Ranges shorter than this are told with seconds. */
const SECONDS_BELOW = 20 * 60_000;
const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const CLOCK_SECONDS: Intl.DateTimeFormatOptions = { ...CLOCK, second: '2-digit' };
const DAY_CLOCK: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', ...CLOCK };

/** Both ends of a range as a reader needs them to tell them apart. An end is inclusive, its text the moment after. */
function timeTexts(min: bigint | null, max: bigint | null): [string, string] {
  const from = min === null ? null : Number(min / MILLI);
  const to = max === null ? null : Number((max + 1n) / MILLI);
  const length = from === null || to === null ? Infinity : to - from;
  const otherDay = [from, to].some((at) => at !== null && Math.abs(Date.now() - at) > DAY);
  const format = inZone(otherDay ? DAY_CLOCK : length < SECONDS_BELOW ? CLOCK_SECONDS : CLOCK);
  return [from === null ? '' : format.format(from), to === null ? '' : format.format(to)];
}
