import { expect, it } from 'vitest';
import { readSvg } from './svg.ts';

const read = (inside: string) =>
  readSvg('a.svg', `<svg xmlns="http://x" viewBox="0 0 1 1">\n${inside}\n</svg>\n`);

it('gives the elements without the style sheet, which is for readers of the file', () => {
  expect(
    read('<style>svg { fill: red; }</style><!-- a --><g class="b"><text x="1">a &lt; b</text><rect /></g>'),
  ).toEqual([
    'svg',
    { viewBox: '0 0 1 1' },
    ['g', { class: 'b' }, ['text', { x: '1' }, 'a < b'], ['rect', {}]],
  ]);
});
it.each([
  '<script>x()</script>',
  '<rect onclick="x()" />',
  '<rect style="fill: red" />',
  '<g><rect /></svg>',
  '<rect x=1 />',
  '<image href="x" />',
])('refuses %s', (inside) => {
  expect(() => read(inside)).toThrow('a.svg');
});
