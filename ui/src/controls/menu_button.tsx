import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props {
  /** The accessible name of the menu. */
  label: string;
  /** Of the button. */
  class?: string;
  /** What the button shows. */
  button: ComponentChildren;
  /** The items: elements with a role of menuitem or menuitemradio and a tabIndex of -1. `close` closes the menu. */
  items: (close: () => void) => ComponentChildren;
}

/** A button that opens a menu, after the ARIA authoring practices: the focus goes in, arrows move it, Escape closes. */
export function MenuButton({ label, class: classes, button, items }: Props) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const all = () => [...(place.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];

  useLayoutEffect(() => {
    if (!open) return;
    (all().find((item) => item.ariaChecked === 'true') ?? all()[0])?.focus();
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
    const index = all().indexOf(document.activeElement as HTMLElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) all()[(index + step + all().length) % all().length]?.focus();
    else if (event.key === 'Home') all()[0]?.focus();
    else if (event.key === 'End') all().at(-1)?.focus();
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
        {button}
      </button>
      {open && (
        <div class="menu" role="menu" aria-label={label} onKeyDown={move}>
          {items(close)}
        </div>
      )}
    </div>
  );
}
