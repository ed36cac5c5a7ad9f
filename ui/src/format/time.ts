// Points in time, in the zone that the reader chose, exact to the millisecond or to what was sent.

import { inZone, zoneName } from './zone';

const DAY_AND_TIME: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
};

/** 24 Nov 2026, 14:32:07.418 */
export function formatTime(unixMilliseconds: number): string {
  return inZone(DAY_AND_TIME).format(unixMilliseconds).replace(' at ', ', ');
}

/** 24 Nov 2026, 14:32:07.418123456 GMT+01:00 */
export function formatExactTime(unixNanoseconds: bigint): string {
  const milliseconds = Number(unixNanoseconds / 1_000_000n);
  const belowMilli = String(unixNanoseconds % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${formatTime(milliseconds)}${belowMilli} ${zoneName(milliseconds)}`;
}

/** How long ago, in one unit that a glance takes in. */
export function formatAgo(thenMilliseconds: number, nowMilliseconds: number): string {
  const seconds = Math.round((nowMilliseconds - thenMilliseconds) / 1000);
  if (seconds < -5) return `in ${inOneUnit(-seconds)}`;
  if (seconds < 5) return 'just now';
  return `${inOneUnit(seconds)} ago`;
}

function inOneUnit(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
