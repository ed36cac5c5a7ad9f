import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { SHOP } from '../fake_server.mjs';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();

const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || '');
const palette = (page: Page) => page.getByRole('combobox', { name: 'Go to' });
const sheet = (page: Page) => page.getByRole('dialog', { name: 'Keys' });

describe('the palette', () => {
  it('goes to a trace, and says what it takes where nothing fits', async () => {
    const opened = await browser.open('/search');
    const { page } = opened;
    await page.keyboard.press('Control+K');
    await palette(page).fill('not an id');
    await page.keyboard.press('Enter');
    await page.getByText('A trace id is 1 to 32 of the digits').waitFor();
    await palette(page).fill('f1a7');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/trace\/0{28}f1a7$/);
    expectQuiet(opened);
  });

  it('takes what is typed before its code is there, and nothing of that acts on the page', async () => {
    const { page } = await browser.open(`/trace/${SHOP}`);
    let answer = () => undefined as void;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/assets/palette-*.js', async (route) => {
      await held;
      await route.continue();
    });
    await waitForMark(page, 'trace-painted');
    await page.keyboard.press('Control+K');
    await page.keyboard.type('f1a7[');
    answer();
    await palette(page).waitFor();
    expect(await palette(page).inputValue()).toBe('f1a7[');
    expect(page.url()).not.toContain('fold');
  });

  it('opens by mouse, finds services, and gives the focus back when it is closed', async () => {
    const { page } = await browser.open('/search');
    await waitForMark(page, 'search-ready');
    await page.getByRole('button', { name: 'Go to' }).click();
    await palette(page).press('Escape');
    await palette(page).waitFor({ state: 'detached' });
    expect(await focused(page)).toContain('Go to');
    await page.getByRole('button', { name: 'Go to' }).click();
    await palette(page).fill('mbff');
    await page.getByRole('option', { name: 'mobile-bff' }).click();
    await page.waitForURL(/\/service\/mobile-bff$/);
  });

  it('runs the commands of the page, walked to with arrows', async () => {
    const { page } = await browser.open(`/trace/${SHOP}`);
    await waitForMark(page, 'trace-painted');
    await page.keyboard.press('Control+K');
    await palette(page).fill('collapse');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.getByRole('option', { name: 'Collapse all', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/fold=1/);
  });

  it('works while a field has the focus, and takes a pasted link into itself', async () => {
    const { page } = await browser.open('/search');
    await page.getByLabel('Tags').focus();
    await page.keyboard.press('Control+K');
    await page.evaluate(() => navigator.clipboard.writeText('https://jaeger.example/trace/abc123?uiFind=x'));
    await page.keyboard.press('Control+V');
    await page.getByRole('option', { name: `Open trace ${'abc123'.padStart(32, '0')}` }).waitFor();
    expect(page.url()).toContain('/search');
  });
});

describe('keys', () => {
  it('go from page to page, move the focus there and say its name', async () => {
    const opened = await browser.open('/search');
    const { page } = opened;
    await waitForMark(page, 'search-ready');
    await page.keyboard.press('g');
    await page.keyboard.press('v');
    await page.waitForURL(/\/services$/);
    await page.getByRole('heading', { name: 'Services', level: 1 }).waitFor();
    expect(await focused(page)).toBe('main');
    await page
      .getByRole('status')
      .filter({ hasText: /^Services$/ })
      .waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.waitForURL(/\/map$/);
    expectQuiet(opened);
  });

  it('stand in a sheet, which tells those of the page first', async () => {
    const opened = await browser.open(`/trace/${SHOP}`);
    const { page } = opened;
    await waitForMark(page, 'trace-painted');
    await page.keyboard.press('?');
    await sheet(page).getByText('Collapse all', { exact: true }).waitFor();
    await sheet(page).getByText('Go to services').waitFor();
    await page.keyboard.press('Escape');
    await sheet(page).waitFor({ state: 'detached' });
    expectQuiet(opened);
  });

  it('that are single characters can be turned off for good; the others stay', async () => {
    const { page } = await browser.open(`/trace/${SHOP}`);
    await waitForMark(page, 'trace-painted');
    await page.keyboard.press('?');
    await sheet(page).getByRole('checkbox').uncheck();
    await sheet(page).getByText('Single keys are off').waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await waitForMark(page, 'trace-painted');
    for (const key of ['[', '?', 'g', 'v', 'ArrowDown']) await page.keyboard.press(key);
    await page.locator('.r.sel').waitFor();
    expect(new URL(page.url()).search).toBe('');
    expect(await sheet(page).count()).toBe(0);
    await page.keyboard.press('Control+K');
    await palette(page).fill('all keys');
    await page.keyboard.press('Enter');
    await sheet(page).getByRole('checkbox').check();
    await page.keyboard.press('Escape');
    await page.keyboard.press('[');
    await page.waitForURL(/fold=1/);
  });
});

describe('the top bar', () => {
  it('copies a link that shows the same later: the last hour becomes that hour', async () => {
    const { page } = await browser.open('/search?lookback=1h');
    await waitForMark(page, 'search-ready');
    await page.getByRole('button', { name: 'Copy link' }).click();
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    const [start, end] = [Number(link.searchParams.get('start')), Number(link.searchParams.get('end'))];
    expect(end - start).toBe(3600e6);
    expect(Math.abs(end / 1000 - Date.now())).toBeLessThan(60_000);
  });

  it('has all times in UTC where that is chosen, by mouse or by keyboard, and remembers it', async () => {
    const { page } = await browser.open(`/trace/${SHOP}`, { timezoneId: 'Asia/Kathmandu' });
    await waitForMark(page, 'trace-painted');
    const time = page.locator('.facts > span').first();
    expect(await time.getAttribute('title')).toMatch(/GMT\+05:45$/);
    await page.getByRole('button', { name: 'Times in Local' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('.facts > span[title$="UTC"]').waitFor();
    await page.reload();
    await page.locator('.facts > span[title$="UTC"]').waitFor();
    await page.getByRole('button', { name: 'Times in UTC' }).click();
    await page.getByRole('menuitemradio', { name: 'Local time' }).click();
    await page.locator('.facts > span[title$="GMT+05:45"]').waitFor();
  });
});
