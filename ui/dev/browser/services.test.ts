import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { countElements, expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();

async function openPage(path: string, mark: string) {
  const opened = await browser.open(path);
  await waitForMark(opened.page, mark);
  return opened;
}
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const rowNames = (page: Page) => page.locator('.tbl-data .c-name a').allTextContents();
const readout = (page: Page) => page.locator('.readout').first().textContent();

describe('services', () => {
  it('shows every service, busiest first, and what is counted', async () => {
    const opened = await openPage('/services', 'services-ready');
    const { page } = opened;
    expect((await rowNames(page)).slice(0, 2)).toEqual(['frontend', 'currency']);
    expect(await page.locator('.table-count').textContent()).toBe(
      '12 services in the last hour, counted by server and consumer spans',
    );
    expect(await page.getByRole('row', { name: 'subscriptions' }).textContent()).toContain('all spans');
    expect(await page.locator('.table-foot').textContent()).toContain('legacy-billing');
    expect(await page.getByRole('img').first().getAttribute('aria-label')).toMatch(
      /^At most .*\/s, at \d\d:\d\d\. /,
    );
    expectQuiet(opened);
  });

  it('sorts, filters and widens the time, all of it in the address', async () => {
    const opened = await openPage('/services', 'services-ready');
    const { page } = opened;
    await page.getByRole('button', { name: 'Errors', exact: true }).click();
    await page.waitForURL(/sort=errors-desc/);
    expect((await rowNames(page))[0]).toBe('payment');
    expect(
      await page.getByRole('columnheader', { name: 'Errors', exact: true }).getAttribute('aria-sort'),
    ).toBe('descending');
    await page.getByRole('button', { name: 'Service' }).click();
    await page.waitForURL(/sort=name-asc/);
    await page.getByLabel('Filter by name').fill('PAY');
    await page.waitForURL(/filter=PAY/);
    expect(await rowNames(page)).toEqual(['payment']);
    await page.getByRole('button', { name: '24 h' }).click();
    await page.waitForURL(/lookback=24h/);
    const address = page.url();
    await page.reload();
    await waitForMark(page, 'services-ready');
    expect(page.url()).toBe(address);
    expect(await page.getByLabel('Filter by name').inputValue()).toBe('PAY');
    await page.getByLabel('Filter by name').fill('nobody');
    await page.getByText('No service has “nobody” in its name').waitFor();
    await page.getByRole('button', { name: 'All 12' }).click();
    expect(await rowNames(page)).toHaveLength(12);
    expectQuiet(opened);
  });

  it('is walked by keyboard alone, to a service and back', async () => {
    const opened = await openPage('/services', 'services-ready');
    const { page } = opened;
    await page.getByLabel('Filter by name').focus();
    while (!(await page.evaluate(() => document.activeElement?.textContent === 'frontend')))
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/service\/frontend$/);
    await waitForMark(page, 'service-ready');
    await page.goBack();
    await page.waitForURL(/\/services$/);
    expectQuiet(opened);
  });

  it('leads to the traces of a service', async () => {
    const { page } = await openPage('/services?lookback=6h', 'services-ready');
    await page.getByRole('link', { name: 'Traces of cart' }).click();
    await page.waitForURL(/\/search\?service=cart&lookback=6h/);
  });

  it('explains a time without spans and an answer that fails', async () => {
    const { page } = await openPage('/services?start=1000000&end=60000000', 'services-ready');
    await page.getByText('No spans from').waitFor();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await page.waitForURL(/lookback=7d/);
    await page.getByText('12 services').waitFor();
    const failed = await browser.open('/service/broken');
    await failed.page.getByRole('alert').getByText('Rollup 3 is damaged').first().waitFor();
    await failed.page.getByRole('button', { name: 'Try again' }).first().click();
    await failed.page.getByRole('alert').getByText('Rollup 3 is damaged').first().waitFor();
  });

  it('keeps old numbers dimmed while it reads again, and can be told to', async () => {
    const opened = await openPage('/services', 'services-ready');
    const { page } = opened;
    await page.route('**/red?*', () => undefined); // It never answers.
    await page.keyboard.press('r');
    await page.locator('.old-answer[aria-busy="true"]').waitFor();
    expect(await rowNames(page)).toHaveLength(12);
    await page.unroute('**/red?*');
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.locator('.old-answer').waitFor({ state: 'detached' });
    expectQuiet(opened);
  });

  it('lets the reader stop waiting for the first answer', async () => {
    const opened = await browser.open('/status');
    const { page } = opened;
    await page.route('**/red?*', () => undefined);
    await page.getByRole('link', { name: 'Services' }).click();
    await page.getByText('Reading the numbers').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alert').getByText('Reading the numbers was cancelled').waitFor();
    await page.unroute('**/red?*');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('12 services').waitFor();
    expectQuiet(opened);
  });

  it('keeps the address of Jaeger’s monitor page working', async () => {
    const { page } = await browser.open(
      '/monitor?service=payment&spanKind=SPAN_KIND_CONSUMER&timeframe=21600000',
    );
    await page.waitForURL(/\/service\/payment\?/);
    expect(parameter(page, 'kind')).toBe('consumer');
    expect(parameter(page, 'lookback')).toBe('360m');
  });

  it('types a range, says what is wrong with it, and lets go of it', async () => {
    const { page } = await openPage('/services', 'services-ready');
    await page.getByRole('button', { name: 'Range' }).click();
    await page.getByLabel('To', { exact: true }).fill('2001-01-01T00:00:00');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('Not after the start').waitFor();
    await page.getByLabel('From').fill('2000-12-31T23:00:00');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.waitForURL(/start=\d+&end=\d+/);
    await page.getByRole('button', { name: 'Back to the last hour' }).click();
    await page.waitForURL(/\/services$/);
  });
});

describe('a service', () => {
  it('says in words how it is doing, with who calls it', async () => {
    const opened = await openPage('/service/payment', 'service-ready');
    const { page } = opened;
    const summary = await page.getByRole('region', { name: 'Summary' }).textContent();
    expect(summary).toMatch(/\/s [\d,]+ server or consumer spans in the last hour/);
    expect(summary).toMatch(/% failed, \d+ of [\d,]+/);
    expect(summary).toMatch(/failed at \d\d:\d\d/);
    const calls = page.getByRole('complementary', { name: 'Calls' });
    await calls.getByRole('link', { name: /checkout/ }).waitFor();
    expect(await calls.getByRole('heading').allTextContents()).toEqual(['Called by 3', 'Calls 1']);
    expect(await page.title()).toBe('payment · Spoor');
    expect(await countElements(page)).toBeLessThan(800);
    expectQuiet(opened);
  });

  it('shows a step under the crosshair, its traces after a click, and failed ones from the error chart', async () => {
    const opened = await openPage('/service/payment', 'service-ready');
    const { page } = opened;
    const rate = await page.getByRole('slider', { name: 'Rate over time' }).boundingBox();
    const errors = await page.getByRole('slider', { name: 'Error share over time' }).boundingBox();
    if (!rate || !errors) throw new Error('there are no charts');
    const whole = await readout(page);
    await page.mouse.move(rate.x + rate.width / 2, rate.y + 50);
    await page.waitForFunction((before) => document.querySelector('.readout')?.textContent !== before, whole);
    await page.mouse.click(rate.x + rate.width / 2, rate.y + 50);
    await page.waitForURL(/at=\d+-\d+$/);
    await page.getByRole('region', { name: 'Traces of the step' }).getByRole('row').first().waitFor();
    await page.mouse.click(errors.x + errors.width / 2, errors.y + 30);
    await page.waitForURL(/by=errors/);
    const [from, to] = (parameter(page, 'at') ?? '').split('-').map(Number);
    expect(to - from).toBe(60);
    await page.getByRole('link', { name: 'All of these in search' }).click();
    await page.waitForURL(/\/search/);
    expect(parameter(page, 'tags')).toBe('{"error":"true"}');
    expect(Number(parameter(page, 'start'))).toBe(from * 1e6);
    expectQuiet(opened);
  });

  it('zooms by dragging, and back', async () => {
    const opened = await openPage('/service/payment', 'service-ready');
    const { page } = opened;
    const plot = await page.getByRole('slider', { name: 'Duration over time' }).boundingBox();
    if (!plot) throw new Error('there is no chart');
    await page.mouse.move(plot.x + 200, plot.y + 60);
    await page.mouse.down();
    await page.mouse.move(plot.x + 400, plot.y + 60, { steps: 6 });
    await page.mouse.up();
    await page.waitForURL(/start=\d+&end=\d+/);
    const minutes = (Number(parameter(page, 'end')) - Number(parameter(page, 'start'))) / 60e6;
    expect(Number.isInteger(minutes) && minutes > 5 && minutes < 30).toBe(true);
    await page.getByRole('button', { name: 'Back to the last hour' }).click();
    await page.waitForURL(/\/service\/payment$/);
    expectQuiet(opened);
  });

  it('is read, opened and zoomed by keyboard alone', async () => {
    const opened = await openPage('/service/payment', 'service-ready');
    const { page } = opened;
    const slider = page.getByRole('slider', { name: 'Error share over time' });
    await slider.focus();
    await page.keyboard.press('Home');
    expect(await slider.getAttribute('aria-valuenow')).toBe('0');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^\d\d:\d\d to \d\d:\d\d: \d+ spans, .* p99 /);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await page.waitForURL(/by=errors/);
    await page.getByRole('button', { name: 'Close the traces' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/service\/payment$/);
    await slider.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+PageUp');
    await page.keyboard.press('Enter');
    await page.waitForURL(/start=\d+&end=\d+/);
    expect((Number(parameter(page, 'end')) - Number(parameter(page, 'start'))) / 60e6).toBe(11);
    expectQuiet(opened);
  });

  it('shows one operation, one kind, and the numbers as a table', async () => {
    const opened = await openPage('/service/payment', 'service-ready');
    const { page } = opened;
    const whole = await page.locator('.big').textContent();
    await page.getByRole('button', { name: 'PaymentService/Refund', exact: true }).click();
    await page.waitForURL(/operation=PaymentService/);
    await page.waitForFunction((before) => document.querySelector('.big')?.textContent !== before, whole);
    await page.getByRole('button', { name: 'All operations' }).click();
    await page.getByLabel('Spans').selectOption('consumer');
    await page.waitForURL(/kind=consumer/);
    await page.getByRole('heading', { name: '1 operation' }).waitFor();
    await page.getByRole('button', { name: 'Table', exact: true }).click();
    await page.waitForURL(/view=table/);
    expect(await page.getByRole('region', { name: 'Numbers over time' }).getByRole('row').count()).toBe(61);
    expectQuiet(opened);
  });

  it('explains a name that is not known and a time without spans', async () => {
    const { page } = await openPage('/service/nobody', 'service-ready');
    await page.getByText('No service named nobody').waitFor();
    const quiet = await openPage('/service/legacy-billing', 'service-ready');
    await quiet.page.getByText('It has sent spans before').waitFor();
    await quiet.page.getByRole('button', { name: 'Last 24 hours' }).click();
    await quiet.page.waitForURL(/lookback=24h/);
  });
});
