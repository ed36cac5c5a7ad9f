import { signal } from '@preact/signals';
import { readStored, store } from '../app/stored';

/** In whose clock times are told: the reader's own zone, or UTC, in which logs and colleagues elsewhere speak. */
export type Zone = 'local' | 'utc';

export const zone = signal<Zone>(readStored('zone') === 'utc' ? 'utc' : 'local');

export function chooseZone(chosen: Zone): void {
  zone.value = chosen;
  store('zone', chosen);
}

const known = new Map<string, Intl.DateTimeFormat>();

/**
 * A format of times in the chosen zone, made once. Whoever asks while rendering or in an effect follows the choice,
 * because it is a signal.
 */
export function inZone(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone.value} ${JSON.stringify(options)}`;
  let format = known.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', zone.value === 'utc' ? { ...options, timeZone: 'UTC' } : options);
    known.set(key, format);
  }
  return format;
}

const OFFSET: Intl.DateTimeFormatOptions = { timeZoneName: 'longOffset' };

/** "UTC", or the distance of the reader's clock from it at that time: "GMT+01:00". */
export function zoneName(unixMilliseconds: number): string {
  if (zone.value === 'utc') return 'UTC';
  const parts = inZone(OFFSET).formatToParts(unixMilliseconds);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}
