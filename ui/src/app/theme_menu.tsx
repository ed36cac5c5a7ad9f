import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, ThemeIcon } from '../controls/icon';
import { chooseTheme, theme, type Theme } from './theme';

const CHOICES: readonly [Theme, string][] = [
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['system', 'As the system'],
];

/** A menu button with three radio items, after the ARIA authoring practices. */
export function ThemeMenu() {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLLIElement>(null);

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
    <li ref={place}>
      <button type="button" aria-haspopup="menu" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ThemeIcon />
        Theme
      </button>
      {open && (
        <div class="menu" role="menu" aria-label="Theme" onKeyDown={move}>
          {CHOICES.map(([value, label]) => (
            <button
              key={value}
              type="button"
              role="menuitemradio"
              tabIndex={-1}
              aria-checked={theme.value === value}
              onClick={() => {
                chooseTheme(value);
                close();
              }}
            >
              {label}
              {theme.value === value && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </li>
  );
}
