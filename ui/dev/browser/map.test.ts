import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { countElements, expectQuiet, useBrowser, waitForMark } from './open_page';

const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.querySelector('b')?.textContent?.trim() ?? '');
const scaleOf = (page: Page) =>
  page.evaluate(
    () => new DOMMatrix(getComputedStyle(document.querySelector('.graph-picture') as Element).transform).a,
  );

describe('the map', () => {
  const browser = useBrowser();
  async function openMap(path = '/map') {
    const opened = await browser.open(path);
    await waitForMark(opened.page, 'map-ready');
    return opened;
  }
  const service = (page: Page, name: string) => page.getByRole('button', { name: new RegExp(`^${name} `) });

  it('shows services with their numbers, and who calls whom', async () => {
    const opened = await openMap();
    const { page } = opened;
    expect(await page.locator('.map-words').textContent()).toMatch(
      /^12 services, 18 pairs of caller and called in the last hour/,
    );
    expect(await page.locator('.node').count()).toBe(12);
    expect(await service(page, 'payment').textContent()).toMatch(
      /^payment [\d.]+\/s p95 \d+ ms[\d.]+ % failed3 callers, 1 callee$/,
    );
    expect(await page.locator('.call, .call-failing').count()).toBe(18);
    expect(await countElements(page)).toBeLessThan(500);
    expectQuiet(opened);
  });

  it('opens a service by mouse, goes on to its callers, its page and its traces', async () => {
    const opened = await openMap();
    const { page } = opened;
    await service(page, 'payment').click();
    await page.waitForURL(/sel=payment/);
    const panel = page.getByRole('complementary', { name: 'Service' });
    expect(await panel.getByRole('heading').allTextContents()).toEqual(['payment', 'Called by 3', 'Calls 1']);
    await panel.getByRole('button', { name: /checkout/ }).click();
    await page.waitForURL(/sel=checkout/);
    await panel.getByRole('button', { name: 'Focus here' }).click();
    await page.waitForURL(/focus=checkout/);
    await page.getByText('at most 1 call away from checkout').waitFor();
    expect(await page.locator('.node').count()).toBeLessThan(12);
    await panel.getByRole('link', { name: 'Service page' }).click();
    await page.waitForURL(/\/service\/checkout$/);
    await page.goBack();
    await waitForMark(page, 'map-ready');
    expect(parameter(page, 'focus')).toBe('checkout');
    expectQuiet(opened);
  });

  it('is moved and zoomed by drag, wheel, keys and buttons, and fitted again', async () => {
    const { page } = await openMap();
    const area = await page.locator('.graph-area').boundingBox();
    if (!area) throw new Error('there is no map');
    const place = async () => (await service(page, 'payment').boundingBox())?.x ?? 0;
    const [at, whole] = [await place(), await scaleOf(page)];
    await page.mouse.move(area.x + 300, area.y + 60);
    await page.mouse.down();
    await page.mouse.move(area.x + 380, area.y + 90, { steps: 4 });
    await page.mouse.up();
    expect(Math.round((await place()) - at)).toBe(80);
    await page.mouse.wheel(0, -400);
    await page.waitForFunction(
      (before) =>
        new DOMMatrix(getComputedStyle(document.querySelector('.graph-picture') as Element).transform).a >
        before,
      whole,
    );
    await page.getByRole('button', { name: 'Show all of it' }).click();
    expect(await scaleOf(page)).toBe(whole);
    expect(Math.round(await place())).toBe(Math.round(at));
    await page.keyboard.press('-');
    expect(await scaleOf(page)).toBeCloseTo(whole * 0.8);
    await page.keyboard.press('f');
    expect(await scaleOf(page)).toBe(whole);
    await page.locator('.graph-area').focus();
    await page.keyboard.press('ArrowRight');
    expect(Math.round((await place()) - at)).toBe(-64);
  });

  it('is walked by keyboard alone: to callees, to a panel, and back', async () => {
    const opened = await openMap();
    const { page } = opened;
    await page.locator('.graph-area').focus();
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('frontend');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('cart');
    await page.keyboard.press('ArrowDown');
    expect(await focused(page)).toBe('checkout');
    await page.keyboard.press('Enter');
    await page.waitForURL(/sel=checkout/);
    expect(
      await page.getByRole('complementary', { name: 'Service' }).getByRole('heading').first().textContent(),
    ).toBe('checkout');
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/map$/);
    await page.waitForFunction(() => document.activeElement?.classList.contains('node'));
    await page.keyboard.press('/');
    await page.keyboard.type('shipp');
    await page.keyboard.press('Enter');
    await page.waitForURL(/focus=shipping&hops=1/);
    expectQuiet(opened);
  });

  it('has the same as a table, sorted and linked', async () => {
    const opened = await openMap();
    const { page } = opened;
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await page.waitForURL(/view=table/);
    expect(await page.getByRole('table', { name: 'Calls' }).getByRole('row').count()).toBe(19);
    await page.getByRole('button', { name: 'Errors', exact: true }).click();
    await page.waitForURL(/sort=errors-desc/);
    expect(await page.getByRole('row').nth(1).textContent()).toContain('payment');
    await page.getByRole('link', { name: 'risk', exact: true }).first().click();
    await page.waitForURL(/\/service\/risk$/);
    expectQuiet(opened);
  });

  it('hides small calls, reaches further, and keeps Jaeger’s addresses', async () => {
    const { page } = await openMap('/deep-dependencies?service=payment');
    await page.waitForURL(/\/map\?service=payment/);
    await page.getByText('at most 1 call away from payment').waitFor();
    await page.getByLabel('Reach').selectOption('2');
    await page.waitForURL(/hops=2/);
    await page.getByRole('combobox', { name: 'Show' }).selectOption('10');
    await page.waitForURL(/min=10/);
    await page.getByText(/pairs below the least share hidden/).waitFor();
    await page.getByLabel('Focus').fill('');
    await page.waitForFunction(() => !location.search.includes('payment'));
    await page.goto(`${browser.server.url}/dependencies`);
    await page.waitForURL(/\/map$/);
  });

  it('explains a time without spans', async () => {
    const { page } = await openMap('/map?start=1000000&end=60000000');
    await page.getByText('There is nothing to draw').waitFor();
    await page.getByRole('button', { name: 'Last 24 hours' }).click();
    await page.waitForURL(/lookback=24h/);
    await page.locator('.node').first().waitFor();
  });
});

describe('the map of 500 services with 3,000 calls', () => {
  const browser = useBrowser({ fleet: 500 });
  it('shows the busiest with its neighbours, all of it only when asked, and never freezes', async () => {
    const opened = await browser.open('/map');
    const { page } = opened;
    await waitForMark(page, 'map-ready');
    await page.getByText('which has the most').waitFor();
    expect(await page.locator('.node').count()).toBeLessThan(60);
    await page.getByLabel('Reach').selectOption('all');
    await page.waitForURL(/hops=all/);
    await page.getByText('350 other services with fewer calls did not fit').waitFor();
    expect(await page.locator('.node').count()).toBe(150);
    const longest = await page.evaluate(async () => {
      let last = performance.now();
      let most = 0;
      const area = document.querySelector('.graph-area') as HTMLElement;
      for (let turn = 0; turn < 20; turn++) {
        area.dispatchEvent(
          new WheelEvent('wheel', { deltaY: 40, clientX: 700, clientY: 400, bubbles: true, cancelable: true }),
        );
        await new Promise(requestAnimationFrame);
        most = Math.max(most, performance.now() - last);
        last = performance.now();
      }
      return most;
    });
    expect(longest).toBeLessThan(500);
    await page.goto(`${browser.server.url}/map?hops=all&view=table`);
    await page.getByRole('row').nth(20).waitFor();
    expect(await countElements(page)).toBeLessThan(1500);
    await page.goto(`${browser.server.url}/services`);
    await page.getByText('500 services').waitFor();
    expect(await countElements(page)).toBeLessThan(1500);
    expectQuiet(opened);
  });
});
