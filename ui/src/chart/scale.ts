// Axes that begin and end at round numbers.

export interface Tick {
  /** From 0 at the bottom to 1 at the top. */
  at: number;
  value: number;
}

export interface Scale {
  /** Where a value lies, from 0 at the bottom to 1 at the top. */
  place(value: number): number;
  ticks: Tick[];
}

const ROUND = [1, 2, 2.5, 5, 10];

/** From zero to the round number at or above `most`, in at most `parts` parts; to one where there is nothing. */
export function linearScale(most: number, parts: number): Scale {
  const greatest = most > 0 ? most : 1;
  const least = greatest / parts;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = (ROUND.find((each) => each * power >= least * (1 - 1e-9)) ?? 10) * power;
  const count = Math.max(1, Math.ceil(greatest / step - 1e-9));
  const top = count * step;
  return {
    place: (value) => value / top,
    ticks: Array.from({ length: count + 1 }, (_, index) => ({ at: index / count, value: index * step })),
  };
}

/** Equal ratios are equally far apart; from the round number below the least to the one above the greatest. */
export function logScale(least: number, greatest: number): Scale {
  const [low, high] = [Math.max(least, 1e-9), Math.max(greatest, least, 1e-9)];
  const decades = Math.log10(high / low);
  // Across several decades a tick for each is enough; within one, as people count: 1, 2, 5.
  const factors = decades > 2 ? [1] : decades > 1 ? [1, 3] : [1, 2, 5];
  const values: number[] = [];
  for (let power = Math.floor(Math.log10(low)) - 1; power <= Math.ceil(Math.log10(high)) + 1; power++)
    values.push(...factors.map((factor) => factor * 10 ** power));
  const first = Math.max(
    0,
    values.findLastIndex((value) => value <= low * (1 + 1e-9)),
  );
  let last = values.findIndex((value) => value >= high * (1 - 1e-9));
  if (last <= first) last = first + 1;
  const bottom = Math.log10(values[first]);
  const span = Math.log10(values[last]) - bottom;
  const place = (value: number) => (Math.log10(Math.max(value, 1e-9)) - bottom) / span;
  return { place, ticks: values.slice(first, last + 1).map((value) => ({ at: place(value), value })) };
}
