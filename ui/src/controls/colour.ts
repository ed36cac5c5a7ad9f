/** The token of a service's colour: the server's index, from 1, repeats after the 20 that can be told apart. */
export function serviceToken(index: number): string {
  return `svc-${((Math.max(1, index) - 1) % 20) + 1}`;
}

/** The custom property that a dot or a bar takes its colour from. */
export function serviceStyle(index: number): Record<string, string> {
  return { '--c': `var(--${serviceToken(index)})` };
}
