import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { SHOP } from '../fake_server.mjs';
import { violations } from './axe';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();

const openPanel = async (page: Page) => {
  await page.keyboard.press('e');
  await page.keyboard.press('Enter');
  await page.getByText('rpc.method').waitFor();
};
const openOrders = async (page: Page) => {
  await waitForMark(page, 'overview-painted');
  await page.getByRole('button', { name: /^Order:/ }).click();
};
const openFields = async (page: Page) => {
  await waitForMark(page, 'overview-painted');
  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Trace duration').waitFor();
};
const openList = (page: Page) => page.getByLabel('Service').click();
const openStep = async (page: Page) => {
  await page.getByRole('slider', { name: 'Error share over time' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Traces of the step' }).getByRole('row').first().waitFor();
};
const nothing = () => Promise.resolve();

const pages = [
  { what: 'search', path: '/search', mark: 'search-ready', act: nothing },
  { what: 'search with an open list', path: '/search', mark: 'search-ready', act: openList },
  { what: 'orders', path: '/search?sort=longest', mark: 'search-ready', act: openOrders },
  {
    what: 'a search with box and pills',
    path: '/search?lookback=1h&traceErrors=true&traceDurationMin=1s&view=scatter',
    mark: 'search-ready',
    act: openFields,
  },
  { what: 'an overview as a table', path: '/search?view=table', mark: 'search-ready', act: nothing },
  { what: 'an empty search', path: '/search?service=nobody', mark: 'search-ready', act: nothing },
  { what: 'a failed search', path: '/search?service=broken', mark: 'search-ready', act: nothing },
  { what: 'a trace', path: `/trace/${SHOP}`, mark: 'trace-painted', act: nothing },
  { what: 'a trace with a span', path: `/trace/${SHOP}`, mark: 'trace-painted', act: openPanel },
  { what: 'services', path: '/services', mark: 'services-ready', act: nothing },
  {
    what: 'services of no time',
    path: '/services?start=1000000&end=60000000',
    mark: 'services-ready',
    act: nothing,
  },
  { what: 'a service', path: '/service/payment', mark: 'service-ready', act: openStep },
  { what: 'a service as a table', path: '/service/payment?view=table', mark: 'service-ready', act: nothing },
  { what: 'the map', path: '/map', mark: 'map-ready', act: nothing },
  { what: 'the map with a service', path: '/map?sel=payment', mark: 'map-ready', act: nothing },
  { what: 'the map as a table', path: '/map?view=table', mark: 'map-ready', act: nothing },
  { what: 'the status', path: '/status', mark: 'status-ready', act: nothing },
  { what: 'an unknown trace', path: '/trace/404', mark: 'trace-painted', act: nothing },
];
const TRACE = `/trace/${SHOP}`;
const openSheet = async (page: Page) => {
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).waitFor();
};
const openPalette = async (page: Page) => {
  await page.keyboard.press('Control+K');
  await page.getByRole('option', { name: 'payment' }).waitFor();
};
const openFocused = async (page: Page) => {
  await page.keyboard.press('j');
  await page.keyboard.press('j');
};
pages.push(
  { what: 'the sheet of keys', path: TRACE, mark: 'trace-painted', act: openSheet },
  { what: 'the palette', path: TRACE, mark: 'trace-painted', act: openPalette },
  { what: 'the flame graph', path: `${TRACE}?view=flame`, mark: 'trace-painted', act: openFocused },
  { what: 'the table', path: `${TRACE}?view=table&failed=1`, mark: 'trace-painted', act: openFocused },
  {
    what: 'statistics',
    path: `${TRACE}?view=statistics&unfold=payment`,
    mark: 'trace-painted',
    act: openFocused,
  },
  { what: 'raw', path: `${TRACE}?view=raw`, mark: 'trace-painted', act: nothing },
);
const looks = [
  { look: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { look: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  { look: 'narrow', colorScheme: 'light', viewport: { width: 390, height: 844 } },
] as const;

it.each(looks.flatMap((look) => pages.map((page) => ({ ...page, ...look }))))(
  '$what, $look, has no violation',
  async ({ path, mark, act, colorScheme, viewport }) => {
    const opened = await browser.open(path, { colorScheme, viewport });
    await waitForMark(opened.page, mark);
    if (act === openList && viewport.width < 720) await opened.page.locator('.brief .combo').click();
    await act(opened.page);
    expect(await violations(opened.page)).toEqual([]);
    expectQuiet(opened);
  },
);

it('does not scroll sideways at 320 pixels', async () => {
  for (const path of [
    '/search',
    `/trace/${SHOP}`,
    '/trace/404',
    '/services',
    '/service/payment',
    '/map',
    '/map?view=table',
    ...['flame', 'table', 'statistics', 'raw'].map((view) => `${TRACE}?view=${view}`),
  ]) {
    const { page } = await browser.open(path, { viewport: { width: 320, height: 640 } });
    await page.waitForTimeout(500);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  }
});
