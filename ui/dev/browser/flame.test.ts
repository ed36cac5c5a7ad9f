import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DEEP_5K, FLAT_20K, FLEET_100K, SHOP } from '../fake_server.mjs';
import { expectGolden, reloadWithoutText } from './golden';
import { countElements, expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();
const LANE = 20;
const RULER = 24;

async function openFlame(query = '', id = SHOP, viewport = { width: 1000, height: 700 }) {
  const opened = await browser.open(`/trace/${id}?view=flame${query}`, { viewport, colorScheme: 'light' });
  await waitForMark(opened.page, 'trace-painted');
  return opened;
}
const said = (page: Page, words: string | RegExp) =>
  page.locator('#flame-said').filter({ hasText: words }).waitFor();
/** Clicks into a lane, at a share of the width. */
async function clickBox(page: Page, lane: number, share: number, times = 1): Promise<void> {
  const box = (await page.locator('.lanes canvas').boundingBox())!;
  await page.mouse.click(box.x + box.width * share, box.y + RULER + (lane + 0.5) * LANE, { clickCount: times });
}

describe('the flame graph', () => {
  it('zooms at a click, opens a span at two, and goes back', async () => {
    const opened = await openFlame('', SHOP, { width: 1440, height: 900 });
    const { page } = opened;
    await clickBox(page, 1, 0.5);
    await said(page, 'frontend checkout.CheckoutService/PlaceOrder, 3.02 s, 96.9 % of all, starts at 75.0 ms');
    await page.waitForURL(/view=flame&t=75000000-3099000000/);
    await page.getByRole('button', { name: 'Open span' }).click();
    await page.getByText('rpc.method').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.waitForURL((url) => !url.searchParams.has('t'));
    expectQuiet(opened);
  });

  it('is gone through by keyboard alone, and says where it is', async () => {
    const opened = await openFlame();
    const { page } = opened;
    await page.keyboard.press('ArrowDown');
    await said(page, 'frontend POST /checkout, 3.12 s, 100 % of all');
    await page.keyboard.press('ArrowDown');
    await said(page, 'frontend checkout.CheckoutService/PlaceOrder');
    await page.keyboard.press('ArrowLeft');
    await said(page, 'frontend cart.CartService/GetCart');
    await page.keyboard.press('ArrowDown');
    await said(page, 'cart cart.CartService/GetCart');
    await page.keyboard.press('Enter');
    await page.waitForURL(/t=\d+-\d+/);
    await page.keyboard.press(' ');
    await page.getByText('rpc.method').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('rpc.method').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('t'));
    await page.keyboard.press('e');
    await said(page, /risk.RiskService\/Score.*error/);
    expectQuiet(opened);
  });

  it('puts the same paths together, and keeps that and its zoom in the address', async () => {
    const { page } = await openFlame();
    await page.getByRole('button', { name: 'Left heavy' }).click();
    await page.waitForURL(/flame=left/);
    await clickBox(page, 6, 0.2);
    await said(page, /payment SELECT ledger_entries, 214 spans, 1.76 s of work/);
    await page.waitForURL(/into=\w{16}/);
    await page.reload();
    await waitForMark(page, 'trace-painted');
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.waitForURL((url) => !url.searchParams.has('into'));
  });

  it('dims what does not match what was looked for', async () => {
    const { page } = await openFlame();
    await reloadWithoutText(page, 'trace-painted');
    const before = await page.locator('.lanes canvas').evaluate((c) => (c as HTMLCanvasElement).toDataURL());
    await page.getByLabel('Find in trace').fill('ledger_entries');
    await page.getByText('215 found').or(page.getByText('1 of 215')).waitFor();
    await page.waitForFunction(
      (old) => document.querySelector<HTMLCanvasElement>('.lanes canvas')?.toDataURL() !== old,
      before,
    );
    await expectGolden(page, '.lanes canvas', 'flame-found');
  });

  it('looks as it did', async () => {
    const { page } = await openFlame();
    await reloadWithoutText(page, 'trace-painted');
    await expectGolden(page, '.lanes canvas', 'flame-time');
    await page.goto(`${page.url()}&flame=left`);
    await waitForMark(page, 'trace-painted');
    await expectGolden(page, '.lanes canvas', 'flame-left');
  });

  it('is drawn in the reader’s own colours where they are forced', async () => {
    const opened = await openFlame();
    const { page } = opened;
    await page.emulateMedia({ forcedColors: 'active' });
    await reloadWithoutText(page, 'trace-painted');
    await expectGolden(page, '.lanes canvas', 'flame-forced');
    expectQuiet(opened);
  });

  it.each([
    ['100,000 spans', FLEET_100K],
    ['20,000 children', FLAT_20K],
    ['a chain of 5,000', DEEP_5K],
  ])('stays small for %s, in both orders', async (_, id) => {
    const opened = await openFlame('', id);
    const { page } = opened;
    for (const order of ['Left heavy', 'In time']) {
      await page.getByRole('button', { name: order }).click();
      await page.locator('.lanes canvas').waitFor();
      expect(await countElements(page)).toBeLessThan(300);
    }
    for (const key of ['j', 'j', 'j', 'Enter']) await page.keyboard.press(key);
    await said(page, / of all/);
    expectQuiet(opened);
  });
});
