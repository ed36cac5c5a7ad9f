import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { NIGHTLY } from '../fake_hour.mjs';
import { countElements, expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();

interface Row {
  traceID: string;
  durationNano: string;
  spanCount: number;
  errorCount: number;
}

async function open(path: string, more = {}) {
  const opened = await browser.open(path, more);
  await waitForMark(opened.page, 'search-ready');
  return opened;
}

/** What the server answers to a question of its own. */
async function ask(page: Page, query: string): Promise<{ traces: Row[]; traceCount: number }> {
  return page.evaluate(async (question) => (await fetch(`api/spoor/v1/search?${question}`)).json(), query);
}

const count = (page: Page) => page.locator('.results-head .count').textContent();
const firstRow = (page: Page) => page.locator('[aria-rowindex="2"] a').getAttribute('href');
const orderButton = (page: Page) => page.getByRole('button', { name: /^Order:/ });
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);
const forgetMarks = (page: Page) => page.evaluate(() => performance.clearMarks());
const loaded = (page: Page) => page.locator('.list-end').textContent();

describe('orders', () => {
  it('are the server’s, by menu and by column, and stay in the address', async () => {
    const opened = await open('/search');
    const { page } = opened;
    const longest = (await ask(page, 'order=longest&limit=1&start=0')).traces[0];
    await orderButton(page).click();
    await page.getByRole('menuitemradio', { name: 'Longest first' }).click();
    await page.waitForURL(/sort=longest/);
    await page
      .locator(`[aria-rowindex="2"] a[href*="${longest?.traceID}"]`)
      .waitFor()
      .catch(() => undefined);
    expect(await page.locator('[role="columnheader"][aria-sort]').getAttribute('aria-sort')).toBe('descending');

    await page
      .getByRole('columnheader', { name: /^Duration/ })
      .getByRole('button')
      .click();
    await page.waitForURL(/sort=shortest/);
    await page.locator('[role="columnheader"][aria-sort="ascending"]').waitFor();
    for (const [head, sort] of [
      ['Spans', 'most-spans'],
      ['Errors', 'most-errors'],
    ] as const) {
      await page.getByRole('columnheader', { name: head, exact: true }).getByRole('button').click();
      await page.waitForURL(new RegExp(`sort=${sort}`));
    }
    await page.getByRole('columnheader', { name: 'Started' }).getByRole('button').click();
    await page.waitForURL((url) => !url.searchParams.has('sort'));
    await page.goBack();
    await page.waitForURL(/sort=most-errors/);
    expect(await orderButton(page).textContent()).toContain('Most errors');
    expectQuiet(opened);
  });

  it('put the whole hour in order, not what is loaded', async () => {
    const { page } = await open('/search?sort=most-spans&lookback=1h');
    const most = (await ask(page, 'order=most-spans&limit=1&start=0')).traces[0];
    const shown = await page.locator('[aria-rowindex="2"] .sp').textContent();
    const hour = await ask(page, `order=most-spans&limit=1&start=${(Date.now() - 3_600_000) * 1000}`);
    expect(shown).toBe(new Intl.NumberFormat('en').format(hour.traces[0]?.spanCount ?? -1));
    expect(most?.spanCount).toBeGreaterThanOrEqual(hour.traces[0]?.spanCount ?? 0);
  });

  it('are remembered for a fresh start, and not for a link', async () => {
    const { page } = await open('/search');
    await orderButton(page).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=longest/);
    await page.goto(`${browser.server.url}/search`);
    await page.waitForURL(/sort=longest/);
    await page.goto(`${browser.server.url}/search?lookback=1h`);
    await waitForMark(page, 'search-ready');
    expect(await orderButton(page).textContent()).toContain('Most recent');
  });
});

describe('paging', () => {
  it('appends pages while the list is scrolled, in few elements, and counts honestly', async () => {
    const opened = await open('/search');
    const { page } = opened;
    for (const rows of [101, 201, 301]) {
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await page.locator(`[aria-rowindex="${rows + 1}"]`).waitFor();
    }
    expect(await count(page)).toMatch(/^[3-5]00 of 3\d,\d{3} traces in the last hour$/);
    expect(await page.getByRole('table', { name: 'Traces' }).getAttribute('aria-rowcount')).toMatch(/^3\d{4}$/);
    expect(await countElements(page)).toBeLessThan(1500);
    expectQuiet(opened);
  });

  it('asks for the next page only when the reader goes on', async () => {
    const { page } = await open('/search?limit=5');
    await page.waitForTimeout(300);
    expect(await count(page)).toMatch(/^5 of /);
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.waitForFunction(() => document.querySelector('.list-end')?.textContent?.startsWith('10 of'));
  });

  it('goes past the edge of a page by keyboard', async () => {
    const { page } = await open('/search?limit=10&sort=longest');
    const expected = await ask(page, `order=longest&limit=15&start=${(Date.now() - 3_600_000) * 1000}`);
    for (let row = 0; row < 15; row++) {
      await page.keyboard.press('j');
      await page.waitForFunction(
        (index) => (document.activeElement as HTMLElement).dataset.row === String(index),
        row,
      );
    }
    const focused = await page.evaluate(() => (document.activeElement as HTMLAnchorElement).href);
    expect(focused).toContain(expected.traces[14]?.traceID);
  });

  it('says the end of the list', async () => {
    const { page } = await open('/search?limit=4&rootMissing=true&lookback=1h');
    const all = await ask(
      page,
      `rootMissing=true&limit=100&count=true&start=${(Date.now() - 3_600_000) * 1000}`,
    );
    while ((await page.getByRole('button', { name: 'Load more' }).count()) > 0) {
      const before = await loaded(page);
      await page.getByRole('button', { name: 'Load more' }).click();
      await page.waitForFunction((text) => document.querySelector('.list-end')?.textContent !== text, before);
      await page.waitForFunction(() => !document.querySelector('.list-end')?.textContent?.includes('Loading'));
    }
    expect(await count(page)).toBe(`${all.traceCount} traces in the last hour`);
    expect(await page.locator('.rows [role="row"]').count()).toBe(all.traceCount);
  });

  it('tells an error where the next rows would be, and tries again', async () => {
    const { page } = await open('/search?limit=20');
    let fail = true;
    await page.route('**/search?*after=*', (route) =>
      fail
        ? route.fulfill({
            status: 503,
            json: { error: { code: 'busy', message: 'Too many searches at once.' } },
          })
        : route.continue(),
    );
    await page.getByRole('button', { name: 'Load more' }).click();
    await page.getByRole('alert').getByText('Too many searches at once.').waitFor();
    expect(await page.locator('[aria-rowindex="21"]').count()).toBe(1);
    fail = false;
    await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
    await page.locator('[aria-rowindex="22"]').waitFor();
  });

  it('comes back to the same row of a later page', async () => {
    const { page } = await open('/search');
    for (const rows of [101, 201]) {
      await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
      await page.locator(`[aria-rowindex="${rows + 1}"]`).waitFor();
    }
    await page.evaluate(() => window.scrollTo(0, 36 * 180));
    const link = page.locator('[data-row="185"]');
    const place = await link.getAttribute('href');
    const scrolled = await page.evaluate(() => window.scrollY);
    await link.click();
    await page.waitForURL(new RegExp(`${place}$`));
    await page.goBack();
    await page.waitForFunction((y) => Math.abs(window.scrollY - y) < 2, scrolled);
    expect(await page.locator('[data-row="185"]').getAttribute('href')).toBe(place);
  });

  it('remembers the results for the page of one of them', async () => {
    const { page } = await open('/search?limit=30&sort=longest');
    const results = await page.evaluate(() => JSON.parse(sessionStorage.getItem('spoor.results') ?? 'null'));
    expect(results.at).toBe('/search?limit=30&sort=longest');
    expect(results.ids).toHaveLength(30);
    expect(await firstRow(page)).toBe(`/trace/${results.ids[0]}`);
  });
});

describe('duration bars', () => {
  it('are as long as the trace against the longest, and say where its time went', async () => {
    const { page } = await open('/search?sort=longest');
    const bars = page.locator('.track');
    const width = (index: number) =>
      bars.nth(index).evaluate((bar) => (bar.firstElementChild as HTMLElement).clientWidth / bar.clientWidth);
    expect(await width(0)).toBeCloseTo(1, 2);
    const seconds = async (index: number) =>
      Number((await page.locator('.dur .num').nth(index).textContent())?.replace(' s', ''));
    expect(await width(5)).toBeCloseTo((await seconds(5)) / (await seconds(0)), 1);
    expect(await bars.first().getAttribute('aria-label')).toMatch(
      /^Critical path: payment [\d.]+ s \(\d+ %\), checkout .*%\)/,
    );
  });
});

describe('pills', () => {
  it('say how many of all that match they leave, and leave just these', async () => {
    const opened = await open('/search');
    const { page } = opened;
    const errors = page.getByRole('button', { name: /^Errors \d/ });
    const promised = (await errors.locator('b').textContent()) ?? '';
    await errors.click();
    await page.waitForURL(/traceErrors=true/);
    await page.waitForFunction(
      (number) => document.querySelector('.count')?.textContent?.includes(number),
      promised,
    );
    expect(await errors.getAttribute('aria-pressed')).toBe('true');
    expect(await errors.locator('b').textContent()).toBe(promised);
    // By keyboard, a root service on top of it; then both off again.
    await page.getByRole('button', { name: /^checkout/ }).focus();
    await page.keyboard.press('Space');
    await page.waitForURL(/rootService=checkout/);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => !url.searchParams.has('rootService'));
    await page.goBack();
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.has('traceErrors') && !url.searchParams.has('rootService'));
    expectQuiet(opened);
  });

  it('know what is slower than p99, and keep that bound in the address', async () => {
    const { page } = await open('/search');
    const slow = page.getByRole('button', { name: /^Slower than p99/ });
    const promised = (await slow.locator('b').textContent()) ?? '';
    await slow.click();
    await page.waitForURL(/slowerThan=\d/);
    await page.waitForFunction(
      (number) => document.querySelector('.count')?.textContent?.includes(`of ${number}`),
      promised,
    );
  });

  it('open the rest of the root services, and grey what is not there', async () => {
    const { page } = await open('/search');
    await page.getByRole('button', { name: '2 more' }).click();
    await page.getByRole('button', { name: /^shipping/ }).waitFor();
    await page.getByRole('button', { name: 'Fewer' }).click();
    const { page: calm } = await open('/search?rootService=shipping&operation=track+parcels&maxDuration=20ms');
    expect(await calm.getByRole('button', { name: /^Slower/ }).isVisible()).toBe(true);
    await calm.goto(`${browser.server.url}/search?operation=nowhere`);
    await calm.getByText('No trace matches').waitFor();
    expect(await calm.getByRole('button', { name: /^Errors \d/ }).isDisabled()).toBe(true);
  });
});

describe('states', () => {
  it('an empty answer says how many a longer time would find', async () => {
    const { page } = await open(`/search?service=${NIGHTLY.service}&operation=${NIGHTLY.operation}`);
    await page.getByText('0 in the last hour; 1,204 in the last 24 hours.').waitFor();
    await page.getByRole('button', { name: /^Search the last 24 hours/ }).click();
    await page.waitForFunction(() =>
      document.querySelector('.count')?.textContent?.startsWith('100 of 1,204 traces'),
    );
  });

  it('nothing under the pills keeps the picture and offers the way back', async () => {
    const { page } = await open('/search?rootMissing=true&rootService=shipping&traceErrors=true&lookback=1h');
    await page.getByText('No trace matches').waitFor();
    await page.getByRole('button', { name: /^Without box and pills/ }).click();
    await page.waitForURL((url) => !url.searchParams.has('rootMissing'));
    await page.locator('[aria-rowindex="2"]').waitFor();
  });

  it('a new question leaves the old answer dimmed until it is answered', async () => {
    const { page } = await open('/search');
    await waitForMark(page, 'overview-painted');
    let answer = () => undefined as void;
    const held = new Promise<void>((done) => (answer = done));
    await page.route(/(search|overview)\?.*mobile-bff/, async (route) => {
      await held;
      await route.continue();
    });
    await page.getByRole('button', { name: /^mobile-bff/ }).click();
    await page.locator('.results.old').waitFor();
    await page.locator('.overview .view.old').waitFor();
    answer();
    await page.locator('.results:not(.old)').waitFor();
    await page.locator('.overview .view:not(.old)').waitFor();
  });

  it('an overview that fails says so in its place, and tries again', async () => {
    const { page } = await browser.open('/');
    let fail = true;
    await page.route('**/overview?*', (route) =>
      fail
        ? route.fulfill({ status: 503, json: { error: { code: 'busy', message: 'Too much to look at.' } } })
        : route.continue(),
    );
    await page.goto(`${browser.server.url}/search?lookback=3h`);
    await page.locator('.overview').getByText('Too much to look at.').waitFor();
    await page.locator('[aria-rowindex="2"]').waitFor();
    fail = false;
    await page.locator('.overview').getByRole('button', { name: 'Try again' }).click();
    await waitForMark(page, 'overview-painted');
  });

  it('what is missing is said', async () => {
    const { page } = await browser.open('/');
    await page.route('**/v1/search?*', async (route) => {
      const body = await (await route.fetch()).json();
      await route.fulfill({
        json: { ...body, complete: false, warnings: ['Block 14 is damaged at offset 812.'] },
      });
    });
    await page.goto(`${browser.server.url}/search?lookback=3h`);
    await page.getByText('This is not everything: Block 14 is damaged at offset 812.').waitFor();
  });

  it('on paper the list stands alone, row after row', async () => {
    const { page } = await open('/search');
    await page.emulateMedia({ media: 'print' });
    await page.waitForFunction(() => document.querySelectorAll('.rows [role="row"]').length === 100);
    const bottoms = await page
      .locator('.rows [role="row"]')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().top));
    expect(bottoms.every((top, index) => index === 0 || top >= (bottoms[index - 1] ?? 0) + 36)).toBe(true);
    expect(await page.getByRole('button', { name: 'Find traces' }).first().isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.waitForFunction(() => document.querySelectorAll('.rows [role="row"]').length < 60);
  });

  it('marks again when another question is answered', async () => {
    const { page } = await open('/search');
    await forgetMarks(page);
    await page.getByRole('button', { name: /^Errors \d/ }).click();
    await waitForMark(page, 'search-ready');
    expect(parameter(page, 'traceErrors')).toBe('true');
  });
});
