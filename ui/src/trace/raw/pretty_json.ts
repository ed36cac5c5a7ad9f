const INDENT = '  ';

/**
 * JSON with line breaks and indentation, without reading its values: numbers of any length stay as they were written,
 * and a text that is cut off is laid out up to its end. Linear.
 */
export function prettyJson(text: string): string {
  const pieces: string[] = [];
  let depth = 0;
  let at = 0;
  const line = () => `\n${INDENT.repeat(depth)}`;
  while (at < text.length) {
    const begin = at;
    const letter = text[at]!;
    if (letter === '"') {
      at = endOfString(text, at);
      pieces.push(text.slice(begin, at));
      continue;
    }
    at++;
    if (letter === '{' || letter === '[') {
      const closed = nextSign(text, at);
      if (text[closed] === '}' || text[closed] === ']') {
        pieces.push(letter, text[closed]!);
        at = closed + 1;
        continue;
      }
      depth++;
      pieces.push(letter, line());
    } else if (letter === '}' || letter === ']') {
      depth = Math.max(0, depth - 1);
      pieces.push(line(), letter);
    } else if (letter === ',') pieces.push(',', line());
    else if (letter === ':') pieces.push(': ');
    else if (letter.trim() !== '') pieces.push(letter);
  }
  return pieces.join('');
}

function endOfString(text: string, begin: number): number {
  let at = begin + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return Math.min(text.length, at + 1);
}

function nextSign(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at]!.trim() === '') at++;
  return at;
}
