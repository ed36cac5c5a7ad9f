import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** The clipboard interface exists only on https and localhost; a server in the own network often is neither. */
async function writeClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.className = 'sr';
    const focused = document.activeElement as HTMLElement | null;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    focused?.focus();
    return done;
  }
}

interface Props {
  text: string | (() => string);
  class?: string;
  label?: string;
  title?: string;
  buttonRef?: RefObject<HTMLButtonElement>;
  children: ComponentChildren;
}

/** Copies a text and says in its own place, for a moment, that it did. */
export function CopyButton({ text, class: classes = 'btn sm', label, title, buttonRef, children }: Props) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(''), 1500);
    return () => clearTimeout(timer);
  }, [said]);
  const copy = async () =>
    setSaid((await writeClipboard(typeof text === 'string' ? text : text())) ? 'Copied' : 'Not copied');
  return (
    <button
      ref={buttonRef ?? null}
      type="button"
      class={classes}
      aria-label={said || label}
      title={title}
      onClick={() => void copy()}
    >
      {said ? <span>{said}</span> : children}
    </button>
  );
}
