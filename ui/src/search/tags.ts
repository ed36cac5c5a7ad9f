// Tags as people write them, in logfmt (http.status_code=500 error=true) or as a JSON object, to pairs and back.

export type TagPair = [key: string, value: string];

export class TagError extends Error {}

export function parseTags(text: string): TagPair[] {
  const given = text.trim();
  if (given === '') return [];
  return given.startsWith('{') ? parseJsonTags(given) : parseLogfmt(given);
}

function parseJsonTags(text: string): TagPair[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new TagError('This is not complete JSON. It reads like {"http.status_code": "500"}.');
  }
  return Object.entries(parsed as Record<string, unknown>).map(([key, value]) => {
    if (value === null || typeof value === 'object') {
      throw new TagError(
        `The value of ${key} is ${value === null ? 'null' : 'a list or an object'}; a text or a number is needed.`,
      );
    }
    if (key === '') throw new TagError('A tag needs a name.');
    return [key, String(value)];
  });
}

const KEY = /[^\s="]+/y;
const BARE_VALUE = /[^\s"]*/y;
const QUOTED_VALUE = /"((?:[^"\\]|\\.)*)"/y;
const SPACE = /\s*/y;

function parseLogfmt(text: string): TagPair[] {
  const pairs: TagPair[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    const key = take(KEY)?.[0];
    if (!key) throw new TagError(`A tag begins with its name, not with ${text[at]} (after ${at} characters).`);
    let value = 'true'; // In logfmt a name alone is a flag that is set.
    if (text[at] === '=') {
      at++;
      if (text[at] === '"') {
        const quoted = take(QUOTED_VALUE);
        if (!quoted) throw new TagError(`The quote after ${key}= is not closed.`);
        value = (quoted[1] ?? '').replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
      } else {
        value = take(BARE_VALUE)?.[0] ?? '';
      }
    }
    if (at < text.length && !/\s/.test(text[at] ?? '')) {
      throw new TagError(
        `A space is missing after ${key}=${value}; put a value with quotes or spaces in quotes.`,
      );
    }
    take(SPACE);
    pairs.push([key, value]);
  }
  return pairs;
}

/** Pairs as logfmt, so that parsing gives the same pairs. JSON where a name cannot be written in logfmt. */
export function formatTags(pairs: readonly TagPair[]): string {
  if (pairs.some(([key]) => key === '' || /[\s="]/.test(key) || key.startsWith('{'))) {
    return JSON.stringify(Object.fromEntries(pairs));
  }
  return pairs.map(([key, value]) => `${key}=${formatValue(value)}`).join(' ');
}

function formatValue(value: string): string {
  if (value !== '' && !/[\s"]/.test(value)) return value;
  return `"${value.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;
}
