// The words of a line, and the times and names in them, both ways: as tests/queries/README.md has them.

// A minute's beginning in November 2023: what times in the files count from.
export const ZERO_NS = 28_333_333n * 60_000_000_000n;

const UNITS = [
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['ns', 1n],
];

// The JSON value that begins at `at`, an object: how long its text is.
function jsonLength(line, at) {
  let depth = 0;
  for (let i = at; i < line.length; ++i) {
    if (line[i] === '"') for (++i; i < line.length && line[i] !== '"'; ++i) if (line[i] === '\\') ++i;
    if (line[i] === '{' || line[i] === '[') ++depth;
    if ((line[i] === '}' || line[i] === ']') && --depth === 0) return i + 1 - at;
  }
  throw new Error(`an object is not closed: ${line.slice(at)}`);
}

// The text of a quoted part that begins at `at`, and where it ends. 'as it is', with '' for a quote; "as JSON has it".
function quoted(line, at) {
  if (line[at] === '"') {
    const match = /"(?:[^"\\]|\\.)*"/y;
    match.lastIndex = at;
    const found = match.exec(line);
    if (!found) throw new Error(`a quote is not closed: ${line.slice(at)}`);
    return { text: JSON.parse(found[0]), end: match.lastIndex };
  }
  let text = '';
  for (let i = at + 1; i < line.length; ++i) {
    if (line[i] !== "'") text += line[i];
    else if (line[i + 1] === "'") text += line[i++];
    else return { text, end: i + 1 };
  }
  throw new Error(`a quote is not closed: ${line.slice(at)}`);
}

// The words of a line: {text}, or {json} for an object. Parts without a space between them are one word.
export function wordsOf(line) {
  const words = [];
  for (let at = 0; at < line.length;) {
    if (line[at] === ' ') {
      ++at;
    } else if (line[at] === '{') {
      const length = jsonLength(line, at);
      words.push({ json: JSON.parse(line.slice(at, at + length)) });
      at += length;
    } else {
      let text = '';
      while (at < line.length && line[at] !== ' ') {
        const part = line[at] === "'" || line[at] === '"' ? quoted(line, at) : { text: line[at], end: at + 1 };
        text += part.text;
        at = part.end;
      }
      words.push({ text });
    }
  }
  return words;
}

// How a text stands in a table: quoted where it would not be one word.
export function word(text) {
  if (/^[^\s'"{}\p{C}]+$/u.test(text)) return text;
  return /^[^'\p{C}]*$/u.test(text) ? `'${text}'` : JSON.stringify(text);
}

// "1m30s", "-5ms" or "0" as nanoseconds.
export function parseDuration(text) {
  const match = /^(-?)((?:\d+(?:h|ms|m|s|us|ns))+|0)$/.exec(text);
  if (!match) throw new Error(`'${text}' is no time: 1m30s, 5ms, 0`);
  let sum = 0n;
  for (const [, number, unit] of match[2].matchAll(/(\d+)(h|ms|m|s|us|ns)/g)) {
    sum += BigInt(number) * UNITS.find(([name]) => name === unit)[1];
  }
  return match[1] ? -sum : sum;
}

export function formatDuration(ns) {
  if (ns === 0n) return '0';
  const [unit, size] = UNITS.find(([, each]) => ns % each === 0n);
  return `${ns / size}${unit}`;
}

// A moment: counted from zero, or "=N" for ns since 1970.
export const parseTime = (text) =>
  text.startsWith('=') ? BigInt(text.slice(1)) : ZERO_NS + parseDuration(text);

export function formatTime(ns) {
  const since = BigInt(ns) - ZERO_NS;
  const size = since < 0n ? -since : since;
  return size > 1_000n * UNITS[0][1] ? `=${ns}` : formatDuration(since);
}

// Traces by name. The nth new name of a script gets an id that says n in both halves, so that names stand by their ids
// in order of their first appearance. A name of 16 or 32 hex digits is the id itself.
export class TraceNames {
  #ids = new Map();
  #names = new Map();

  id(name) {
    if (!this.#ids.has(name)) {
      const half = (this.#ids.size + 1).toString(16).padStart(16, '0');
      const id = /^([0-9a-f]{16}){1,2}$/.test(name) ? name.padStart(32, '0') : half + half;
      this.#ids.set(name, id);
      this.#names.set(id, name);
    }
    return this.#ids.get(name);
  }
  name(id) {
    return this.#names.get(id.padStart(32, '0')) ?? id;
  }
}

// Span ids are written without their leading zeros.
export const spanId = (text) => text.padStart(16, '0');
export const shortSpanId = (id) => id.replace(/^0+(?=.)/, '');
