import type { LessonNode } from '../../src/learn/lesson.ts';

// Colours for code, worked out when the page is built: enough for the languages of the lessons, and no more.

type Rule = [kind: 'comment' | 'string' | 'keyword' | 'number' | 'name', pattern: RegExp];

const CPP_KEYWORDS =
  'auto|bool|break|case|catch|class|const|constexpr|else|explicit|false|for|if|include|int|namespace|new|noexcept|' +
  'nullptr|private|public|return|static|struct|switch|template|this|throw|true|try|using|void|while';
const SH_WORDS =
  'cd|cmake|curl|export|build/spoor|\\./challenge|spoor|echo|grep|head|tail|cat|mkdir|for|do|done|in';

const RULES: Record<string, readonly Rule[]> = {
  cpp: [
    ['comment', /\/\/[^\n]*/y],
    ['keyword', /#\s*\w+/y],
    ['string', /"(?:\\.|[^"\\\n])*"|<(?:spoor|web)\/[\w./]+>/y],
    ['number', /\b\d[\w.']*/y],
    ['keyword', new RegExp(`\\b(?:${CPP_KEYWORDS})\\b`, 'y')],
    ['name', /\b[A-Z]\w*\b/y],
  ],
  sh: [
    ['comment', /#[^\n]*/y],
    ['string', /"(?:\\.|[^"\\])*"|'[^']*'/y],
    ['keyword', new RegExp(`(?<![\\w./-])(?:${SH_WORDS})(?![\\w./-])`, 'y')],
    ['name', /\b[A-Z][A-Z0-9_]+(?==)/y],
    ['number', /(?<=\s)--?[a-zA-Z][\w-]*/y],
  ],
  yaml: [
    ['comment', /#[^\n]*/y],
    ['keyword', /[\w-]+(?=:)/y],
    ['string', /"[^"\n]*"/y],
  ],
};

/** What runs on without a rule is taken in one go, so that a word is not looked at from its middle. */
const PLAIN = /[\w.-]+|[^]/y;

/** The text in pieces, coloured ones as elements; a language that is not known is one piece. */
export function highlight(code: string, language: string): LessonNode[] {
  const rules = RULES[language];
  if (!rules) return [code];
  const pieces: LessonNode[] = [];
  let plain = '';
  for (let at = 0; at < code.length;) {
    const found = firstMatch(rules, code, at);
    if (!found) {
      PLAIN.lastIndex = at;
      const text = PLAIN.exec(code)?.[0] ?? '';
      plain += text;
      at += text.length;
      continue;
    }
    if (plain) pieces.push(plain);
    plain = '';
    pieces.push(['span', { class: `code-${found.kind}` }, found.text]);
    at += found.text.length;
  }
  return plain ? [...pieces, plain] : pieces;
}

function firstMatch(rules: readonly Rule[], code: string, at: number): { kind: string; text: string } | null {
  for (const [kind, pattern] of rules) {
    pattern.lastIndex = at;
    const text = pattern.exec(code)?.[0];
    if (text) return { kind, text };
  }
  return null;
}
