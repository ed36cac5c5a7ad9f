import { defineConfig } from 'vitest/config';

// The built pages in a real browser, against made-up answers: `npm run build && npm run test:browser`.
export default defineConfig({
  test: {
    include: ['dev/browser/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
