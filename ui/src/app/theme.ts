import { effect, signal } from '@preact/signals';

export type Theme = 'light' | 'dark' | 'system';

const STORED = 'spoor.theme';

function stored(): Theme {
  try {
    const value = localStorage.getItem(STORED);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system'; // A browser may forbid storage; the choice then lasts as long as the page.
  }
}

export const theme = signal<Theme>(stored());

/** Counts up whenever colours may have changed, for canvases, which no style sheet reaches. */
export const colourChanges = signal(0);

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  try {
    localStorage.setItem(STORED, chosen);
  } catch {
    // See stored().
  }
}

export function applyTheme(): void {
  effect(() => {
    if (theme.value === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme.value;
    colourChanges.value = colourChanges.peek() + 1;
  });
  for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', () => colourChanges.value++);
  }
}
