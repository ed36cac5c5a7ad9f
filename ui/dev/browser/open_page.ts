import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { startFakeServer } from '../fake_server.mjs';

const PROGRAMS = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

export interface Opened {
  page: Page;
  /** Everything the page complained about or asked of others. */
  complaints: string[];
}

/** One fake server and one browser for a file of tests. */
export function useBrowser(options: Parameters<typeof startFakeServer>[0] = {}) {
  let browser: Browser;
  const running = { server: undefined as unknown as Awaited<ReturnType<typeof startFakeServer>>, open };
  beforeAll(async () => {
    running.server = await startFakeServer(options);
    browser = await chromium.launch({
      executablePath: PROGRAMS.find((path) => existsSync(path)) ?? '',
      args: FLAGS,
    });
  });
  afterAll(async () => {
    await browser.close();
    running.server.close();
  });

  async function open(path: string, more: BrowserContextOptions = {}): Promise<Opened> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...more });
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(`error ${error.message}`));
    page.on('console', (message) => {
      // The browser itself reports an answer of 404 or 500; the tests of those pages expect it.
      const ownWords = !message.text().startsWith('Failed to load resource');
      if (['error', 'warning'].includes(message.type()) && ownWords) complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(running.server.url)) complaints.push(`asked ${request.url()}`);
    });
    await page.goto(running.server.url + path);
    return { page, complaints };
  }
  return running;
}

export async function waitForMark(page: Page, name: string): Promise<number> {
  await page.waitForFunction((mark) => performance.getEntriesByName(mark).length > 0, name);
  return page.evaluate((mark) => performance.getEntriesByName(mark)[0]?.startTime ?? 0, name);
}

export async function countElements(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('*').length);
}

/** Nothing in the console, nobody else asked. */
export function expectQuiet({ complaints }: Opened): void {
  expect(complaints).toEqual([]);
}
