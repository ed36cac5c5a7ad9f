import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { SHOP } from '../fake_server.mjs';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

interface Violation {
  id: string;
  nodes: { target: unknown; failureSummary: string }[];
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axePath, 'utf8'));
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    return (await axe.run()).violations;
  });
  return found.map(({ id, nodes }) => `${id}: ${JSON.stringify(nodes[0]?.target)} ${nodes[0]?.failureSummary}`);
}

const openPanel = async (page: Page) => {
  await page.keyboard.press('e');
  await page.keyboard.press('Enter');
  await page.getByText('rpc.method').waitFor();
};
const openList = (page: Page) => page.getByLabel('Service').click();
const nothing = () => Promise.resolve();

const pages: [string, string, string, (page: Page) => Promise<void>][] = [
  ['search', '/search', 'search-ready', nothing],
  ['search with an open list', '/search', 'search-ready', openList],
  ['empty search', '/search?service=nobody', 'search-ready', nothing],
  ['failed search', '/search?service=broken', 'search-ready', nothing],
  ['trace', `/trace/${SHOP}`, 'trace-painted', nothing],
  ['trace with a span', `/trace/${SHOP}`, 'trace-painted', openPanel],
  ['unknown trace', '/trace/404', 'trace-painted', nothing],
];
const looks = [
  { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

it.each(looks.flatMap((look) => pages.map((page) => [...page, look] as const)))(
  '%s has no violation (%s, %s, %s, %j)',
  async (_, path, mark, act, look) => {
    const opened = await browser.open(path, look);
    await waitForMark(opened.page, mark);
    if (act === openList && look.viewport.width < 720) await opened.page.locator('.brief .combo').click();
    await act(opened.page);
    expect(await violations(opened.page)).toEqual([]);
    expectQuiet(opened);
  },
);

it('does not scroll sideways at 320 pixels', async () => {
  for (const path of ['/search', `/trace/${SHOP}`, '/trace/404']) {
    const { page } = await browser.open(path, { viewport: { width: 320, height: 640 } });
    await page.waitForTimeout(500);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  }
});
