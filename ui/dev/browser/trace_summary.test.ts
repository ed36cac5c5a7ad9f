import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { INSTANT, REPORT, ROOTLESS, SHOP } from '../fake_server.mjs';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();

async function openTrace(path: string, width = 1440) {
  const opened = await browser.open(path, { viewport: { width, height: 900 } });
  await waitForMark(opened.page, 'trace-painted');
  return opened;
}
const selected = (page: Page) => page.locator('[role="row"][aria-selected="true"]').textContent();
const rowCount = (page: Page, wanted: number) =>
  page.waitForFunction(
    (count) => document.querySelector('[role="treegrid"]')?.getAttribute('aria-rowcount') === String(count),
    wanted,
  );

describe('where the time went', () => {
  it('is told in words that add up, and leads to the spans', async () => {
    const opened = await openTrace(`/trace/${SHOP}`);
    const { page } = opened;
    const finds = page.locator('.finds li');
    await finds.first().waitFor();
    expect(await finds.allTextContents()).toEqual([
      '1.76 s56 %214 × SELECT ledger_entries, 8.21 ms each: likely one query per row (N+1)',
      '281 ms9 %Outside call to api.acquirer.example',
      '264 ms8 %Network, 201 ms of it checkout to payment',
      '197 ms6 %RiskService/Score failed, then tried again',
      '621 ms20 %Everything else, 26 spans',
    ]);
    await page.getByRole('button', { name: /214 × SELECT/ }).click();
    expect(await selected(page)).toContain('214× SELECT ledger_entries');
    await page.getByRole('button', { name: /^Network/ }).focus();
    await page.keyboard.press('Enter');
    expect(await selected(page)).toContain('CheckoutService/PlaceOrder');
    await page.keyboard.press('Enter');
    expect(await selected(page)).toContain('PaymentService/Charge');
    expect(await page.locator('.big').textContent()).toMatch(/^3\.12 sslower than 9\d\.\d % in the last 24 h$/);
    expectQuiet(opened);
  });

  it('says of what its parts are, where the trace is longer than its root', async () => {
    const opened = await openTrace(`/trace/${REPORT}`);
    const { page } = opened;
    await page.locator('.finds li').first().waitFor();
    expect(await page.locator('.big').textContent()).toMatch(/^3\.00 sroot slower than/);
    expect(await page.locator('.of-root').textContent()).toBe(
      'Of the root’s 100 ms; spans go on for 2.90 s after its end',
    );
    expect(await page.locator('.finds li').allTextContents()).toEqual([
      '32.0 ms32 %api GET /report, its own work',
      '30.0 ms30 %Network, api to db',
      '27.0 ms27 %30 × item, one after the other, 900 µs each',
      '10.0 ms10 %db fetch, its own work',
      '1.00 ms1 %Everything else, 1 span',
    ]);
    expectQuiet(opened);
  });

  it('draws the network and what nothing is known of differently, in forced colours too', async () => {
    const { page } = await openTrace(`/trace/${ROOTLESS}`);
    await page.locator('.finds li').first().waitFor();
    const bar = page.locator('.parts-bar');
    for (const forcedColors of ['none', 'active'] as const) {
      await page.emulateMedia({ forcedColors });
      const style = (pattern: string) =>
        bar.evaluate((element, name) => {
          const mark = document.createElement('i');
          mark.className = name;
          element.append(mark);
          const { backgroundImage, borderStyle } = getComputedStyle(mark);
          mark.remove();
          return [backgroundImage.split('(')[0], borderStyle];
        }, pattern);
      expect(await style('hatched')).toEqual(['repeating-linear-gradient', 'none']);
      expect(await style('open')).toEqual(['none', 'dashed']);
    }
  });

  it('is not told of a span that took no time, which is drawn without times below a nanosecond', async () => {
    const opened = await openTrace(`/trace/${INSTANT}`);
    const { page } = opened;
    await page.getByText('The root took no time that could be told apart.').waitFor();
    await page.getByText('No time passed').waitFor();
    expect(await page.locator('.big').textContent()).toContain('0 ms');
    expect(await page.getByRole('button', { name: /^Over|Only/ }).count()).toBe(0);
    expect(await page.locator('main').textContent()).not.toContain(' ns');
    expectQuiet(opened);
  });

  it('says so where it cannot be had, and keeps the page', async () => {
    const opened = await browser.open('/search');
    const { page } = opened;
    await page.route('**/critical-path', (route) =>
      route.fulfill({ status: 503, json: { error: { code: 'busy', message: 'The store is busy.' } } }),
    );
    await page.goto(`${browser.server.url}/trace/${SHOP}`);
    await page.getByText('Where the time went could not be told: The store is busy.').waitFor();
    expect(await page.getByRole('row').count()).toBeGreaterThan(10);
    await page.unroute('**/critical-path');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Outside call to').waitFor();
    expectQuiet(opened);
  });
});

describe('filters', () => {
  it('dim what does not match, or hide it, and stay in the address', async () => {
    const opened = await openTrace(`/trace/${SHOP}`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Errors 2' }).click();
    await page.waitForURL(/show=errors/);
    expect(await page.locator('.r.dimmed:not([hidden])').count()).toBeGreaterThan(10);
    await page.getByRole('button', { name: 'Only these' }).click();
    await rowCount(page, 7);
    await page.waitForURL(/only=1/);
    expect(await page.getByRole('row').last().getAttribute('aria-setsize')).toBe('1');
    await page.reload();
    await waitForMark(page, 'trace-painted');
    await rowCount(page, 7);
    await page.getByRole('button', { name: /^inventory/ }).click();
    await page.getByText('No span matches all of this').waitFor();
    await page.getByRole('button', { name: 'Show them dimmed' }).click();
    await rowCount(page, 50);
    expectQuiet(opened);
  });

  it('hide what is not on the path by one button, whose name says what it does', async () => {
    const opened = await openTrace(`/trace/${SHOP}`);
    const { page } = opened;
    await page.getByRole('button', { name: 'Only the path' }).click();
    await page.waitForURL(/show=path&only=1/);
    expect(await page.locator('.r.dimmed:not([hidden])').count()).toBe(0);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.waitForURL((url) => url.search === '');
    await rowCount(page, 50);
    await page.getByRole('button', { name: 'Errors 2' }).click();
    await page.getByRole('button', { name: 'Only these' }).click();
    await rowCount(page, 7);
    await page.getByRole('button', { name: 'Show all' }).click();
    await rowCount(page, 50);
    await page.getByRole('button', { name: 'Only these' }).waitFor();
    expectQuiet(opened);
  });

  it('are worked by keyboard alone, services behind "more" too', async () => {
    const opened = await openTrace(`/trace/${SHOP}`, 1100);
    const { page } = opened;
    await page.keyboard.press('c');
    await page.waitForURL(/cp=0/);
    expect(await page.getByRole('button', { name: /^Critical path/ }).getAttribute('aria-pressed')).toBe(
      'false',
    );
    await page.getByRole('button', { name: /^\d more$/ }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/svc=/);
    await page.keyboard.press('Escape');
    expect(await page.locator('.more-services .menu').count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/more$/);
    expectQuiet(opened);
  });

  it('give way to a span that is gone to', async () => {
    const { page } = await openTrace(`/trace/${SHOP}?svc=cart&only=1`);
    await rowCount(page, 10);
    await page.keyboard.press('e');
    expect(await selected(page)).toContain('RiskService/Score');
    await rowCount(page, 50);
    await page.waitForURL((url) => !url.searchParams.has('only'));
  });
});
