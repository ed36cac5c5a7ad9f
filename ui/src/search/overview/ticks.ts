import { formatDuration } from '../../format/duration';
import { inZone, zone } from '../../format/zone';
import type { Grid } from './grid';

// What is written at the axes: round durations on a logarithmic one, round times of the reader's own day.

export interface Tick {
  /** In columns or rows of the grid. */
  at: number;
  label: string;
}

const NS = { us: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9, d: 86_400e9 };
/** Steps that people count in: tens up to a second, then a minute, ten minutes, an hour. */
const DECADES = [
  ...[1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, NS.s, 10 * NS.s],
  ...[NS.min, 10 * NS.min, NS.h, 10 * NS.h, NS.d, 10 * NS.d, 100 * NS.d],
];
const FINE = DECADES.flatMap((decade) => [decade, 2 * decade, 5 * decade]);

/** Whole numbers have no digits behind the point here: 10 ms, 1 s. */
function plain(duration: number): string {
  return formatDuration(duration).replace(/\.0+(?= )/, '');
}

/** At most `count` labels, at decades where there are two of them, else finer. */
export function durationTicks(grid: Grid, count: number): Tick[] {
  const within = (duration: number) => duration >= grid.shortest && duration <= grid.longest;
  let chosen = DECADES.filter(within);
  if (chosen.length < 2) chosen = FINE.filter(within);
  if (chosen.length < 1) chosen = [Math.round(Math.sqrt(grid.shortest * grid.longest))];
  const every = Math.ceil(chosen.length / count);
  return chosen
    .filter((_, index) => index % every === 0)
    .map((duration) => ({ at: grid.rowOf(duration), label: plain(duration) }));
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TIME_STEPS = [
  ...[0.001, 0.01, 0.1, 1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 7, 14, 30, 90, 180, 365, 730, 1825, 3650].map((n) => n * DAY),
];

type Format = Intl.DateTimeFormatOptions;
const CLOCK: Format = { hour: '2-digit', minute: '2-digit' };
const SECONDS: Format = { ...CLOCK, second: '2-digit' };
const MILLIS: Format = { minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 };
const DATE: Format = { day: 'numeric', month: 'short' };
const YEAR: Format = { month: 'short', year: 'numeric' };
const text = (format: Format, at: number) => inZone(format).format(at);

/** At most `count` labels at times that are round in the zone that the reader chose. */
export function timeTicks(grid: Grid, count: number): Tick[] {
  const from = Number(grid.start) / 1e6;
  const length = grid.span / 1e6;
  const step = TIME_STEPS.find((each) => length / each <= count) ?? Math.ceil(length / count / DAY) * DAY;
  // Whole steps of the day there, not of the day in Greenwich.
  const ahead = zone.value === 'utc' ? 0 : -new Date(from).getTimezoneOffset() * MINUTE;
  const ticks: Tick[] = [];
  for (let index = Math.ceil((from + ahead) / step); index * step - ahead < from + length; index++) {
    const at = index * step - ahead;
    ticks.push({ at: ((at - from) / length) * grid.columns, label: timeLabel(at, step, length) });
  }
  return ticks;
}

function timeLabel(at: number, step: number, length: number): string {
  if (step < SECOND) return text(MILLIS, at);
  if (step < MINUTE) return text(SECONDS, at);
  if (step >= DAY) return text(length > 300 * DAY ? YEAR : DATE, at);
  const clock = text(CLOCK, at);
  return clock === '00:00' && length > 12 * HOUR ? text(DATE, at) : clock;
}

/** A moment as the picture tells it, with seconds where its columns are shorter than some minutes. */
export function momentInWords(nanoseconds: bigint, grid: Grid): string {
  const at = Number(nanoseconds / 1_000_000n);
  const column = grid.span / grid.columns / 1e6;
  if (grid.span / 1e6 > 20 * HOUR) return `${text(DATE, at)} ${text(CLOCK, at)}`;
  return text(column < SECOND ? MILLIS : column < 5 * MINUTE ? SECONDS : CLOCK, at);
}
