import type { RedNumbers } from '../api/types';

// Rates and shares as text. Numbers of one column or axis have one unit, so that they can be compared at a glance.

export interface RateUnit {
  seconds: number;
  /** "s", "min", "h": what stands behind the slash. */
  name: string;
}

const UNITS: readonly RateUnit[] = [
  { seconds: 1, name: 's' },
  { seconds: 60, name: 'min' },
  { seconds: 3600, name: 'h' },
];

/** The unit in which the greatest rate (per second) of a column is at least one; an hour below that. */
export function rateUnit(greatest: number): RateUnit {
  if (greatest <= 0) return UNITS[0];
  return UNITS.find(({ seconds }) => greatest * seconds >= 1) ?? UNITS[2];
}

/** Three significant digits, none of them made up: 0.02, 1.14, 38.6, 1,240. */
export function formatNumber(value: number): string {
  if (value === 0) return '0';
  if (value < 0.005) return '<0.01';
  if (value < 9.995) return value.toFixed(2);
  if (value < 99.95) return value.toFixed(1);
  return Math.round(value).toLocaleString('en');
}

/** "1.14/s" */
export function formatRate(perSecond: number, unit: RateUnit = rateUnit(perSecond)): string {
  return `${formatNumber(perSecond * unit.seconds)}/${unit.name}`;
}

/** "0 %", "0.29 %", "12 %"; never "0 %" for some and never "100 %" for less than all. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0 %';
  if (part >= whole) return '100 %';
  const percent = (part / whole) * 100;
  if (percent < 0.01) return '<0.01 %';
  if (percent >= 99.5) return '>99 %';
  return `${percent < 10 ? percent.toFixed(percent < 0.995 ? 2 : 1) : percent.toFixed(0)} %`;
}

export function errorShare({ count, errorCount }: Pick<RedNumbers, 'count' | 'errorCount'>): number {
  return count > 0 ? errorCount / count : 0;
}

/** How much of a window has passed, in seconds: what rates are counted over. At least one. */
export function elapsedSeconds(start: number, end: number, now: number): number {
  return Math.max(1, (Math.min(end, Math.max(now, start)) - start) / 1000);
}

/** A duration of the API as a number of ns; null where nothing was measured. */
export function nano(text: string | null | undefined): number | null {
  return text === null || text === undefined ? null : Number(text);
}
