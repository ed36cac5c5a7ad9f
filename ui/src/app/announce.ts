import { signal } from '@preact/signals';

/** What assistive technology is told next, politely. The shell has the one live region for it. */
export const announcement = signal('');

export function announce(words: string): void {
  // The same words twice are two pieces of news.
  announcement.value = announcement.peek() === words ? `${words}\u00a0` : words;
}
