import { parseGoDuration } from '../../format/duration';
import { inZone, zone } from '../../format/zone';
import { goDuration, type Box } from '../box';
import type { Grid } from './grid';

// Ranges as people type them: 14:21-14:36, 1.2s-6s. An end that is left out is open; an empty text is no range.

type Times = Pick<Box, 'startMin' | 'startMax'>;
type Durations = Pick<Box, 'durationMin' | 'durationMax'>;

/** Dashes part the ends, but not the parts of a day: 2026-11-24 14:21-2026-11-24 14:36. */
const BETWEEN_TIMES = /\s*(?:–|\bto\b|-(?=\s*$|\s+\S|\d{1,2}:|\d{4}-))\s*/;
const BETWEEN_DURATIONS = /\s*(?:–|\bto\b|-)\s*/;
const MOMENT = /^(?:(\d{4})-(\d{1,2})-(\d{1,2})[ T]+)?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/;
const DAY = 86_400_000;
const MILLI = 1_000_000n;

/** Null where the text is no range. Times without a day are of a day in the picture. */
export function parseTimeRange(text: string, grid: Grid): Times | null {
  const ends = splitRange(text, BETWEEN_TIMES);
  if (!ends) return null;
  const [from, to] = ends.map((end) => (end === '' ? null : parseMoment(end, grid)));
  if (from === undefined || to === undefined) return null;
  if (from !== null && to !== null && from >= to) return null;
  return {
    startMin: from === null ? null : BigInt(from) * MILLI,
    startMax: to === null ? null : BigInt(to) * MILLI - 1n,
  };
}

/** In ms since 1970; undefined where it is none. */
function parseMoment(text: string, grid: Grid): number | undefined {
  const match = MOMENT.exec(text);
  if (!match) return undefined;
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6] ?? 0)];
  const milli = Number((match[7] ?? '').padEnd(3, '0'));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const clock = [hour, minute, second, milli] as const;
  if (match[1]) return momentOf(Number(match[1]), Number(match[2]) - 1, Number(match[3]), ...clock);
  const [from, to] = [Number(grid.start) / 1e6, Number(grid.start) / 1e6 + grid.span / 1e6];
  const first = momentOf(...dayOf(from), ...clock);
  const candidates = [first, first + DAY];
  return candidates.find((at) => at >= from && at <= to) ?? nearest(candidates, from, to);
}

/** Year, month from 0, and day, in the zone that the reader chose. */
function dayOf(at: number): [number, number, number] {
  const date = new Date(at);
  return zone.value === 'utc'
    ? [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
    : [date.getFullYear(), date.getMonth(), date.getDate()];
}

function momentOf(...parts: [number, number, number, number, number, number, number]): number {
  return zone.value === 'utc' ? Date.UTC(...parts) : new Date(...parts).getTime();
}

function nearest(candidates: number[], from: number, to: number): number {
  const away = (at: number) => Math.max(from - at, at - to);
  return candidates.reduce((best, at) => (away(at) < away(best) ? at : best));
}

/** Null where the text is no range. A number without a unit has that of the other end: 1.2-6 s. */
export function parseDurationRange(text: string): Durations | null {
  const ends = splitRange(text, BETWEEN_DURATIONS);
  if (!ends) return null;
  const unit = /[a-zµμ]+\s*$/.exec(ends[1] || ends[0])?.[0] ?? '';
  const [from, to] = ends.map((end) =>
    end === '' ? null : (parseGoDuration(end) ?? parseGoDuration(end + unit) ?? undefined),
  );
  if (from === undefined || to === undefined) return null;
  if (from !== null && to !== null && from > to) return null;
  return {
    durationMin: from === null ? null : Math.round(from),
    durationMax: to === null ? null : Math.round(to),
  };
}

function splitRange(text: string, between: RegExp): [string, string] | null {
  const given = text.trim();
  if (given === '') return ['', ''];
  const ends = given.split(between);
  return ends.length === 2 ? [ends[0]!, ends[1]!] : null;
}

/** A box's times as this reads them again, to the millisecond. */
export function timeRangeText({ startMin, startMax }: Times): string {
  if (startMin === null && startMax === null) return '';
  const from = startMin === null ? null : Number(startMin / MILLI);
  const to = startMax === null ? null : Number((startMax + 1n) / MILLI);
  const text = (at: number | null) => (at === null ? '' : momentText(at, Math.abs(Date.now() - at) > DAY / 2));
  return `${text(from)} - ${text(to)}`.trim();
}

function momentText(at: number, withDay: boolean): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const [year, month, day] = dayOf(at);
  // Zones are whole minutes from Greenwich, so seconds and below are the same everywhere.
  const milli = new Date(at).getMilliseconds();
  const seconds = new Date(at).getSeconds();
  const below = milli === 0 ? '' : `.${String(milli).padStart(3, '0')}`;
  const clock = inZone({ hour: '2-digit', minute: '2-digit' }).format(at);
  const exact = seconds === 0 && milli === 0 ? clock : `${clock}:${two(seconds)}${below}`;
  return withDay ? `${year}-${two(month + 1)}-${two(day)} ${exact}` : exact;
}

export function durationRangeText({ durationMin, durationMax }: Durations): string {
  if (durationMin === null && durationMax === null) return '';
  const text = (duration: number | null) => (duration === null ? '' : goDuration(duration));
  return `${text(durationMin)} - ${text(durationMax)}`.trim();
}
