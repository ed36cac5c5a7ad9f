import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { ARRIVING, DEEP_5K, FLAT_20K, FLEET_100K, REPORT, ROOTLESS, SHOP, TEN } from '../fake_server.mjs';
import { countElements, expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();

async function openTrace(path: string) {
  const opened = await browser.open(path);
  await waitForMark(opened.page, 'trace-painted');
  return opened;
}
const selected = (page: Page) => page.locator('[role="row"][aria-selected="true"]').textContent();
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

describe('trace', () => {
  it('shows the spans as a treegrid, and few elements', async () => {
    const opened = await openTrace(`/trace/${SHOP}`);
    const { page } = opened;
    const grid = page.getByRole('treegrid', { name: 'Spans' });
    expect(await grid.getAttribute('aria-rowcount')).toBe('50');
    const first = page.getByRole('row').first();
    expect(await first.getAttribute('aria-level')).toBe('1');
    expect(await first.getAttribute('aria-expanded')).toBe('true');
    expect(await first.textContent()).toBe('frontend POST /checkout3.12 s, starts at 0 ms');
    expect(await page.title()).toBe('frontend POST /checkout, 3.12 s · Spoor');
    expect(await countElements(page)).toBeLessThan(1500);
    expectQuiet(opened);
  });

  it('is walked, folded, zoomed and read by keyboard alone', async () => {
    const opened = await openTrace(`/trace/${SHOP}`);
    const { page } = opened;
    const grid = page.getByRole('treegrid');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.waitForFunction(() =>
      document.querySelector('[role="row"][aria-selected="true"]')?.textContent?.startsWith(' verify'),
    );
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      () => document.querySelector('[role="treegrid"]')?.getAttribute('aria-rowcount') === '48',
    );
    await page.keyboard.press('[');
    await page.waitForFunction(
      () => document.querySelector('[role="treegrid"]')?.getAttribute('aria-rowcount') === '5',
    );
    await page.keyboard.press('e');
    // At once, not in the next frame.
    expect(await selected(page)).toMatch(/RiskService\/Score.*122 ms, starts at .* error/);
    expect(await grid.getAttribute('aria-activedescendant')).toBe(
      await page.locator('[role="row"][aria-selected="true"]').getAttribute('id'),
    );
    await page.keyboard.press('Enter');
    await page
      .getByRole('complementary', { name: 'Span' })
      .getByText('Deadline exceeded after 120 ms')
      .waitFor();
    await page.keyboard.press('w');
    await page.waitForURL(/t=\d+-\d+/);
    await page.keyboard.press('f');
    await page.waitForFunction(() => !location.search.includes('t='));
    const span = parameter(page, 'span');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !location.search.includes('span='));
    expect(span).toMatch(/^[0-9a-f]{16}$/);
    expectQuiet(opened);
  });

  it('opens as its address says: span, find, window and folds', async () => {
    const first = await openTrace(`/trace/${SHOP}`);
    await first.page.keyboard.press('e');
    await first.page.keyboard.press('Enter');
    await first.page.keyboard.press('p');
    await first.page.keyboard.press('w');
    await first.page.getByLabel('Find in trace').fill('inventory');
    await first.page.waitForURL(/uiFind=inventory/);
    await first.page.waitForURL(/fold=/);
    const second = await openTrace(first.page.url().slice(browser.server.url.length));
    await second.page.getByText('Deadline exceeded after 120 ms').waitFor();
    await second.page.waitForTimeout(400);
    expect(second.page.url()).toBe(first.page.url());
    expect(await second.page.getByLabel('Find in trace').inputValue()).toBe('inventory');
    expect(await selected(second.page)).toBe(await selected(first.page));
  });

  it('finds, counts and steps through matches, unfolding what hides them', async () => {
    const { page } = await openTrace(`/trace/${SHOP}?fold=0`);
    await page.keyboard.press('/');
    await page.keyboard.type('email');
    await page.keyboard.press('Enter');
    await page.getByText('1 of 3').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('2 of 3').waitFor();
    expect(await selected(page)).toContain('render receipt');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !location.search.includes('uiFind'));
  });

  it('shows a span: numbers, attributes, events, links, resource, and copies', async () => {
    const opened = await openTrace(`/trace/${SHOP}`);
    const { page } = opened;
    await page.keyboard.press('e');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('complementary', { name: 'Span' });
    await panel.getByText('rpc.response.status_code').waitFor();
    const numbers = await panel.locator('.nums dt').allTextContents();
    expect(numbers).toEqual(['Duration', 'Starts at', 'Network', 'Critical path']);
    const sections = await panel.locator('summary').allTextContents();
    expect(sections.map((text) => text.trim().split(' ')[0])).toEqual([
      'Warnings',
      'Attributes',
      'Events',
      'Links',
      'Resource',
      'Scope',
      'Identifiers',
    ]);
    await panel.getByRole('button', { name: 'Copy server.port' }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('9090');
    await panel.getByRole('button', { name: 'Copy as JSON' }).click();
    expect(JSON.parse(await page.evaluate(() => navigator.clipboard.readText()))).toMatchObject({
      service: 'payment',
    });
    await panel.getByRole('link', { name: /f1a7/ }).click();
    await page.waitForURL(/f1a7/);
    expectQuiet(opened);
  });

  it('cuts a long value and shows the rest when asked', async () => {
    const { page } = await openTrace(`/trace/${SHOP}`);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    const value = page.locator('dd', { hasText: 'lorem ipsum' });
    await value.waitFor();
    expect((await value.textContent())?.length).toBeLessThan(4200);
    await page.getByRole('button', { name: 'Show all, 31,904 more characters' }).click();
    expect((await value.textContent())?.length).toBe('lorem ipsum '.length * 3000 + 'Copy'.length);
  });

  it('selects by mouse in names and bars, and zooms by dragging in the minimap', async () => {
    const { page } = await openTrace(`/trace/${SHOP}`);
    const grid = await page.getByRole('treegrid').boundingBox();
    if (!grid) throw new Error('there is no waterfall');
    await page.mouse.click(900, grid.y + 24 * 2 + 12);
    await page.waitForURL(/span=/);
    expect(await selected(page)).toContain('GET session');
    const map = await page.getByRole('slider', { name: 'Time window' }).boundingBox();
    if (!map) throw new Error('there is no minimap');
    await page.mouse.move(map.x + 100, map.y + 20);
    await page.mouse.down();
    await page.mouse.move(map.x + 200, map.y + 20, { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/t=\d+-\d+/);
    await page.getByRole('button', { name: 'Show the whole trace' }).click();
    await page.waitForFunction(() => !location.search.includes('t='));
  });

  it('folds similar siblings, shows the first five, then all, by keyboard alone', async () => {
    const opened = await openTrace(`/trace/${SHOP}`);
    const { page } = opened;
    const rows = (count: number) =>
      page.waitForFunction(
        (wanted) =>
          document.querySelector('[role="treegrid"]')?.getAttribute('aria-rowcount') === String(wanted),
        count,
      );
    const attributes = async (name: string) => {
      const row = page.locator('[role="row"][aria-selected="true"]');
      return [await row.getAttribute('aria-level'), await row.getAttribute(name)];
    };
    await page.keyboard.press('e');
    await page.keyboard.press('ArrowUp');
    expect(await selected(page)).toContain(
      '214× SELECT ledger_entriessimilar spans, 1.77 s from first to last, 8.21 ms each',
    );
    expect(await attributes('aria-expanded')).toEqual(['7', 'false']);
    await page.keyboard.press('Enter');
    await rows(56);
    await page.waitForURL(/rep=\.[0-9a-f]{16}/);
    await page.keyboard.press('ArrowRight');
    expect(await selected(page)).toContain('SELECT ledger_entries7.30 ms');
    expect(await attributes('aria-setsize')).toEqual(['8', '6']);
    for (let member = 0; member < 5; member++) await page.keyboard.press('ArrowDown');
    expect(await selected(page)).toContain('209 more like these');
    await page.keyboard.press('ArrowRight');
    await rows(264);
    expect(await attributes('aria-posinset')).toEqual(['8', '6']);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await rows(50);
    expectQuiet(opened);
  });

  it('shows what is looked for inside folded siblings', async () => {
    const { page } = await openTrace(`/trace/${SHOP}`);
    await page.getByLabel('Find in trace').fill('ledger_entries');
    await page.keyboard.press('Enter');
    await page.getByText('1 of 215').waitFor();
    expect(await selected(page)).toContain('SELECT ledger_entries7.30 ms');
    await page.waitForURL(/rep=\.[0-9a-f]{16}(&|$)/);
    for (let match = 0; match < 6; match++) await page.keyboard.press('Enter');
    await page.getByText('7 of 215').waitFor();
    await page.waitForURL(/rep=\.[0-9a-f]{16}\*/);
  });

  it('keeps ancestors on the screen, and the cursor out from under them', async () => {
    const opened = await openTrace(`/trace/${SHOP}`);
    const { page } = opened;
    await page.keyboard.press('End');
    await page.locator('.r.stick').first().waitFor();
    expect(await page.locator('.r.stick').count()).toBeLessThanOrEqual(5);
    const hidden = () =>
      page.evaluate(() => {
        const box = (element: Element | null | undefined) => element?.getBoundingClientRect();
        const cursor = document.querySelector('.r.sel');
        const last = box(document.querySelector('.r.stick.last:not([hidden])'));
        const top = box(cursor)?.top ?? -1;
        const grid = box(document.querySelector('[role="treegrid"]'));
        if (!cursor || top < (grid?.top ?? 0)) return true;
        return !cursor.matches('.stick') && last !== undefined && top < last.bottom - 0.5;
      });
    for (let step = 0; step < 49; step++) {
      await page.keyboard.press('ArrowUp');
      expect(await hidden()).toBe(false);
    }
    await page.keyboard.press('End');
    const [stuck] = await page.locator('.r.stick:not([hidden])').all();
    const name = await stuck?.textContent();
    await stuck?.click();
    await page.waitForURL(/span=/);
    expect(await selected(page)).toBe(name);
    expectQuiet(opened);
  });

  it('leads through the results by mouse and by keyboard, and back to their list', async () => {
    const opened = await browser.open('/search?limit=30&sort=longest');
    const { page } = opened;
    await waitForMark(page, 'search-ready');
    await page.locator('[data-row="1"]').click();
    const steps = page.getByRole('group', { name: 'Results' });
    await steps.getByText('2 of 30').waitFor();
    const ids: string[] = await page.evaluate(
      () => JSON.parse(sessionStorage.getItem('spoor.results') ?? '').ids,
    );
    await steps.getByRole('link', { name: 'Next result' }).click();
    await page.waitForURL((url) => url.pathname === `/trace/${ids[2]}`);
    await steps.getByText('3 of 30').waitFor();
    await page.keyboard.press('K');
    await steps.getByText('2 of 30').waitFor();
    await page.keyboard.press('K');
    await steps.getByText('1 of 30').waitFor();
    const previous = steps.getByRole('link', { name: 'Previous result' });
    expect(await previous.getAttribute('aria-disabled')).toBe('true');
    await page.keyboard.press('K');
    await page.keyboard.press('J');
    await steps.getByText('2 of 30').waitFor();
    await page.getByRole('link', { name: 'Results', exact: true }).click();
    await page.waitForURL(/\/search\?limit=30&sort=longest$/);
    await page.goto(`${browser.server.url}/trace/${REPORT}`);
    await page.getByRole('treegrid').waitFor();
    expect(await steps.count()).toBe(0);
    expectQuiet(opened);
  });

  it('changes the view by tab, by arrow and by number, and keeps it in the address', async () => {
    const opened = await openTrace(`/trace/${SHOP}`);
    const { page } = opened;
    await page.getByRole('tab', { name: 'Table' }).click();
    await page.waitForURL(/view=table/);
    await page.keyboard.press('ArrowRight');
    await page.waitForURL(/view=statistics/);
    expect(await page.getByRole('tabpanel', { name: 'Statistics' }).count()).toBe(1);
    await page.keyboard.press('5');
    await page.waitForURL(/view=raw/);
    await page.reload();
    await page.getByRole('tab', { name: 'Raw', selected: true }).waitFor();
    await page.keyboard.press('1');
    await page.getByRole('treegrid').waitFor();
    await page.waitForURL((url) => !url.searchParams.has('view'));
    expectQuiet(opened);
  });

  it('says that spans have arrived, and shows them where the reader is', async () => {
    const opened = await openTrace(`/trace/${ARRIVING}`);
    const { page } = opened;
    await page.keyboard.press('e');
    await page.keyboard.press('Enter');
    await page.keyboard.press('w');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Still arriving: 12 new spans since you opened it.').waitFor();
    await page.waitForURL(/span=.*fold=|fold=.*span=/);
    const before = await selected(page);
    const window = await page.locator('.over .info').textContent();
    const url = page.url();
    await page.getByRole('button', { name: 'Show them' }).click();
    await page.getByText('263 spans', { exact: false }).first().waitFor();
    await page.locator('.note').waitFor({ state: 'detached' });
    expect(await selected(page)).toBe(before);
    expect(await page.locator('.over .info').textContent()).toBe(window);
    expect(parameter(page, 'span')).toBe(new URL(url).searchParams.get('span'));
    expect(parameter(page, 'fold')).toBe(new URL(url).searchParams.get('fold'));
    expectQuiet(opened);
  });

  it.each([
    ['upper case', SHOP.toUpperCase(), SHOP],
    ['16 digits', TEN.slice(16), TEN],
    ['stripped of zeros', '10', TEN],
  ])('opens an id that is %s', async (_, given, id) => {
    const { page } = await openTrace(`/trace/${given}?uiFind=payment`);
    expect(page.url()).toBe(`${browser.server.url}/trace/${id}?uiFind=payment`);
    await page.getByText(/1 of \d+/).waitFor();
  });

  it('explains an unknown trace, an id that is none, and a missing root', async () => {
    const unknown = await openTrace('/trace/404');
    await unknown.page.getByText('No trace with this id is stored here').waitFor();
    await unknown.page.getByText('it was not sampled').waitFor();
    await unknown.page.getByText('it is older than what this server keeps, which is').waitFor();
    await unknown.page.getByText('this one takes spans at http').waitFor();
    const none = await openTrace('/trace/hello');
    await none.page.getByText('This is not a trace id').waitFor();
    const long = await openTrace(`/trace/${SHOP}0`);
    await long.page.getByText('This one has 33 digits.').waitFor();
    const rootless = await openTrace(`/trace/${ROOTLESS}`);
    await rootless.page.getByText('The root of this trace is not here.').waitFor();
    expect(await rootless.page.locator('.gaps').getAttribute('title')).toContain('1 span names a parent');
    const nowhere = await browser.open('/nowhere');
    await nowhere.page.getByText('There is no page at this address').waitFor();
  });

  it.each([
    ['100,000 spans', FLEET_100K],
    ['20,000 children', FLAT_20K],
    ['a chain of 5,000', DEEP_5K],
  ])('opens, scrolls to the end and folds %s', async (_, id) => {
    const opened = await openTrace(`/trace/${id}`);
    const { page } = opened;
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.querySelector('[role="row"][aria-selected="true"]'));
    await page.keyboard.press('[');
    await page.keyboard.press(']');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.keyboard.press('Home');
    await page.waitForFunction(
      () => document.querySelector('[role="row"][aria-selected="true"]')?.getAttribute('aria-level') === '1',
    );
    expect(await countElements(page)).toBeLessThan(1500);
    expectQuiet(opened);
  });
});
