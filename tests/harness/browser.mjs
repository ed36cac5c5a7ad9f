// Drives the UI in a real browser, and holds it to what is true of every page: no error, and no word to another host.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

import { SLOW } from './server.mjs';

const EXECUTABLE = process.env.SPOOR_CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
FLAGS.push('--disable-component-update', '--disable-sync', '--disable-dev-shm-usage');
const PATIENCE_MS = SLOW ? 60_000 : 20_000;

export function launch() {
  assert.ok(existsSync(EXECUTABLE), `the browser ${EXECUTABLE}: install chromium, or name another in SPOOR_CHROMIUM`);
  return chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
}

// Opens an empty page of `server` in a browser context of its own, lets `use(page)` work with it and checks afterwards
// that nothing went wrong on the way. `expected`: errors that are part of the test, as patterns of console messages.
export async function withPage(browser, server, options, use) {
  const { expected = [], ...context } = typeof options === 'function' ? {} : options;
  const origin = `http://127.0.0.1:${server.queryPort}`;
  const inContext = await browser.newContext({ baseURL: origin, viewport: { width: 1440, height: 900 }, ...context });
  try {
    const page = await inContext.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const wrong = [];
    page.on('pageerror', (error) => wrong.push(`an error: ${error.stack}`));
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      if (!expected.some((pattern) => pattern.test(message.text()))) wrong.push(`the console: ${message.text()}`);
    });
    inContext.on('request', (request) => {
      const url = new URL(request.url());
      if (!['data:', 'blob:'].includes(url.protocol) && url.origin !== origin) wrong.push(`a request to ${url}`);
    });
    await (typeof options === 'function' ? options : use)(page);
    assert.deepEqual(wrong, []);
  } finally {
    await inContext.close();
  }
}

// Waits until what the page shows is on the screen, as the page itself says.
export const painted = (page, mark) =>
  page.waitForFunction((name) => performance.getEntriesByName(name, 'mark').length > 0, mark);

// Forgets the marks so far, to wait for the next.
export const forgetMarks = (page) => page.evaluate(() => performance.clearMarks());
