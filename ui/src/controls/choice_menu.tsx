import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icon';

interface Props<Value extends string> {
  /** The accessible name of the menu. */
  label: string;
  value: Value;
  choices: readonly [Value, string][];
  onChoose: (value: Value) => void;
  /** Of the button. */
  class?: string;
  /** What the button shows. */
  children: ComponentChildren;
}

/** A menu button with radio items, after the ARIA authoring practices. */
export function ChoiceMenu<Value extends string>({
  label,
  value,
  choices,
  onChoose,
  class: classes,
  children,
}: Props<Value>) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!open) return;
    place.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
    const closeOutside = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', closeOutside);
    return () => document.removeEventListener('pointerdown', closeOutside);
  }, [open]);

  const close = () => {
    setOpen(false);
    place.current?.querySelector<HTMLElement>('[aria-haspopup]')?.focus();
  };
  const move = (event: KeyboardEvent) => {
    const items = [...(place.current?.querySelectorAll<HTMLElement>('[role="menuitemradio"]') ?? [])];
    const index = items.indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) items[(index + step + items.length) % items.length]?.focus();
    else if (event.key === 'Home') items[0]?.focus();
    else if (event.key === 'End') items.at(-1)?.focus();
    else if (event.key === 'Escape') close();
    else if (event.key === 'Tab') return setOpen(false);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="menu-place" ref={place}>
      <button
        type="button"
        class={classes}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (open || event.key !== 'ArrowDown') return;
          event.preventDefault();
          event.stopPropagation();
          setOpen(true);
        }}
      >
        {children}
      </button>
      {open && (
        <div class="menu" role="menu" aria-label={label} onKeyDown={move}>
          {choices.map(([choice, words]) => (
            <button
              key={choice}
              type="button"
              role="menuitemradio"
              tabIndex={-1}
              aria-checked={value === choice}
              onClick={() => {
                onChoose(choice);
                close();
              }}
            >
              {words}
              {value === choice && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
