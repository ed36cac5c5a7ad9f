import { describe, expect, it } from 'vitest';
import type { CommandSet } from '../keys/command';
import { offer } from './entries';

const command = (words: string, onlyByKey = false) => ({
  id: words,
  group: 'Rows',
  words,
  keys: [],
  run: () => undefined,
  onlyByKey,
});
const sets: CommandSet[] = [
  { layer: 'app', commands: [command('Go to map')] },
  { layer: 'page', commands: [command('Collapse all'), command('Next row', true)] },
];
const services = [{ name: 'cafe', colour: 1 }];
const offered = (text: string) => offer(sets, services, text).map(({ entry }) => entry.words);

describe('the palette', () => {
  it('offers the page’s own commands, then everybody’s, then services; moving about stays with the keys', () => {
    expect(offered('')).toEqual(['Collapse all', 'Go to map', 'cafe']);
  });
  it('offers a trace last while its digits may be a word, and first when they cannot', () => {
    expect(offered('cafe')).toEqual(['cafe', `Open trace ${'cafe'.padStart(32, '0')}`]);
    expect(offered('00f067aa0ba902b7')).toEqual([`Open trace ${'00f067aa0ba902b7'.padStart(32, '0')}`]);
  });
  it('reads a traceparent with its span', () => {
    const [first] = offer(sets, services, ' 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
    expect(first?.entry).toMatchObject({
      words: 'Open trace 4bf92f3577b34da6a3ce929d0e0e4736',
      kind: 'Span 00f067aa0ba902b7',
    });
  });
  it('offers nothing for what is nothing', () => {
    expect(offered('zzz')).toEqual([]);
  });
});
