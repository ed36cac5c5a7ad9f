import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { DEEP_5K, FLAT_20K, FLEET_100K, SHOP } from '../fake_server.mjs';
import { countElements, expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();

async function openView(view: string, id = SHOP) {
  const opened = await browser.open(`/trace/${id}?view=${view}`);
  await waitForMark(opened.page, 'trace-painted');
  return opened;
}
const rowTexts = (page: Page) => page.locator('[aria-rowindex] .cell, [aria-rowindex] .cut').allTextContents();
const selected = (page: Page) => page.locator('[role="row"][aria-selected="true"]');

describe('the table', () => {
  it('sorts, filters and opens a span by mouse, and says all that in the address', async () => {
    const opened = await openView('table');
    const { page } = opened;
    await page.getByRole('columnheader', { name: 'Duration' }).getByRole('button').click();
    await page.locator('[role="columnheader"][aria-sort="descending"]').waitFor();
    await page.locator('[aria-rowindex="2"]').getByText('POST /checkout').waitFor();
    await page.getByLabel('Service or operation has').fill('stock');
    await page.getByText('3 of 263 spans').waitFor();
    await page.locator('[aria-rowindex="3"]').dblclick();
    await page.getByText('db.query.text').waitFor();
    await page.waitForURL(/view=table&span=\w{16}&sort=-duration&text=stock/);
    await page.reload();
    await page.getByText('3 of 263 spans').waitFor();
    expectQuiet(opened);
  });

  it('is walked through by keyboard alone', async () => {
    const opened = await openView('waterfall');
    const { page } = opened;
    await page.keyboard.press('3');
    await page.getByRole('grid', { name: 'Spans' }).waitFor();
    for (const key of ['j', 'ArrowDown', 'j', 'k']) await page.keyboard.press(key);
    expect(await selected(page).getAttribute('aria-rowindex')).toBe('3');
    expect(await page.locator('[role="grid"]').getAttribute('aria-activedescendant')).toBe(
      await selected(page).getAttribute('id'),
    );
    await page.keyboard.press('End');
    expect(await selected(page).getAttribute('aria-rowindex')).toBe('264');
    await page.keyboard.press('e');
    await page.keyboard.press('Enter');
    await page.getByText('rpc.method').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('rpc.method').waitFor({ state: 'detached' });
    expectQuiet(opened);
  });

  it('shows only errors, or only what was found', async () => {
    const { page } = await openView('table');
    await page.getByRole('button', { name: 'Errors 2' }).click();
    await page.getByText('2 of 263 spans').waitFor();
    await page.getByRole('button', { name: 'Errors 2' }).click();
    await page.getByLabel('Find in trace').fill('ledger_entries');
    await page.getByRole('button', { name: /^Found/ }).click();
    await page.getByText('215 of 263 spans').waitFor();
    await page.getByLabel('Service or operation has').fill('nothing like it');
    await page.getByText('No span of this trace fits').waitFor();
    await page.getByRole('button', { name: 'Show all 263' }).click();
    await page.getByRole('status').getByText('263 spans', { exact: true }).waitFor();
  });

  it('downloads what it shows as CSV', async () => {
    const { page } = await openView('table');
    await page.getByRole('button', { name: 'Errors 2' }).click();
    await page.getByText('2 of 263 spans').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download CSV' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`${SHOP}.csv`);
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines.length).toBe(3);
    expect(lines[1]).toContain('risk.RiskService/Score');
  });

  it.each([
    ['100,000 spans', FLEET_100K],
    ['20,000 children', FLAT_20K],
    ['a chain of 5,000', DEEP_5K],
  ])('has few elements for %s, and its last row', async (_, id) => {
    const opened = await openView('table', id);
    const { page } = opened;
    expect(await countElements(page)).toBeLessThan(1500);
    await page.keyboard.press('End');
    const rows = await page.locator('[role="grid"]').getAttribute('aria-rowcount');
    await page.locator(`[role="row"][aria-rowindex="${rows}"][aria-selected="true"]`).waitFor();
    expect(await countElements(page)).toBeLessThan(1500);
    expectQuiet(opened);
  });
});

describe('statistics', () => {
  it('unfold a service, lead to the spans of an operation, and to the longest in the waterfall', async () => {
    const opened = await openView('statistics');
    const { page } = opened;
    await page.getByRole('button', { name: 'Unfold payment' }).click();
    await page.getByRole('button', { name: 'SELECT ledger_entries' }).click();
    await page.getByText('214 of 263 spans').waitFor();
    await page.waitForURL(/view=table.*service=payment&operation=SELECT\+ledger_entries/);
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await page.locator('[aria-rowindex="2"] [title="Show the longest in the waterfall"]').click();
    await page.getByRole('treegrid', { name: 'Spans' }).waitFor();
    await page.getByText('rpc.method').waitFor();
    expectQuiet(opened);
  });

  it('are grouped, sorted and gone through by keyboard alone', async () => {
    const opened = await openView('statistics');
    const { page } = opened;
    for (const key of ['j', 'ArrowRight', 'j']) await page.keyboard.press(key);
    await page.locator('[aria-level="2"][aria-selected="true"]').getByText('SELECT ledger_entries').waitFor();
    await page.waitForURL(/unfold=payment/);
    await page.keyboard.press('ArrowLeft');
    await page.locator('[aria-level="1"][aria-expanded="true"][aria-selected="true"]').waitFor();
    await page.keyboard.press('ArrowLeft');
    await page.locator('[aria-expanded="false"][aria-selected="true"]').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('222 of 263 spans').waitFor();
    await page.getByRole('button', { name: /payment.*Show all again/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('263 spans', { exact: true }).waitFor();
    expectQuiet(opened);
  });

  it('are sorted by the name when its head is pressed', async () => {
    const { page } = await openView('statistics');
    await page.getByRole('button', { name: 'Operations', exact: true }).click();
    await page.getByRole('button', { name: 'Service and operation' }).click();
    await page.waitForURL(/by=operation&order=name/);
    const names = (await rowTexts(page)).filter((text) => text.includes(' '));
    expect(names.length).toBeGreaterThan(10);
  });
});

describe('raw', () => {
  it('shows OTLP and Jaeger JSON, laid out, and downloads both', async () => {
    const opened = await openView('raw');
    const { page } = opened;
    await page.getByRole('region', { name: 'OTLP JSON' }).getByText('"resourceSpans": [').waitFor();
    await page.getByRole('button', { name: 'Jaeger JSON' }).click();
    await page.getByRole('region', { name: 'Jaeger JSON' }).getByText('"operationName"').first().waitFor();
    await page.waitForURL(/view=raw&format=jaeger/);
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download' }).click();
    const file = await download;
    expect(file.suggestedFilename()).toBe(`${SHOP}.jaeger.json`);
    expect(JSON.parse(await readFile(await file.path(), 'utf8'))).toHaveProperty('data');
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^\{\n {2}"data": \[\n/);
    expectQuiet(opened);
  });

  it('shows the start of a big trace, says so, and stays small', async () => {
    const { page } = await openView('raw', FLEET_100K);
    await page.getByText('These are the first 262 kB. Download has the whole trace.').waitFor();
    expect(await page.locator('pre').evaluate((pre) => pre.textContent?.length ?? 0)).toBeLessThan(2_000_000);
  });

  it('is in the Export menu, by keyboard', async () => {
    const { page } = await openView('waterfall');
    await page.getByRole('button', { name: 'Export' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    const download = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    expect((await download).suggestedFilename()).toBe(`${SHOP}.jaeger.json`);
  });
});
