import type { LessonElement } from '../../src/learn/lesson.ts';

// Drawings of the lessons. As a file each carries its own colours, for readers of the repository; in the page its
// elements take those of the page, so that a chosen theme counts.

const TAG = /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g;
const ALLOWED = new Set(['svg', 'g', 'rect', 'line', 'path', 'circle', 'text', 'tspan', 'title', 'desc']);
const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' };

const plain = (text: string) => text.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity);

/** The elements of a drawing without its style sheet; throws at what does not belong in one. */
export function readSvg(file: string, source: string): LessonElement {
  const text = source.replace(/<style>[^]*?<\/style>|<!--[^]*?-->/g, '');
  const open: LessonElement[] = [['root', {}]];
  const innermost = () => open.at(-1) as LessonElement;
  let done = 0;
  for (const tag of text.matchAll(TAG)) {
    const [whole, closes, name = '', attributes = '', empty] = tag;
    const between = text.slice(done, tag.index);
    if (between.includes('<')) throw new Error(`${file}: cannot read ${between.trim().slice(0, 40)}`);
    if (between.trim()) innermost().push(plain(between));
    done = tag.index + whole.length;
    if (closes) {
      const closed = open.pop() as LessonElement;
      if (closed[0] !== name) throw new Error(`${file}: </${name}> closes <${closed[0]}>`);
      innermost().push(closed);
      continue;
    }
    if (!ALLOWED.has(name)) throw new Error(`${file}: <${name}> is not one of ${[...ALLOWED].join(', ')}`);
    const element: LessonElement = [name, readAttributes(file, attributes)];
    if (empty) innermost().push(element);
    else open.push(element);
  }
  const [drawing] = innermost().slice(2);
  if (open.length !== 1 || !Array.isArray(drawing)) throw new Error(`${file} is not one whole <svg>`);
  return drawing;
}

function readAttributes(file: string, text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (/^(on|style$|href$)/.test(name)) throw new Error(`${file}: ${name}="…" has no place in a drawing`);
    if (!name.startsWith('xmlns')) attributes[name] = plain(value);
  }
  return attributes;
}
