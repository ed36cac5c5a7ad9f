import type { Plugin } from 'vite';

/**
 * Holds the first paint until the entry script has run. The script sets the chosen theme, and without this a reader
 * with a dark choice on a light system would see a white flash.
 */
export function renderBlockingEntry(): Plugin {
  return {
    name: 'spoor-render-blocking-entry',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
    },
  };
}
