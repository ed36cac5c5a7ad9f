import { defineConfig } from 'vitest/config';
import { lessons } from './vite/lessons/plugin.ts';
import { precompress } from './vite/precompress.ts';
import { renderBlockingEntry } from './vite/render_blocking_entry.ts';

// The page is served under any path prefix: every address in it is relative, and <base href>, which the server
// sets, says what to. Nothing may become a data: address, the content security policy allows only 'self'.
export default defineConfig({
  base: './',
  plugins: [lessons(), renderBlockingEntry(), precompress()],
  // Never the development transform, which would write this machine's paths into the bundle.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact', development: false } },
  worker: { format: 'es' },
  build: {
    target: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/api': 'http://127.0.0.1:16686' },
  },
  test: {
    include: ['src/**/*.test.ts', 'vite/**/*.test.ts'],
  },
});
