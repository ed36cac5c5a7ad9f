import { expect, it } from 'vitest';
import { CUT, cutText, valueText } from './value_text';

it.each([
  [{ key: 'k', type: 'string', value: 'text' }, 'text'],
  [{ key: 'k', type: 'int', value: '9223372036854775807' }, '9223372036854775807'],
  [{ key: 'k', type: 'bool', value: false }, 'false'],
  [{ key: 'k', type: 'double', value: 'NaN' }, 'NaN'],
  [{ key: 'k', type: 'array', value: ['a', 1, null] }, '[ "a", 1, null ]'],
  [{ key: 'k', type: 'map', value: { a: { b: 1 } } }, '{ "a": { "b": 1 } }'],
  [{ key: 'k', type: 'empty', value: null }, ''],
] as const)('%j', (attribute, text) => {
  expect(valueText(attribute as never)).toBe(text);
});

it('cuts a long text, not within a character', () => {
  expect(cutText('x'.repeat(CUT))).toHaveLength(CUT);
  expect(cutText('x'.repeat(CUT + 1))).toHaveLength(CUT);
  expect(cutText(`${'x'.repeat(CUT - 1)}🦌`)).toHaveLength(CUT - 1);
});
