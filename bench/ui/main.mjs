// Measures the UI as its readers see it: the real binary, traces of fixed shapes over OTLP, and Chromium.
//
//   ./dev bench ui [--runs 5] [--only PART-OF-A-NAME] [--write docs/benchmarks.md]
//
// Without --only it writes the page, unless the machine has other work: frames and milliseconds would be about that.
// A number in bold there is outside its budget.

import { parseArgs } from 'node:util';
import { startServer } from '../../tests/harness/server.mjs';
import { FIXTURES, manyTraces, requests, traceId } from './fixtures.mjs';
import * as look from './measure.mjs';
import { busy, table, writeBetween } from './report.mjs';

const { values: flags } = parseArgs({
  options: { runs: { type: 'string' }, only: { type: 'string' }, write: { type: 'string' } },
});
const RUNS = Number(flags.runs ?? 5);
const wanted = (name) => !flags.only || name.includes(flags.only);

/** What has to be undone when all is done, as the harness expects it of a test. */
const undo = [];
const scope = { after: (last) => undo.push(last) };
/** @type {import('./report.mjs').Line[]} */
const lines = [];

function add(what, value, unit, budget, jaeger, most = true) {
  const digits = unit === 'KiB' || unit === 'fps' ? 1 : 0;
  const holds = budget === null || (most ? value <= budget : value >= budget);
  const measured = `${value.toFixed(digits)} ${unit}`.trim();
  const limit = budget === null ? '' : `${most ? '≤' : '≥'} ${budget} ${unit}`.trim();
  lines.push({ what, measured, budget: limit, holds, jaeger });
  console.log(`${holds ? '  ' : '! '}${what}: ${measured}${limit && `, budget ${limit}`}`);
}

const inSeconds = (ms) => (ms === null ? 'fails' : ms === undefined ? '' : `${ms / 1000} s`);

/** Takes one number several times. */
async function several(measureOnce) {
  const values = [];
  for (let run = 0; run < RUNS; run++) values.push(await measureOnce());
  return values;
}

async function boot(browser, origin) {
  for (const [rate, budget, jaeger] of [
    [1, 400, '1.5 s'],
    [4, 900, '3.5 s'],
  ]) {
    const times = await several(() =>
      look.withPage(browser, async (page) => {
        if (rate > 1) await look.throttle(page, rate);
        return look.openUntil(page, `${origin}/search`, 'search-ready');
      }),
    );
    add(`search is usable${rate > 1 ? `, ${rate}x slower processor` : ''}`, look.median(times), 'ms', budget, jaeger);
  }
  const { script, style } = await look.withPage(browser, async (page) => {
    await look.openUntil(page, `${origin}/search`, 'search-ready');
    return look.loaded(page);
  });
  add('script of the first load, packed', script, 'KiB', 80, '741 KiB, style included');
  add('style of the first load, packed', style, 'KiB', 12, '');
}

async function openTrace(browser, url, { name, readyMs, blockingMs, jaegerMs }) {
  const runs = await several(() =>
    look.withPage(browser, async (page) => {
      const ready = await look.openUntil(page, url, 'trace-painted');
      return { ready, blocking: await look.blocking(page) };
    }),
  );
  add(`${name}: opened`, look.median(runs.map(({ ready }) => ready)), 'ms', readyMs, inSeconds(jaegerMs));
  add(`${name}: blocked while opening`, look.median(runs.map(({ blocking }) => blocking)), 'ms', blockingMs, '');
}

async function useTrace(browser, url, name) {
  const runs = await several(() =>
    look.withPage(browser, async (page) => {
      await look.openUntil(page, url, 'trace-painted');
      const { fps, p95 } = await look.scroll(page);
      const elements = await look.elements(page);
      const memory = await look.memory(browser, page);
      const click = await look.input(page, () => page.mouse.click(900, 450));
      await page.keyboard.press('Escape');
      const collapse = await look.input(page, () => page.keyboard.press('['));
      const find = await look.find(page, 'needle=haystack');
      return { fps, p95, elements, memory, click, collapse, find };
    }),
  );
  const of = (key) => look.median(runs.map((run) => run[key]));
  const big = name.startsWith('1,000,000');
  add(`${name}: smoothness while scrolling`, of('fps'), 'fps', 58, '20 fps', false);
  add(`${name}: 95th percentile of a frame`, of('p95'), 'ms', 18, '67 to 100 ms');
  add(`${name}: a span is clicked`, of('click'), 'ms', 100, '390 ms');
  add(`${name}: all is collapsed`, of('collapse'), 'ms', 100, '580 ms');
  add(`${name}: a value is found`, of('find'), 'ms', 300, '1190 ms');
  add(`${name}: memory of the page`, of('memory'), 'MB', big ? 350 : 120, big ? '' : '294 MB');
  add(`${name}: elements`, of('elements'), '', 1500, '9900');
}

/** The other views of a big trace. */
async function views(browser, url, name) {
  const runs = await several(() =>
    look.withPage(browser, async (page) => {
      const flame = await look.openUntil(page, `${url}?view=flame`, 'trace-painted');
      const { fps, p95 } = await look.pan(page);
      const table = await look.openUntil(page, `${url}?view=table&sort=-self`, 'trace-painted');
      const sort = await look.input(page, () => page.getByRole('columnheader', { name: 'Operation' }).click());
      const statistics = await look.openUntil(page, `${url}?view=statistics`, 'trace-painted');
      return { flame, fps, p95, table, sort, statistics };
    }),
  );
  const of = (key) => look.median(runs.map((run) => run[key]));
  add(`${name}: flame graph opened`, of('flame'), 'ms', 1000, '');
  add(`${name}: flame graph, smoothness while moving`, of('fps'), 'fps', 58, '', false);
  add(`${name}: flame graph, 95th percentile of a frame`, of('p95'), 'ms', 18, '');
  add(`${name}: table opened, sorted by own time`, of('table'), 'ms', 1000, '');
  add(`${name}: table sorted by operation`, of('sort'), 'ms', 100, '');
  add(`${name}: statistics opened`, of('statistics'), 'ms', 1000, '');
}

async function send(server, bodies, what) {
  for (const body of bodies) {
    const { status, text } = await server.export(body);
    if (status !== 200) throw new Error(`${what}: ${status} ${text.slice(0, 200)}`);
  }
}

/** The picture of everything that matches, when a million spans do. */
async function heatmap(browser, server, origin) {
  await send(server, manyTraces(), 'many traces');
  const times = await several(() =>
    look.withPage(browser, (page) => look.openUntil(page, `${origin}/search?lookback=1h`, 'overview-painted')),
  );
  add('heatmap of 1,000,000 spans', look.median(times), 'ms', 500, 'none');
}

async function main() {
  const busyAtStart = busy();
  const server = await startServer(scope);
  const origin = `http://127.0.0.1:${server.queryPort}`;
  const browser = await look.launch();
  undo.push(() => browser.close());
  if (wanted('boot')) await boot(browser, origin);
  for (const fixture of FIXTURES.filter(({ name }) => wanted(name))) {
    await send(server, requests(fixture), fixture.name);
    const url = `${origin}/trace/${traceId(fixture.id)}`;
    await openTrace(browser, url, fixture);
    await useTrace(browser, url, fixture.name);
    if (fixture.views) await views(browser, url, fixture.name);
  }
  if (wanted('heatmap')) await heatmap(browser, server, origin);
  const text = table(lines, RUNS);
  console.log(`\n${text}`);
  if (busyAtStart && !flags.write) console.log('\nThe machine has other work, so nothing is written.');
  const path = flags.write ?? (flags.only || busyAtStart ? undefined : 'docs/benchmarks.md');
  if (path) await writeBetween(path, text);
}

try {
  await main();
} finally {
  for (const last of undo.reverse()) await last();
}
