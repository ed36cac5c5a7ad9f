import { expect, it } from 'vitest';
import { SHOP } from '../fake_server.mjs';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser({ prefix: '/tools/spoor' });

it('works under a path prefix: assets, API, worker, links and addresses', async () => {
  const opened = await browser.open('/tools/spoor/');
  const { page } = opened;
  await waitForMark(page, 'search-ready');
  expect(page.url()).toBe(`${browser.server.url}/tools/spoor/search`);
  await page.getByRole('link', { name: 'POST /checkout' }).first().click();
  await page.waitForURL(`${browser.server.url}/tools/spoor/trace/*`);
  await waitForMark(page, 'trace-painted');
  await page.goto(`${browser.server.url}/tools/spoor/trace/${SHOP.toUpperCase()}`);
  await waitForMark(page, 'trace-painted');
  expect(page.url()).toBe(`${browser.server.url}/tools/spoor/trace/${SHOP}`);
  expectQuiet(opened);
});
