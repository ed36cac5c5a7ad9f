// Black or white on a colour, whichever is read better. One of them always has a contrast of 4.5 or more: where both
// are equal, each has the square root of 21.

const known = new Map<string, string>();

/** `colour` as a computed style gives it: rgb(1, 2, 3). A colour that a system names gets its own text colour. */
export function inkOn(colour: string): string {
  let ink = known.get(colour);
  if (ink === undefined) {
    const channels = /^rgba?\((\d+),? (\d+),? (\d+)/.exec(colour)?.slice(1).map(Number);
    ink = channels ? (luminance(channels) > 0.179 ? '#000' : '#fff') : 'Canvas';
    known.set(colour, ink);
  }
  return ink;
}

/** Relative luminance, WCAG 2.2. */
export function luminance([red = 0, green = 0, blue = 0]: number[]): number {
  const linear = (channel: number) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
