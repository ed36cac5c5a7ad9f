import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { SHOP } from '../fake_server.mjs';
import { countElements, expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();
const countLine = (page: Page) => page.locator('.results-head .count').textContent();

describe('search', () => {
  it('shows the newest traces, in few elements', async () => {
    const opened = await browser.open('/');
    const { page } = opened;
    await waitForMark(page, 'search-ready');
    expect(page.url()).toBe(`${browser.server.url}/search`);
    expect(await countLine(page)).toMatch(/^100 of 3\d,\d{3} traces in the last hour$/);
    expect(await page.getByRole('row').count()).toBeGreaterThan(15);
    expect(await countElements(page)).toBeLessThan(1500);
    await page.evaluate(() => window.scrollTo(0, 99_999));
    await page.locator('[aria-rowindex="101"]').waitFor();
    expect(await countElements(page)).toBeLessThan(1500);
    expectQuiet(opened);
  });

  it('has every control by its label, writes them to the address and reads them back', async () => {
    const opened = await browser.open('/search');
    const { page } = opened;
    await page.getByLabel('Service').fill('paym');
    await page.getByRole('option', { name: 'payment' }).click();
    await page.getByLabel('Operation').fill('POST /checkout');
    await page.getByLabel('Tags').fill('http.status_code=500 msg="two words"');
    await page.getByLabel('Min duration').fill('100ms');
    await page.getByLabel('Max duration').fill('9s');
    await page.getByLabel('Lookback').selectOption('24h');
    await page.getByLabel('Limit').fill('20');
    await page.getByRole('button', { name: 'Find traces' }).click();
    await page.waitForURL(/service=payment/);
    const asked = new URL(page.url()).searchParams;
    expect(Object.fromEntries(asked)).toEqual({
      service: 'payment',
      operation: 'POST /checkout',
      tags: '{"http.status_code":"500","msg":"two words"}',
      minDuration: '100ms',
      maxDuration: '9s',
      lookback: '24h',
      limit: '20',
    });
    await page.reload();
    expect(await page.getByLabel('Tags').inputValue()).toBe('http.status_code=500 msg="two words"');
    expect(await page.getByLabel('Service').inputValue()).toBe('payment');
    expectQuiet(opened);
  });

  it('says what is wrong with a field and does not search', async () => {
    const { page } = await browser.open('/search');
    await page.getByLabel('Tags').fill('a="open');
    await page.getByLabel('Min duration').fill('5');
    await page.getByLabel('Tags').press('Enter');
    await page.getByText('The quote after a= is not closed.').waitFor();
    expect(await page.getByLabel('Min duration').getAttribute('aria-invalid')).toBe('true');
    expect(page.url()).not.toContain('tags');
  });

  it('goes through the rows by keyboard, opens one, and comes back to the same place', async () => {
    const opened = await browser.open('/search');
    const { page } = opened;
    await waitForMark(page, 'search-ready');
    for (let i = 0; i < 60; i++) await page.keyboard.press('j');
    await page.waitForFunction(() => (document.activeElement as HTMLElement).dataset.row === '59');
    await page.keyboard.press('k');
    await page.waitForFunction(() => (document.activeElement as HTMLElement).dataset.row === '58');
    const scrolled = await page.evaluate(() => window.scrollY);
    expect(scrolled).toBeGreaterThan(500);
    await page.evaluate(() => document.querySelector<HTMLElement>('[data-row="58"]')?.focus());
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/trace\//);
    await page.getByRole('link', { name: 'Results' }).click();
    await page.waitForURL(/\/search/);
    await page.waitForFunction((y) => Math.abs(window.scrollY - y) < 2, scrolled);
    expectQuiet(opened);
  });

  it.each([
    ['an id', SHOP.toUpperCase(), `/trace/${SHOP}`],
    ['a traceparent', `00-${SHOP}-a000000000000001-01`, `/trace/${SHOP}?span=a000000000000001`],
    ['a link', `http://jaeger:16686/trace/${SHOP}?uiFind=risk`, `/trace/${SHOP}?uiFind=risk`],
  ])('opens %s that is pasted anywhere', async (_, text, path) => {
    const { page } = await browser.open('/search');
    await waitForMark(page, 'search-ready');
    await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text);
    await page.keyboard.press('Control+V');
    await page.waitForURL(browser.server.url + path);
  });

  it('explains an empty answer and offers a way out of it', async () => {
    const { page } = await browser.open('/search?service=nobody');
    await page.getByText('No trace matches').waitFor();
    await page.getByText('No service named nobody').waitFor();
    await waitForMark(page, 'search-ready');
    await page.getByRole('button', { name: 'All services' }).click();
    await page.getByRole('row').first().waitFor();
  });

  it('explains an error and tries again', async () => {
    const { page } = await browser.open('/search?service=broken');
    await page.getByRole('alert').getByText('Block 14 is damaged').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('alert').getByText('Block 14 is damaged').waitFor();
  });

  it('opens the traces of a link with ids', async () => {
    const { page } = await browser.open(`/search?traceID=${SHOP}`);
    await page.waitForURL(`${browser.server.url}/trace/${SHOP}`);
    const several = await browser.open(`/search?traceID=${SHOP}&traceID=10&traceID=404`);
    await several.page.getByText('2 traces').waitFor();
    await several.page.getByText(/not stored here: 0+404/).waitFor();
  });

  it('keeps the chosen theme', async () => {
    const { page } = await browser.open('/search', { colorScheme: 'light' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    expect(await background()).toBe('rgb(19, 21, 25)');
    await page.reload();
    expect(await background()).toBe('rgb(19, 21, 25)');
  });
});
