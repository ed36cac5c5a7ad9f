import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { elementsOf } from '../../vite/lessons/compile.ts';
import { readLessons } from '../../vite/lessons/plugin.ts';
import { violations } from './axe';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser();
const lessons = readLessons();
const [, first, second] = lessons;
const pages = lessons.map(({ slug, title }) => ({ title, path: slug ? `/learn/${slug}` : '/learn' }));
const ALL = [1, 2, 3, 4, 5, 6];
const NARROW = { width: 390, height: 844 };

const check = (page: Page, title: string) => page.locator('.check', { hasText: title });
const passed = (page: Page) => page.locator('.check.is-passed');
const said = (page: Page) => page.locator('.shell > .sr[role="status"]').textContent();

/** Opened pages are closed after each test: one that is left goes on checking. */
const pagesOpen: Page[] = [];
async function open(...how: Parameters<typeof browser.open>) {
  const opened = await browser.open(...how);
  pagesOpen.push(opened.page);
  return opened;
}

afterEach(async () => {
  for (const page of pagesOpen.splice(0)) await page.context().close();
  Object.assign(browser.server.challenge, { on: true, passed: [4], takesMs: 0 });
});

describe('every lesson', () => {
  const looks = [
    { look: 'light', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
    { look: 'dark', colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
    { look: 'narrow', colorScheme: 'light', viewport: NARROW },
    { look: 'narrow and dark', colorScheme: 'dark', viewport: NARROW },
  ] as const;
  it.each(looks)(
    'opens, $look: one h1, accessible, no wider than the screen',
    async ({ colorScheme, viewport }) => {
      const opened = await open('/learn', { colorScheme, viewport });
      const { page } = opened;
      for (const { path, title } of pages) {
        await page.goto(browser.server.url + path);
        await waitForMark(page, 'learn-ready');
        expect(await page.locator('h1').allTextContents()).toEqual([title]);
        expect(await page.title()).toBe(`${title} · Spoor`);
        expect(await violations(page), path).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(viewport.width);
      }
      expectQuiet(opened);
    },
    120_000,
  );

  it('fits 320 pixels', async () => {
    const { page } = await open('/learn', { viewport: { width: 320, height: 640 } });
    for (const { path } of pages) {
      await page.goto(browser.server.url + path);
      await waitForMark(page, 'learn-ready');
      expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBe(320);
    }
  });

  it('links to places that there are, and to others in a new tab without telling them', async () => {
    const { page } = await open('/learn');
    const places = new Set(pages.map(({ path }) => path));
    for (const { path } of pages) {
      await page.goto(browser.server.url + path);
      await waitForMark(page, 'learn-ready');
      for (const id of await page.locator('.lesson [id]').evaluateAll((all) => all.map((each) => each.id)))
        places.add(`${path}#${id}`);
    }
    for (const { path } of pages) {
      await page.goto(browser.server.url + path);
      await waitForMark(page, 'learn-ready');
      const links = await page
        .locator('.learn a')
        .evaluateAll((all) =>
          (all as HTMLAnchorElement[]).map(({ href, target, rel }) => ({ href, target, rel })),
        );
      for (const { href, target, rel } of links) {
        const url = new URL(href);
        if (url.origin !== browser.server.url)
          expect([url.protocol, target, rel]).toEqual(['https:', '_blank', 'noreferrer']);
        else if (url.pathname.startsWith('/learn')) expect(places).toContain(url.pathname + url.hash);
        else expect(url.pathname).toMatch(/^\/(search|services|map|status)$/);
      }
    }
  });
});

describe('reading', () => {
  it('goes on by links, keys and the palette, with the focus on the new lesson', async () => {
    const opened = await open('/learn');
    const { page } = opened;
    await page.getByRole('link', { name: `Next ${first?.title}` }).click();
    await page.getByRole('heading', { level: 1, name: first?.title ?? '' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('n');
    await page.waitForURL(`**/learn/${second?.slug}`);
    await page.keyboard.press('p');
    await page.waitForURL(`**/learn/${first?.slug}`);
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.waitForURL('**/search*');
    await page.keyboard.press('Control+K');
    await page.getByRole('combobox', { name: 'Go to' }).fill('learn');
    await page.getByRole('option', { name: 'Go to learn' }).click();
    await page.waitForURL('**/learn');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Next lesson').waitFor();
    expectQuiet(opened);
  });

  it('leads to headings of this and of other lessons, and back to where the reader was', async () => {
    const { page } = await open('/learn/context_propagation');
    const link = page.locator('.lesson').getByRole('link', { name: 'Troubleshooting' });
    await link.scrollIntoViewIfNeeded();
    const before = await page.evaluate(() => window.scrollY);
    expect(before).toBeGreaterThan(100);
    await link.click();
    await page.waitForURL('**/learn/troubleshooting#traces-are-not-linked');
    const heading = page.getByRole('heading', { name: 'Traces are not linked' });
    await heading.waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('traces-are-not-linked');
    expect((await heading.boundingBox())?.y).toBeLessThan(200);
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: 'How a trace crosses the network' }).waitFor();
    expect(await page.evaluate(() => window.scrollY)).toBe(before);

    await page.goto(`${browser.server.url}/learn/troubleshooting#the-four-common-errors`);
    await waitForMark(page, 'learn-ready');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('the-four-common-errors');
  });

  it('is remembered once the end was seen, and can be forgotten', async () => {
    const { page } = await open('/learn/traces_and_spans');
    await page.getByText(`0 of ${lessons.length - 1} read`).waitFor();
    await page.locator('.lesson-end').scrollIntoViewIfNeeded();
    await page.getByText(`1 of ${lessons.length - 1} read`).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Traces and spans (read)' }).waitFor();
    await page.getByRole('button', { name: 'Read', exact: true }).click();
    await page.getByText(`0 of ${lessons.length - 1} read`).waitFor();
  });

  it('copies commands as they stand', async () => {
    const { page } = await open('/learn/get_started');
    const block = [...elementsOf(lessons.find(({ slug }) => slug === 'get_started')?.body ?? [])].find(
      ([name]) => name === 'code-block',
    );
    await page.locator('.code-block').first().getByRole('button').click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(block?.[1]['copy']);
  });

  it('says so where there is no such lesson', async () => {
    const opened = await open('/learn/nowhere');
    await opened.page.getByRole('heading', { level: 1, name: 'There is no lesson “nowhere”' }).waitFor();
    await opened.page.getByRole('link', { name: 'To the first page' }).click();
    await opened.page.getByRole('heading', { level: 1, name: 'Learn tracing' }).waitFor();
    expectQuiet(opened);
  });

  it('prints the lesson alone', async () => {
    const { page } = await open('/learn/get_started');
    await waitForMark(page, 'learn-ready');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
    for (const part of ['.contents', '.checks', '.rail', '.lesson-end', '.acts-of-page'])
      expect(await page.locator(part).isVisible()).toBe(false);
  });
});

describe('the checks', () => {
  it('turn green by themselves, are announced, and lead to lesson and trace', async () => {
    const opened = await open('/learn/task_2_frontend');
    const { page } = opened;
    const panel = page.getByRole('region', { name: 'Your progress' });
    await expect.poll(() => passed(page).count()).toBe(1);
    await panel.getByText('10 of 100 points').waitFor();
    const row = check(page, 'Frontend tracing configured');
    await row.getByText('What to do').waitFor();
    await row.getByText('Call StartTracing("frontend")').waitFor();
    expect(await check(page, 'Backend tracing').getByText('What to do').isVisible()).toBe(false);

    browser.server.challenge.passed = [1, 4, 5];
    await expect.poll(() => passed(page).count(), { timeout: 15_000 }).toBe(3);
    expect(await said(page)).toBe(
      'Frontend tracing configured: passed. Traces appearing in Spoor: passed. 45 of 100 points.',
    );
    await row.getByRole('button').click();
    await row.getByRole('link', { name: 'The trace that was found' }).click();
    await page.waitForURL('**/trace/4bf92f3577b34da6a3ce929d0e0e4736');
    expectQuiet(opened);
  }, 30_000);

  it('celebrate once when all pass, and rest then', async () => {
    const { page } = await open('/learn');
    await expect.poll(() => passed(page).count()).toBe(1);
    browser.server.challenge.passed = ALL;
    await page.keyboard.press('c');
    await page.getByText('All six pass.').waitFor();
    await page.locator('.checks-score').getByText('100 of 100 points').waitFor();
    expect(await violations(page)).toEqual([]);
    const { runs } = browser.server.challenge;
    await page.waitForTimeout(4000);
    expect(browser.server.challenge.runs).toBe(runs);

    await page.reload();
    await expect.poll(() => passed(page).count()).toBe(6);
    expect(await page.getByText('All six pass.').isVisible()).toBe(false);
  }, 30_000);

  it('are run by hand, from the keyboard, one at a time', async () => {
    const { page } = await open('/learn');
    await expect.poll(() => passed(page).count()).toBe(1);
    const { runs } = browser.server.challenge;
    browser.server.challenge.takesMs = 500;
    await page.getByRole('button', { name: 'Check now' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Checking…' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Check now' }).waitFor();
    expect(browser.server.challenge.runs).toBe(runs + 1);
    await expect.poll(() => said(page)).toBe('Nothing changed: 10 of 100 points.');
  });

  it('say how to turn them on where they are off, and come when they are', async () => {
    browser.server.challenge.on = false;
    const opened = await open('/learn');
    const { page } = opened;
    await page.getByText('it was started without').waitFor();
    await page.getByText('spoor serve --challenge on').waitFor();
    expect(await violations(page)).toEqual([]);
    browser.server.challenge.on = true;
    await expect.poll(() => passed(page).count(), { timeout: 15_000 }).toBe(1);
    expectQuiet(opened);
  }, 30_000);

  it('stay calm while the server is away, keep what they know, and go on when it is back', async () => {
    const { page } = await open('/learn');
    await expect.poll(() => passed(page).count()).toBe(1);
    await page.route('**/api/spoor/v1/challenge**', (route) => route.abort());
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('does not answer. What stands below was true a moment ago.').waitFor();
    expect(await passed(page).count()).toBe(1);
    expect(await violations(page)).toEqual([]);
    await page.unroute('**/api/spoor/v1/challenge**');
    await page.getByText('does not answer').waitFor({ state: 'detached', timeout: 15_000 });
  }, 30_000);

  it('are told as off by a server that does not know of them', async () => {
    const { page } = await open('/status');
    await page.route('**/api/spoor/v1/challenge', (route) => route.fulfill({ status: 404, body: 'no' }));
    await page.goto(`${browser.server.url}/learn`);
    await page.getByText('it was started without').waitFor();
  });

  it('rest while the page is hidden', async () => {
    const { page } = await open('/learn');
    await expect.poll(() => passed(page).count()).toBe(1);
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    const { runs } = browser.server.challenge;
    await page.waitForTimeout(6000);
    expect(browser.server.challenge.runs).toBe(runs);
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: false });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await expect.poll(() => browser.server.challenge.runs).toBeGreaterThan(runs);
  }, 30_000);

  it('and the lessons unfold above the text on narrow screens', async () => {
    const { page } = await open('/learn', { viewport: NARROW });
    await page.getByRole('button', { name: 'Progress 10 of 100' }).waitFor();
    expect(await passed(page).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Progress' }).click();
    await passed(page).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Lessons', exact: true }).click();
    expect(await passed(page).isVisible()).toBe(false);
    await page
      .getByRole('navigation', { name: 'Lessons' })
      .getByRole('link', { name: first?.title ?? '' })
      .click();
    await page.getByRole('heading', { level: 1, name: first?.title ?? '' }).waitFor();
    expect(await page.getByRole('navigation', { name: 'Lessons' }).isVisible()).toBe(false);
  });
});

it('is where an empty search leads', async () => {
  const { page } = await open('/search?service=nobody');
  await page.getByRole('link', { name: 'Follow a span on its way' }).click();
  await page.waitForURL('**/learn/troubleshooting#no-traces-at-all');
});
