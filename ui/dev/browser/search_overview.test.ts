import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();

async function open(path = '/search', more = {}) {
  const opened = await browser.open(path, more);
  await waitForMark(opened.page, 'search-ready');
  if (!path.includes('view=table')) await waitForMark(opened.page, 'overview-painted');
  return opened;
}

const frame = (page: Page) => page.locator('.frame');
const count = (page: Page) => page.locator('.results-head .count').textContent();
const chip = (page: Page) => page.locator('.overview .sel');
const parameters = (page: Page) => new URL(page.url()).searchParams;
const boxed = (page: Page) =>
  page.waitForFunction(() => /in the box/.test(document.querySelector('.count')?.textContent ?? ''));

/** Where a part of the picture is on the screen. */
async function at(page: Page, x: number, y: number): Promise<[number, number]> {
  const box = await frame(page).boundingBox();
  if (!box) throw new Error('There is no picture.');
  return [box.x + x * box.width, box.y + y * box.height];
}
async function drag(page: Page, from: [number, number], to: [number, number]) {
  await page.mouse.move(...(await at(page, ...from)));
  await page.mouse.down();
  await page.mouse.move(...(await at(page, ...to)), { steps: 4 });
  await page.mouse.up();
}

/** What the server counts for the conditions in the address. */
async function counted(page: Page): Promise<string> {
  const asked = parameters(page);
  const question = new URLSearchParams({
    count: 'true',
    limit: '1',
    start: String((Date.now() - 3_600_000) * 1000),
  });
  for (const [name, value] of asked) if (name.startsWith('trace')) question.set(name, value);
  const answer = await page.evaluate(
    async (query) => (await (await fetch(`api/spoor/v1/search?${query}`)).json()) as { traceCount: number },
    question.toString(),
  );
  return new Intl.NumberFormat('en').format(answer.traceCount);
}

describe('a box', () => {
  it('is drawn by a drag, filters the results, is pulled by its edge, moved and cleared', async () => {
    const opened = await open();
    const { page } = opened;
    // To just before the end of a column, so that the edge is where it is taken hold of below.
    await drag(page, [0.6, 0.05], [0.898, 0.3]);
    await page.waitForURL(/traceStartMin=/);
    await boxed(page);
    expect(await count(page)).toMatch(
      new RegExp(`^(100 of )?${await counted(page)}.* in the box, 3\\d,\\d{3} in the last hour$`),
    );
    expect(await chip(page).textContent()).toMatch(/^\d\d:\d\d(:\d\d)?–\d\d:\d\d(:\d\d)?, .* (m?s|longer)/);

    const before = parameters(page);
    await drag(page, [0.9, 0.2], [0.7, 0.2]);
    await page.waitForURL((url) => url.searchParams.get('traceStartMax') !== before.get('traceStartMax'));
    expect(parameters(page).get('traceStartMin')).toBe(before.get('traceStartMin'));
    expect(parameters(page).get('traceDurationMin')).toBe(before.get('traceDurationMin'));

    const pulled = parameters(page);
    await drag(page, [0.65, 0.2], [0.3, 0.2]);
    await page.waitForURL((url) => url.searchParams.get('traceStartMin') !== pulled.get('traceStartMin'));
    const length = (asked: URLSearchParams) =>
      Number(BigInt(asked.get('traceStartMax') ?? 0) - BigInt(asked.get('traceStartMin') ?? 0));
    expect(length(parameters(page)) / length(pulled)).toBeCloseTo(1, 6);

    await page.getByRole('button', { name: 'Clear the box' }).click();
    await page.waitForURL((url) => !url.search.includes('traceStart'));
    await page.goBack();
    await page.waitForURL(/traceStartMin=/);
    await chip(page).waitFor();
    expectQuiet(opened);
  });

  it('of one cell is what a click on it gives', async () => {
    const { page } = await open();
    await page.mouse.click(...(await at(page, 0.502, 0.4)));
    await page.waitForURL(/traceStartMin=/);
    const asked = parameters(page);
    const column = Number(
      BigInt(asked.get('traceStartMax') ?? 0) - BigInt(asked.get('traceStartMin') ?? 0) + 1n,
    );
    expect(column / 30e9).toBeCloseTo(1, 1);
    await boxed(page);
    // The tip told beforehand how many there would be.
    await page.mouse.move(...(await at(page, 0.1, 0.4)));
    await page.mouse.move(...(await at(page, 0.502, 0.4)));
    const told = /([\d,]+) traces?,|no traces/.exec((await page.locator('.tip').textContent()) ?? '');
    expect(told?.[1] ?? '0').toBe(await counted(page));
  });

  it('is drawn, seen and cleared by keyboard alone', async () => {
    const opened = await open();
    const { page } = opened;
    await page.keyboard.press('o');
    expect(await frame(page).evaluate((it) => it === document.activeElement)).toBe(true);
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    await page
      .locator('.plot [role="status"]')
      .getByText(/to .*, (no traces|\d+ trace)/)
      .waitFor();
    for (let i = 0; i < 12; i++) await page.keyboard.press('Shift+ArrowRight');
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowUp');
    await page.waitForURL(/traceDurationMax=/);
    await boxed(page);
    const asked = parameters(page);
    const length = Number(
      BigInt(asked.get('traceStartMax') ?? 0) - BigInt(asked.get('traceStartMin') ?? 0) + 1n,
    );
    expect(length / 30e9).toBeCloseTo(13, 0);
    expect(await count(page)).toContain(await counted(page));
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.search.includes('trace'));
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.waitForURL(/traceStartMin/);
    expectQuiet(opened);
  });

  it('is typed as two ranges', async () => {
    const { page } = await open('/search', { timezoneId: 'Asia/Kathmandu' });
    await page.getByRole('button', { name: 'Set a box' }).click();
    const clock = (ago: number) =>
      new Intl.DateTimeFormat('en-GB', {
        hour: '2-digit',
        minute: '2-digit',
        timeZone: 'Asia/Kathmandu',
      }).format(Date.now() - ago * 60_000);
    await page.getByLabel('Started', { exact: true }).fill(`${clock(40)}-${clock(20)}`);
    await page.getByLabel('Trace duration').fill('fast');
    await page.getByLabel('Trace duration').press('Enter');
    await page.getByText('From and to, like 1.2s-6s').waitFor();
    await page.getByLabel('Trace duration').fill('200ms - 6s');
    await page.getByLabel('Trace duration').press('Enter');
    await page.waitForURL(/traceDurationMax=6s/);
    const asked = parameters(page);
    expect(asked.get('traceDurationMin')).toBe('200ms');
    const start = Number(asked.get('traceStartMin')) / 1e6;
    expect(Math.abs(Date.now() - 40 * 60_000 - start)).toBeLessThan(61_000);
    expect(Number(BigInt(asked.get('traceStartMax') ?? 0) + 1n - BigInt(asked.get('traceStartMin') ?? 0))).toBe(
      1200e9,
    );
    // Open it again and leave it as it is: nothing changes.
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'Apply' }).click();
    expect(parameters(page).toString()).toBe(asked.toString());
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Started', { exact: true }).press('Escape');
    await page.getByLabel('Trace duration').waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Edit');
  });

  it('goes away with the question that it was drawn for', async () => {
    const { page } = await open();
    await drag(page, [0.6, 0.05], [0.9, 0.3]);
    await page.waitForURL(/traceStartMin=/);
    await page.getByLabel('Lookback').selectOption('3h');
    await page.getByRole('button', { name: 'Find traces' }).click();
    await page.waitForURL(/lookback=3h/);
    expect(page.url()).not.toContain('traceStart');
  });
});

describe('the scatter plot', () => {
  it('opens a trace by click, and shows it in its tip before', async () => {
    const opened = await open();
    const { page } = opened;
    await page.getByRole('tab', { name: 'Scatter' }).click();
    await page.waitForURL(/view=scatter/);
    await page.locator('.frame[aria-roledescription="scatter plot"]').waitFor();
    await page.waitForFunction(() => !document.querySelector('.overview [aria-busy="true"]'));
    // Somewhere in the middle there is a point.
    const [x, y] = await at(page, 0.5, 0.42);
    for (let dx = 0; dx < 60 && (await frame(page).evaluate((it) => it.style.cursor)) !== 'pointer'; dx += 3)
      await page.mouse.move(x + dx, y);
    await page
      .locator('.tip')
      .getByText(/spans?/)
      .waitFor();
    await page.mouse.down();
    await page.mouse.up();
    await page.waitForURL(/\/trace\/0+fa/);
    await page.goBack();
    await page.getByRole('tab', { name: 'Scatter', selected: true }).waitFor();
    expectQuiet(opened);
  });

  it('is walked and opened by keyboard', async () => {
    const { page } = await open('/search?view=scatter');
    await frame(page).focus();
    await page.keyboard.press('Home');
    const said = page.locator('.plot [role="status"]');
    const first = await said.textContent();
    await page.keyboard.press('ArrowUp');
    await page.waitForFunction(
      (text) => document.querySelector('.plot [role="status"]')?.textContent !== text,
      first,
    );
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/trace\//);
  });
});

describe('the overview', () => {
  it('is a table for those who read it', async () => {
    const { page } = await open('/search?view=table');
    await page.locator('.twin').waitFor();
    const rows = page.locator('.twin tbody tr');
    expect(await rows.count()).toBe(24);
    const traces = await rows.locator('td:nth-child(3)').allTextContents();
    const all = traces.reduce((sum, text) => sum + Number(text.replace(',', '')), 0);
    const told = /of ([\d,]+) traces/.exec((await count(page)) ?? '');
    expect(new Intl.NumberFormat('en').format(all)).toBe(told?.[1]);
    await page.getByRole('tab', { name: 'Table' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.waitForURL((url) => !url.searchParams.has('view'));
  });

  it('is folded away, and stays so', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Hide the overview' }).click();
    await frame(page).waitFor({ state: 'detached' });
    await page.reload();
    await page.getByRole('button', { name: 'Show the overview' }).click();
    await waitForMark(page, 'overview-painted');
  });

  it('is drawn within a frame, and moving over it draws only what moves', async () => {
    const { page } = await open();
    const drawn: number[] = [];
    for (let i = 0; i < 9; i++) {
      await page.setViewportSize({ width: 1400 - 8 * i, height: 900 });
      await page.waitForFunction(
        (width) => document.querySelector<HTMLCanvasElement>('.picture')?.clientWidth === width,
        1400 - 8 * i - 72 - 16 - 100,
      );
      drawn.push(
        await page.evaluate(() => performance.getEntriesByName('overview-drawn').at(-1)?.duration ?? 0),
      );
    }
    drawn.sort((a, b) => a - b);
    console.log(`overview drawn in ${drawn[4]?.toFixed(1)} ms (median of 9)`);
    const picture = () =>
      page.evaluate(() => performance.getEntriesByName('overview-drawn').map(({ startTime }) => startTime));
    const before = await picture();
    await page.mouse.move(...(await at(page, 0.3, 0.3)));
    await page.mouse.move(...(await at(page, 0.4, 0.4)));
    await page.locator('.tip').waitFor();
    expect(await picture()).toEqual(before);
  });

  it('draws in the reader’s colours where these are forced', async () => {
    const { page } = await open('/search', { forcedColors: 'active' });
    const colours = await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.picture');
      const data = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
      let filled = 0;
      for (let i = 3; i < data.length; i += 4) filled += data[i] === 255 ? 1 : 0;
      return filled;
    });
    expect(colours).toBeGreaterThan(10_000);
  });

  it('works at 390 pixels', async () => {
    const opened = await open('/search', { viewport: { width: 390, height: 844 } });
    const { page } = opened;
    await drag(page, [0.6, 0.05], [0.9, 0.3]);
    await page.waitForURL(/traceStartMin=/);
    await boxed(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expectQuiet(opened);
  });
});
