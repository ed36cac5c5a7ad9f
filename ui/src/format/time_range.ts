import { inZone, zone } from './zone';

// Ranges and ticks of time in the zone that the reader chose, as short as they can be without saying less.

const CLOCK: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short' };
const DAY_MS = 86_400_000;
const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720];

/** 14:32 */
export function formatClock(at: number): string {
  return inZone(CLOCK).format(at);
}

function formatDay(at: number): string {
  return inZone(DAY).format(at);
}

function isToday(at: number, now: number): boolean {
  return formatDay(at) === formatDay(now) && Math.abs(now - at) < 2 * DAY_MS;
}

/** 14:32, or 23 Nov, 14:32 on another day than today. */
export function formatMoment(at: number, now = Date.now()): string {
  return isToday(at, now) ? formatClock(at) : `${formatDay(at)}, ${formatClock(at)}`;
}

/** "14:21 to 14:36", with the day of the start where it is not today, and of the end where it is yet another. */
export function formatTimeRange(start: number, end: number, now = Date.now()): string {
  const sameDay = formatDay(start) === formatDay(end);
  return `${formatMoment(start, now)} to ${sameDay ? formatClock(end) : formatMoment(end, now)}`;
}

export interface TimeTick {
  at: number;
  label: string;
}

/** At most `count` ticks at round times of the reader's clock; at midnight the day stands instead of the time. */
export function timeTicks(start: number, end: number, count: number): TimeTick[] {
  const least = (end - start) / Math.max(1, count);
  const step =
    STEPS_MIN.map((minutes) => minutes * 60_000).find((each) => each >= least) ??
    Math.ceil(least / DAY_MS) * DAY_MS;
  const offset = zone.value === 'utc' ? 0 : new Date(start).getTimezoneOffset() * 60_000;
  const ticks: TimeTick[] = [];
  for (let at = Math.ceil((start - offset) / step) * step + offset; at <= end; at += step) {
    const clock = formatClock(at);
    ticks.push({ at, label: clock === '00:00' ? formatDay(at) : clock });
  }
  return ticks;
}
