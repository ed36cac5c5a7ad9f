import { effect, signal } from '@preact/signals';
import { readStored, store } from './stored';

export type Theme = 'light' | 'dark' | 'system';

function stored(): Theme {
  const value = readStored('theme');
  return value === 'light' || value === 'dark' ? value : 'system';
}

export const theme = signal<Theme>(stored());

/** Counts up whenever colours may have changed, for canvases, which no style sheet reaches. */
export const colourChanges = signal(0);

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  store('theme', chosen);
}

export function applyTheme(): void {
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
    colourChanges.value = colourChanges.peek() + 1;
  });
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)', 'print']) {
    matchMedia(query).addEventListener('change', () => colourChanges.value++);
  }
}
