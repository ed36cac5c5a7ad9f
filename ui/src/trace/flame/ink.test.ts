import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inkOn, luminance } from './ink';

const tokens = readFileSync(new URL('../../style/tokens.css', import.meta.url), 'utf8');
const colours = [...tokens.matchAll(/--svc-\d+: light-dark\((#\w{6}), (#\w{6})\)/g)].flatMap(
  ([, light, dark]) => [light!, dark!],
);
const channels = (hex: string) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

it('names of spans are read on every colour of a service, in both themes', () => {
  expect(colours.length).toBe(40);
  for (const colour of colours) {
    const box = luminance(channels(colour));
    const ink = inkOn(`rgb(${channels(colour).join(', ')})`) === '#000' ? 0 : 1;
    const contrast = (Math.max(box, ink) + 0.05) / (Math.min(box, ink) + 0.05);
    expect(contrast).toBeGreaterThanOrEqual(4.5);
  }
});

it('leaves colours that the system names to the system', () => {
  expect(inkOn('CanvasText')).toBe('Canvas');
});
