import { describe, expect, it } from 'vitest';
import type { CommandSet } from './command';
import { isCharacter, keyCaps } from './key_name';
import { beginsCommand, findCommand } from './press';

const command = (id: string, ...keys: string[]) => ({ id, group: '', words: id, keys, run: () => undefined });
const sets: CommandSet[] = [
  { layer: 'app', commands: [command('search', 'g s'), command('outer', 'x')] },
  { layer: 'view', commands: [command('zoom out', 's'), command('inner', 'x')] },
];
const found = (name: string) => findCommand(sets, name)?.command.id;

describe('keys', () => {
  it('do what the innermost part of the page says', () => {
    expect(found('x')).toBe('inner');
    expect(found('y')).toBeUndefined();
  });
  it('may be two in turn, which are not the second alone', () => {
    expect([found('g s'), found('s')]).toEqual(['search', 'zoom out']);
    expect([beginsCommand(sets, 'g'), beginsCommand(sets, 's')]).toEqual([true, false]);
  });
  it.each([
    ['j', true],
    ['?', true],
    ['g s', true],
    ['Enter', false],
    ['Shift+ArrowLeft', false],
    ['Ctrl+k', false],
  ])('%s is a character: %s', (name, expected) => {
    expect(isCharacter(name)).toBe(expected);
  });
  it.each([
    ['Ctrl+k', ['Ctrl', 'K']],
    ['g s', ['g', 's']],
    ['Shift+ArrowLeft', ['Shift', '←']],
    ['+', ['+']],
    [' ', ['Space']],
  ])('%s is written %j', (name, caps) => {
    expect(keyCaps(name)).toEqual(caps);
  });
});
