import { h, type ComponentChildren } from 'preact';
import { href } from '../app/location';
import { CopyButton } from '../controls/copy_button';
import { Icon } from '../controls/icon';
import type { LessonElement, LessonNode } from './lesson';

/** What a lesson holds, as elements. `page` is the place of the lesson, for links to its headings. */
export function LessonNodes({ nodes, page }: { nodes: readonly LessonNode[]; page: string }) {
  return <>{nodes.map((node, index) => (typeof node === 'string' ? node : element(node, page, index)))}</>;
}

function element([name, attributes, ...children]: LessonElement, page: string, key: number): ComponentChildren {
  const inside = children.length > 0 ? <LessonNodes nodes={children} page={page} /> : null;
  switch (name) {
    case 'a':
      return <Link key={key} attributes={attributes} inside={inside} />;
    case 'code-block':
      return <CodeBlock key={key} attributes={attributes} inside={inside} />;
    case 'table':
      return (
        <Scrolled key={key} label="Table">
          <table>{inside}</table>
        </Scrolled>
      );
    case 'figure':
      return (
        <figure key={key}>
          <Scrolled label="Drawing">{inside}</Scrolled>
        </figure>
      );
    case 'h2':
    case 'h3':
      return <Heading key={key} level={name} id={attributes['id'] ?? ''} page={page} inside={inside} />;
    default:
      return h(name, { ...attributes, key }, inside);
  }
}

interface PartProps {
  attributes: Record<string, string>;
  inside: ComponentChildren;
}

function Link({ attributes: { to, href: outside }, inside }: PartProps) {
  if (to !== undefined) return <a href={href(to)}>{inside}</a>;
  return (
    <a href={outside ?? ''} target="_blank" rel="noreferrer" class="outside">
      {inside}
      <span class="sr"> (opens a new tab)</span>
    </a>
  );
}

function Heading({
  level,
  id,
  page,
  inside,
}: {
  level: 'h2' | 'h3';
  id: string;
  page: string;
  inside: ComponentChildren;
}) {
  return h(
    level,
    { id, tabIndex: -1 },
    inside,
    <a class="anchor" href={href(`${page}#${id}`)} aria-label="Link to this heading">
      #
    </a>,
  );
}

/** What may be wider than the page scrolls in itself, by keyboard too. */
function Scrolled({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="scrolled" tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}

const NAMES: Record<string, string> = {
  sh: 'Terminal',
  cpp: 'C++',
  text: 'Output',
  cmake: 'CMake',
  yaml: 'YAML',
};

function CodeBlock({ attributes: { language = '', from, copy }, inside }: PartProps) {
  // The demo services are what a learner's own become.
  const name = from?.replace(/^demo\//, 'services/') || NAMES[language] || language;
  return (
    <div class={`code-block of-${language}`}>
      {language !== 'text' && (
        <div class="code-head">
          <span class={from ? 'mono' : ''}>{name}</span>
          {copy && (
            <CopyButton class="btn sm" text={copy} label={`Copy these lines: ${copy.split('\n')[0]}`}>
              <Icon name="copy" />
              Copy
            </CopyButton>
          )}
        </div>
      )}
      <pre class="mono" tabIndex={0} role="group" aria-label={name}>
        <code>{inside}</code>
      </pre>
    </div>
  );
}
