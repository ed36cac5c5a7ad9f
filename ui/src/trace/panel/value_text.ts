import type { Attribute } from '../../api/types';

/** A value as text: to show, and to copy. */
export function valueText({ type, value }: Attribute): string {
  if (type === 'empty' || value === null) return '';
  if (type === 'array' || type === 'map') return JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  return String(value);
}

/** Longer values are cut here. A value of a megabyte would freeze the page. */
export const CUT = 4096;

/** The part of a text that is shown at first; it never ends within a character. */
export function cutText(text: string): string {
  if (text.length <= CUT) return text;
  const last = text.charCodeAt(CUT - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? CUT - 1 : CUT);
}
