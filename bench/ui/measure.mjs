// Looks at pages in Chromium and says how long they take, how smooth they scroll and what memory they hold.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../ui/package.json', import.meta.url))('playwright-core');

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];
const VIEWPORT = { width: 1440, height: 900 };
const MOVING_MS = 4000;
/** Whoever waits longer has left. */
const PATIENCE_MS = 60_000;
/** A task longer than this blocks the page for its rest. */
const BLOCKING_FROM_MS = 50;

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
}

export function median(/** @type {number[]} */ values) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

/** Runs in the page before anything else: notes long tasks and how long keys and clicks took until the next paint. */
function watch(/** @type {number} */ blockingFrom) {
  const seen = { blocking: 0, inputs: /** @type {number[]} */ ([]) };
  Object.assign(window, { seen });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.blocking += Math.max(0, duration - blockingFrom);
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.inputs.push(duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });
}

/** A page of its own, with nothing cached; `use` gets it. An error in the page ends the benchmark. */
export async function withPage(browser, use) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.addInitScript(watch, BLOCKING_FROM_MS);
    const result = await use(page);
    if (errors.length > 0) throw new Error(`the page has errors: ${errors.join('; ')}`);
    return result;
  } finally {
    await context.close();
  }
}

/** Opens an address and gives the time from there until a mark of the page, in ms. */
export async function openUntil(page, url, mark) {
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, mark);
  return page.evaluate((name) => performance.getEntriesByName(name)[0].startTime, mark);
}

/** How long tasks blocked the page until now, in ms. */
export const blocking = (page) => page.evaluate(() => window.seen.blocking);

/** Frames a second and the 95th percentile of the time between two, while `step` is done again and again. */
async function frames(page, step) {
  await page.evaluate(() => {
    window.frameTimes = [];
    const note = (at) => {
      window.frameTimes.push(at);
      window.noting = requestAnimationFrame(note);
    };
    window.noting = requestAnimationFrame(note);
  });
  const until = performance.now() + MOVING_MS;
  for (let count = 0; performance.now() < until; count++) await step(count);
  return page.evaluate(() => {
    cancelAnimationFrame(window.noting);
    const at = window.frameTimes;
    const gaps = at.slice(1).map((time, index) => time - at[index]);
    gaps.sort((a, b) => a - b);
    return {
      fps: (1000 * gaps.length) / (at[at.length - 1] - at[0]),
      p95: gaps[Math.ceil(gaps.length * 0.95) - 1],
    };
  });
}

/** While the wheel turns, down more than up. */
export async function scroll(page) {
  await page.mouse.move(VIEWPORT.width / 2, VIEWPORT.height / 2);
  return frames(page, (count) => page.mouse.wheel(0, count % 40 < 20 ? 300 : -280));
}

/** While the window moves over the time: keys that pan, after one that zooms. */
export async function pan(page) {
  await page.keyboard.press('w');
  return frames(page, (count) => page.keyboard.press(count % 8 < 4 ? 'd' : 'a'));
}

/** The longest time from a key or click to the paint that answers it, in ms; below 16 browsers do not tell. */
export async function input(page, act) {
  await page.evaluate(() => (window.seen.inputs = []));
  await act();
  await page.waitForTimeout(400);
  return page.evaluate(() => Math.max(16, ...window.seen.inputs));
}

/** From Enter in the find box until the number of matches is there, in ms; the server's answer included. */
export async function find(page, text) {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.evaluate(() => {
    window.found = new Promise((resolve) => {
      const begun = performance.now();
      const look = () => {
        const said = document.querySelector('.find .hits')?.textContent ?? '';
        if (/\d/.test(said)) resolve(performance.now() - begun);
        else requestAnimationFrame(look);
      };
      look();
    });
  });
  await page.keyboard.press('Enter');
  return page.evaluate(() => window.found);
}

/** The memory of the page's process: its own and its part of what it shares, in MB. */
export async function memory(browser, page) {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send('SystemInfo.getProcessInfo');
  await system.detach();
  const sizes = await Promise.all(
    processInfo
      .filter(({ type }) => type === 'renderer')
      .map(async ({ id }) => {
        const rollup = await readFile(`/proc/${id}/smaps_rollup`, 'utf8').catch(() => '');
        return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024;
      }),
  );
  return Math.max(...sizes);
}

export const elements = (page) => page.evaluate(() => document.querySelectorAll('*').length);

/** Makes the processor so many times slower for a page. */
export async function throttle(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

/** What came over the wire by now, scripts and styles, in KiB. */
export function loaded(page) {
  return page.evaluate(() => {
    const sum = (ending) =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith(ending))
        .reduce((bytes, { encodedBodySize }) => bytes + encodedBodySize, 0) / 1024;
    return { script: sum('.js'), style: sum('.css') };
  });
}
