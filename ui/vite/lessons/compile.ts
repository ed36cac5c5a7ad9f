import { Marked, type Token, type Tokens } from 'marked';
import { lessonPlace } from '../../src/app/route.ts';
import type { Lesson, LessonElement, LessonNode, Section } from '../../src/learn/lesson.ts';
import { highlight } from './highlight.ts';

// Markdown to data. What a lesson may hold is what is handled here; anything else, HTML above all, stops the build.

export interface LessonSource {
  /** "04_context_propagation.md" */
  file: string;
  text: string;
}

export interface Surroundings {
  /** The drawing in a file beside the lessons, as elements; throws where there is none. */
  drawing(path: string): LessonElement;
}

/** Where this server is reached in the text of a lesson; on the page such a link stays in the page's own server. */
const THIS_SERVER = 'http://localhost:16686/';
const NUMBERED = /^\d\d_([a-z0-9_]+)\.md$/;
/** Languages whose blocks are there to be copied. */
const COPIED = new Set(['sh', 'cpp', 'cmake', 'yaml']);
const PLAIN_INLINE: Record<string, string> = { strong: 'strong', em: 'em' };

/** "context_propagation" of "04_context_propagation.md"; empty for the page that all begin from. */
export function slugOf(file: string): string {
  if (file === 'README.md') return '';
  const slug = NUMBERED.exec(file)?.[1];
  if (!slug) throw new Error(`${file}: a lesson is named like 04_context_propagation.md`);
  return slug;
}

/** All lessons in reading order, with every link among them checked. */
export function compileLessons(sources: readonly LessonSource[], around: Surroundings): Lesson[] {
  const place = ({ file }: LessonSource) => (slugOf(file) ? file : '');
  const ordered = sources.toSorted((a, b) => (place(a) < place(b) ? -1 : 1));
  const lessons = ordered.map((source) => new Compiler(source.file, around).compile(source.text));
  checkLinks(lessons);
  return lessons;
}

/** The id that GitHub gives to a heading. */
export function headingId(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
}

class Compiler {
  private readonly sections: Section[] = [];
  private readonly ids = new Set<string>();
  private title = '';

  constructor(
    private readonly file: string,
    private readonly around: Surroundings,
  ) {}

  compile(text: string): Lesson {
    const body = this.blocks(new Marked().lexer(text));
    if (!this.title) throw this.error('a lesson begins with "# Title"');
    return { slug: slugOf(this.file), title: this.title, sections: this.sections, body };
  }

  private error(what: string): Error {
    return new Error(`challenge/lessons/${this.file}: ${what}`);
  }

  private blocks(tokens: readonly Token[]): LessonNode[] {
    return tokens.flatMap((token) => this.block(token));
  }

  private block(token: Token): LessonNode[] {
    switch (token.type) {
      case 'space':
        return [];
      case 'heading':
        return this.heading(token as Tokens.Heading);
      case 'paragraph':
        return [this.paragraph(token as Tokens.Paragraph)];
      case 'text':
        return this.inline((token as Tokens.Text).tokens ?? [token]);
      case 'blockquote':
        return [['blockquote', {}, ...this.blocks((token as Tokens.Blockquote).tokens)]];
      case 'list':
        return [this.list(token as Tokens.List)];
      case 'table':
        return [this.table(token as Tokens.Table)];
      case 'code':
        return [this.code(token as Tokens.Code)];
      default:
        throw this.error(`${token.type} is not handled: ${token.raw.slice(0, 60)}`);
    }
  }

  private heading({ depth, tokens, text }: Tokens.Heading): LessonNode[] {
    if (depth === 1) {
      if (this.title) throw this.error('has two titles');
      this.title = text;
      return [];
    }
    if (depth > 3) throw this.error(`"${text}" is nested too deep`);
    const children = this.inline(tokens);
    const title = textOf(children);
    const id = headingId(title);
    if (this.ids.has(id)) throw this.error(`has two headings "${title}"`);
    this.ids.add(id);
    if (depth === 2) this.sections.push({ id, title });
    return [[`h${depth}`, { id }, ...children]];
  }

  private paragraph({ tokens }: Tokens.Paragraph): LessonElement {
    const [only] = tokens;
    if (tokens.length === 1 && only?.type === 'image') return this.figure(only as Tokens.Image);
    return ['p', {}, ...this.inline(tokens)];
  }

  private figure({ href, text }: Tokens.Image): LessonElement {
    if (!text) throw this.error(`${href} needs a text for those who do not see it`);
    const [name, attributes, ...children] = this.around.drawing(href);
    return [
      'figure',
      {},
      [name, { ...attributes, role: 'img', 'aria-label': text.replace(/\s+/g, ' ') }, ...children],
    ];
  }

  private list({ ordered, start, items }: Tokens.List): LessonElement {
    const children = items.map((item): LessonElement => ['li', {}, ...this.blocks(item.tokens)]);
    const attributes: Record<string, string> = ordered && start && start !== 1 ? { start: String(start) } : {};
    return [ordered ? 'ol' : 'ul', attributes, ...children];
  }

  private table({ header, rows }: Tokens.Table): LessonElement {
    const head = header.map(({ text, tokens }): LessonElement =>
      text ? ['th', { scope: 'col' }, ...this.inline(tokens)] : ['td', {}],
    );
    const body = rows.map((row): LessonElement => {
      const cells = row.map(({ tokens }, index): LessonElement => {
        const children = this.inline(tokens);
        return index === 0 ? ['th', { scope: 'row' }, ...children] : ['td', {}, ...children];
      });
      return ['tr', {}, ...cells];
    });
    return ['table', {}, ['thead', {}, ['tr', {}, ...head]], ['tbody', {}, ...body]];
  }

  /** "```cpp of FILE" says from where the lines are; a test holds them to it. */
  private code({ lang = '', text }: Tokens.Code): LessonElement {
    const [language = '', ...of] = lang.split(/\s+/);
    if (!language) throw this.error(`a block of code without a language: ${text.slice(0, 40)}`);
    const from = of.length > 1 && of[0] === 'of' ? of.slice(1).join(' ') : '';
    const attributes: Record<string, string> = { language };
    const code = from ? withoutMargin(text) : text;
    if (from) attributes['from'] = from;
    if (COPIED.has(language)) attributes['copy'] = code;
    return ['code-block', attributes, ...highlight(code, language)];
  }

  private inline(tokens: readonly Token[]): LessonNode[] {
    const nodes: LessonNode[] = [];
    for (const token of tokens) {
      const node = this.inlineNode(token);
      const last = nodes.at(-1);
      if (typeof node === 'string' && typeof last === 'string') nodes[nodes.length - 1] = last + node;
      else nodes.push(node);
    }
    return nodes;
  }

  private inlineNode(token: Token): LessonNode {
    const plain = PLAIN_INLINE[token.type];
    if (plain) return [plain, {}, ...this.inline((token as Tokens.Strong).tokens)];
    switch (token.type) {
      case 'text':
      case 'escape':
        return (token as Tokens.Text).text.replace(/\n/g, ' ');
      case 'codespan':
        return ['code', {}, (token as Tokens.Codespan).text];
      case 'link':
        return this.link(token as Tokens.Link);
      default:
        throw this.error(`${token.type} is not handled: ${token.raw.slice(0, 60)}`);
    }
  }

  private link({ href, tokens }: Tokens.Link): LessonElement {
    const children = this.inline(tokens);
    if (href.startsWith(THIS_SERVER)) return ['a', { to: `/${href.slice(THIS_SERVER.length)}` }, ...children];
    if (/^https:\/\//.test(href)) return ['a', { href }, ...children];
    const [file = '', anchor = ''] = href.split('#');
    if (/[:/]/.test(file)) throw this.error(`${href}: link to a lesson beside this one, or to https://`);
    const slug = slugOf(file || this.file);
    return ['a', { to: lessonPlace(slug) + (anchor && `#${anchor}`) }, ...children];
  }
}

/** Lines from the inside of a block, moved to the left by what all of them are indented. */
function withoutMargin(code: string): string {
  const lines = code.split('\n');
  const margins = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  return lines.map((line) => line.slice(Math.min(...margins))).join('\n');
}

/** All text in a list of nodes. */
export function textOf(nodes: readonly LessonNode[]): string {
  return nodes
    .map((node) => (typeof node === 'string' ? node : textOf(node.slice(2) as LessonNode[])))
    .join('');
}

/** Every element of a lesson, depth first. */
export function* elementsOf(nodes: readonly LessonNode[]): Generator<LessonElement> {
  for (const node of nodes) {
    if (typeof node === 'string') continue;
    yield node;
    yield* elementsOf(node.slice(2) as LessonNode[]);
  }
}

function checkLinks(lessons: readonly Lesson[]): void {
  const places = new Set<string>();
  for (const { slug, body } of lessons) {
    places.add(lessonPlace(slug));
    for (const [, { id }] of elementsOf(body)) if (id) places.add(`${lessonPlace(slug)}#${id}`);
  }
  for (const { title, body } of lessons)
    for (const [name, { to }] of elementsOf(body))
      if (name === 'a' && to?.startsWith('/learn') && !places.has(to))
        throw new Error(`"${title}" links to ${to}, which there is not`);
}
