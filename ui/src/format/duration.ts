// Durations as text: three significant digits and a unit with a space, as in 8.21 ms, 126 ms, 3.12 s.

const MICRO = 1e3;
const MILLI = 1e6;
const SECOND = 1e9;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Below a minute: the unit in which the number, rounded to three digits, is from 1 to 999. */
const SMALL_UNITS: readonly [number, string][] = [
  [1, 'ns'],
  [MICRO, 'µs'],
  [MILLI, 'ms'],
  [SECOND, 's'],
];
/** From a minute on: the unit and the one that tells the rest. */
const LARGE_UNITS: readonly [number, string, number, string][] = [
  [DAY, 'd', HOUR, 'h'],
  [HOUR, 'h', MINUTE, 'min'],
  [MINUTE, 'min', SECOND, 's'],
];

function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function formatDuration(nanoseconds: number): string {
  if (nanoseconds < 0) return `-${formatDuration(-nanoseconds)}`;
  if (nanoseconds === 0) return '0 ms';
  if (nanoseconds < 1000) return `${Math.max(1, Math.round(nanoseconds))} ns`;
  for (const [unit, name] of SMALL_UNITS) {
    const limit = unit === SECOND ? 59.95 : 999.5;
    if (nanoseconds / unit < limit) return `${threeDigits(nanoseconds / unit)} ${name}`;
  }
  for (const [unit, name, restUnit, restName] of LARGE_UNITS) {
    const rounded = Math.round(nanoseconds / restUnit) * restUnit;
    if (rounded < unit) continue;
    const whole = Math.floor(rounded / unit);
    const rest = Math.round((rounded - whole * unit) / restUnit);
    return rest === 0 ? `${whole} ${name}` : `${whole} ${name} ${rest} ${restName}`;
  }
  return '1 min';
}

const GO_UNITS: Record<string, number> = {
  ns: 1,
  us: MICRO,
  µs: MICRO,
  μs: MICRO,
  ms: MILLI,
  s: SECOND,
  m: MINUTE,
  h: HOUR,
};
const GO_PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y;

/** A duration as Go writes it (1.2s, 100ms, 1h30m), spaces allowed, in nanoseconds; null where it is none. */
export function parseGoDuration(text: string): number | null {
  const compact = text.replace(/\s+/g, '');
  if (compact === '') return null;
  let total = 0;
  GO_PART.lastIndex = 0;
  let end = 0;
  for (let part = GO_PART.exec(compact); part; part = GO_PART.exec(compact)) {
    total += Number(part[1]) * (GO_UNITS[part[2] ?? ''] ?? 0);
    end = GO_PART.lastIndex;
  }
  return end === compact.length ? total : null;
}

/** Steps that divide time as people do, for axes. */
function niceStep(atLeast: number): number {
  if (atLeast <= 30 * SECOND) {
    const power = 10 ** Math.floor(Math.log10(atLeast));
    return (
      [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= atLeast * (1 - 1e-9)) ?? atLeast
    );
  }
  const steps = [1, 2, 5, 10, 15, 30].map((n) => n * MINUTE);
  steps.push(
    ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
    ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((n) => n * DAY),
  );
  return steps.find((step) => step >= atLeast) ?? Math.ceil(atLeast / (1000 * DAY)) * 1000 * DAY;
}

export interface Ticks {
  step: number;
  label(nanoseconds: number): string;
}

/** Ticks for an axis over `span` nanoseconds that ends at `end`: at most `count`, labelled in one unit. */
export function axisTicks(span: number, end: number, count: number): Ticks {
  const step = niceStep(Math.max(span / count, 1)); // Nothing is shorter than a nanosecond.
  if (end >= 2 * MINUTE) return { step, label: (t) => (t === 0 ? '0' : formatWhole(t, step)) };
  const [unit, name] =
    end >= 2 * SECOND
      ? [SECOND, 's']
      : end >= 2 * MILLI
        ? [MILLI, 'ms']
        : end >= 2 * MICRO
          ? [MICRO, 'µs']
          : [1, 'ns'];
  const digits = Math.max(0, Math.min(9, Math.ceil(-Math.log10(step / unit) + 0.5)));
  return { step, label: (t) => (t === 0 ? '0' : `${Number((t / unit).toFixed(digits))} ${name}`) };
}

/** A time on an axis of minutes to days, exact: 1 h 20 min, 2 d, 3 min 20.5 s. */
function formatWhole(nanoseconds: number, step: number): string {
  const parts: string[] = [];
  let rest = nanoseconds;
  for (const [unit, name] of [
    [DAY, 'd'],
    [HOUR, 'h'],
    [MINUTE, 'min'],
  ] as const) {
    const whole = Math.floor(rest / unit + 1e-9);
    if (whole > 0) parts.push(`${whole} ${name}`);
    rest = Math.max(0, rest - whole * unit);
  }
  const digits = Math.max(0, Math.min(9, Math.ceil(-Math.log10(step / SECOND) + 0.5)));
  const seconds = Number((rest / SECOND).toFixed(digits));
  if (seconds > 0) parts.push(`${seconds} s`);
  return parts.join(' ');
}
