// The search page in a real browser: the first start, the form, results, deep links, themes, and what goes wrong.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { forgetMarks, launch, painted, withPage } from './harness/browser.mjs';
import * as otlp from './harness/otlp.mjs';
import { SLOW, startServer } from './harness/server.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const LIVE_WITHIN_MS = SLOW ? 10_000 : 2_000;

// Traces of a shop: ten fine ones, and a slow one that failed.
async function shop(server) {
  const start = otlp.nowNs() - 120_000_000_000n;
  const made = [];
  for (let i = 0; i < 11; ++i) {
    const traceId = otlp.newTraceId();
    const slow = i === 4;
    const startTimeUnixNano = start + BigInt(i) * 1_000_000_000n;
    const ms = (n) => ({ startTimeUnixNano, endTimeUnixNano: startTimeUnixNano + BigInt(n) * 1_000_000n });
    const root = otlp.span({ traceId, name: slow ? 'POST /checkout' : 'GET /cart', ...ms(slow ? 1500 : 20 + i) });
    const child = {
      ...otlp.span({
        traceId,
        name: 'SELECT cart',
        kind: 3,
        parentSpanId: root.spanId,
        attributes: { 'db.system': 'postgresql', 'http.response.status_code': slow ? 500 : 200 },
        ...ms(slow ? 1200 : 5),
      }),
      status: slow ? { code: 2, message: 'deadlock' } : undefined,
    };
    await server.export(otlp.request('shop', [root]));
    await server.export(otlp.request('database', [child]));
    made.push({ traceId, slow });
  }
  return made;
}

const rows = (page) => page.getByRole('table', { name: 'Traces' }).getByRole('link');
const find = (page) => page.getByRole('button', { name: 'Find traces' }).filter({ visible: true });

// Ends when the list has as many rows as expected.
async function assertRows(page, count) {
  await page.waitForFunction((expected) => document.querySelectorAll('[role="table"] a').length === expected, count);
}

test('the first start shows where to send, and turns live when the first span arrives', async (t) => {
  const server = await startServer(t);
  await withPage(browser, server, async (page) => {
    await page.goto('/');
    await painted(page, 'search-ready');
    const first = page.getByRole('region', { name: 'Send the first trace' });
    await first.waitFor();
    assert.match(
      await first.innerText(),
      new RegExp(`OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:${server.otlpHttpPort}\\n`),
    );
    await first.getByRole('tab', { name: 'Any language' }).click();
    const everyone = await first.innerText();
    for (const port of [server.otlpHttpPort, server.otlpGrpcPort]) {
      assert.ok(everyone.includes(`http://127.0.0.1:${port}`), everyone);
    }
    await first.getByText('Waiting for the first span').waitFor();

    const span = otlp.span({ name: 'the very first' });
    assert.equal((await server.export(otlp.request('newcomer', [span]))).status, 200);
    const begin = Date.now();
    await page.getByRole('link', { name: 'the very first' }).waitFor();
    assert.ok(Date.now() - begin <= LIVE_WITHIN_MS, `it took ${Date.now() - begin} ms`);
    assert.equal(await first.count(), 0);
  });
});

test('a search by the form: its fields, its address, its results', async (t) => {
  const server = await startServer(t);
  const made = await shop(server);
  const { traceId } = made.find(({ slow }) => slow);
  await withPage(browser, server, async (page) => {
    await page.goto('/search');
    await painted(page, 'search-ready');
    await assertRows(page, made.length);
    const field = (name) => page.getByLabel(name, { exact: true });
    await field('Service').fill('datab');
    await page.getByRole('option', { name: 'database' }).click();
    await field('Operation').click();
    await page.getByRole('option', { name: 'SELECT cart' }).click();
    await field('Tags').fill('http.response.status_code=500 error=true');
    await field('Min duration').fill('1s');
    await field('Max duration').fill('1.2s');
    await field('Lookback').selectOption({ label: 'Last 3 hours' });
    await field('Limit').fill('7');
    await forgetMarks(page);
    await find(page).click();
    await assertRows(page, 1);
    await painted(page, 'search-ready');

    await page.waitForURL((url) => url.searchParams.get('limit') === '7');
    const parameters = new URL(page.url()).searchParams;
    assert.deepEqual(Object.fromEntries(parameters), {
      service: 'database',
      operation: 'SELECT cart',
      tags: '{"http.response.status_code":"500","error":"true"}',
      minDuration: '1s',
      maxDuration: '1.2s',
      lookback: '3h',
      limit: '7',
    });
    const row = page.getByRole('row').filter({ has: page.getByRole('link') });
    const text = await row.innerText();
    for (const word of ['shop', 'POST /checkout', 'database', '1.50 s'])
      assert.ok(text.includes(word), `${word}: ${text}`);
    assert.match(await row.getByRole('cell').nth(1).innerText(), /1\s*error/);
    assert.match(text, /ago/);
    assert.match(await row.getByRole('cell').last().getAttribute('title'), /\d\d:\d\d:\d\d/);

    // The address is the whole state, back and forth.
    await page.reload();
    await assertRows(page, 1);
    assert.equal(await field('Tags').inputValue(), 'http.response.status_code=500 error=true');
    await page.goBack();
    await assertRows(page, made.length);
    await page.goForward();
    await assertRows(page, 1);
    await rows(page).click();
    await page.waitForURL(new RegExp(`/trace/${traceId}`));
    await painted(page, 'trace-painted');
  });
});

test('what cannot be asked is told at its field, before anything is sent', async (t) => {
  const server = await startServer(t);
  await shop(server);
  await withPage(browser, server, async (page) => {
    await page.goto('/search');
    await painted(page, 'search-ready');
    const before = page.url();
    const field = (name) => page.getByLabel(name, { exact: true });
    for (const [name, text] of [
      ['Tags', 'a="open'],
      ['Min duration', '5 bananas'],
      ['Limit', '0'],
    ]) {
      await field(name).fill(text);
      await find(page).click();
      await field(name).and(page.locator('[aria-invalid="true"]')).waitFor();
      const about = await field(name).getAttribute('aria-describedby');
      assert.ok((await page.locator(`[id="${about}"]`).innerText()).length > 0, name);
      assert.equal(page.url(), before);
      await field(name).fill(name === 'Limit' ? '100' : '');
    }
  });
});

test("Jaeger's deep links to a search work", async (t) => {
  const server = await startServer(t);
  const made = await shop(server);
  const slow = made.find((trace) => trace.slow);
  const nowUs = Date.now() * 1000;
  const tags = encodeURIComponent('{"http.response.status_code":"500"}');
  const links = [
    ['/search?service=shop&lookback=1h', 11],
    ['/search?service=shop&lookback=1h&limit=3', 3],
    [`/search?limit=20&lookback=1h&maxDuration&minDuration&service=database&tags=${tags}`, 1],
    ['/search?service=database&operation=SELECT%20cart&minDuration=1s&lookback=2d', 1],
    [`/search?end=${nowUs}&start=${nowUs - 3_600_000_000}&lookback=1h&limit=20&service=shop`, 11],
    ['/search?service=database&tag=error%3Atrue&lookback=1h', 1],
    [`/search?traceID=${made[0].traceId}&traceID=${slow.traceId}`, 2],
  ];
  for (const [link, count] of links) {
    await withPage(browser, server, async (page) => {
      await page.goto(link);
      await painted(page, 'search-ready');
      await assertRows(page, count);
    });
  }
});

test('nothing found says why, and one click widens the search', async (t) => {
  const server = await startServer(t);
  const made = await shop(server);
  await withPage(browser, server, async (page) => {
    await page.goto('/search?service=shop&tags=%7B%22colour%22%3A%22blue%22%7D&lookback=1h');
    await page.getByRole('heading', { name: 'No trace matches' }).waitFor();
    await page.getByRole('button', { name: 'Drop the tags' }).click();
    await assertRows(page, made.length);
  });
});

test('a server that is gone is told, and the page recovers', async (t) => {
  let server = await startServer(t);
  await shop(server);
  await withPage(browser, server, { expected: [/ERR_CONNECTION_REFUSED|Failed to load resource/] }, async (page) => {
    await page.goto('/search?service=shop');
    await painted(page, 'search-ready');
    await server.kill();
    await find(page).click();
    const alert = page.getByRole('alert');
    await alert.getByRole('button', { name: 'Try again' }).waitFor();
    const { queryPort, otlpHttpPort, otlpGrpcPort } = server;
    server = await startServer(t, { dataDir: server.dataDir, ports: { queryPort, otlpHttpPort, otlpGrpcPort } });
    await alert.getByRole('button', { name: 'Try again' }).click();
    await assertRows(page, 11);
  });
});

test('a refusal of the server is shown in its words', async (t) => {
  const server = await startServer(t);
  await shop(server);
  const expected = [/status of 40[04]/];
  await withPage(browser, server, { expected }, async (page) => {
    await page.route('**/api/spoor/v1/search*', (route) =>
      route.fulfill({
        status: 400,
        contentType: 'application/json',
        body: '{"error":{"code":"invalid","message":"the moon is in the wrong phase"}}',
      }),
    );
    await page.goto('/search?service=shop');
    await page.getByRole('alert').getByText('the moon is in the wrong phase').waitFor();
  });
  await withPage(browser, server, { expected }, async (page) => {
    await page.goto('/nowhere');
    await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor();
  });
});

test('light, dark, and as the system has it', async (t) => {
  const server = await startServer(t);
  await shop(server);
  const assertIs = async (page, dark, about) => {
    const isSo = (wanted) => {
      const numbers = getComputedStyle(document.body)
        .backgroundColor.match(/[\d.]+/g)
        .slice(0, 3)
        .map(Number);
      const scale = Math.max(...numbers) <= 1 ? 255 : 1;
      return Math.max(...numbers) * scale < 128 === wanted;
    };
    await page.waitForFunction(isSo, dark).catch((error) => assert.fail(`${about}: ${error.message}`));
  };
  for (const [colorScheme, isDark] of [
    ['light', false],
    ['dark', true],
  ]) {
    await withPage(browser, server, { colorScheme }, async (page) => {
      await page.goto('/search');
      await painted(page, 'search-ready');
      await assertIs(page, isDark, `the system is ${colorScheme}`);
      for (const [choice, dark] of [
        ['Dark', true],
        ['Light', false],
        ['As the system', isDark],
      ]) {
        await page.getByRole('button', { name: 'Theme' }).click();
        await page.getByRole('menuitemradio', { name: choice }).click();
        await assertIs(page, dark, `${choice} while the system is ${colorScheme}`);
        await page.reload();
        await painted(page, 'search-ready');
        await assertIs(page, dark, `${choice} stays`);
      }
    });
  }
});

test('ten thousand results scroll without ten thousand elements', async (t) => {
  const server = await startServer(t);
  const start = otlp.nowNs() - 60_000_000_000n;
  for (let part = 0; part < 5; ++part) {
    const spans = Array.from({ length: 2000 }, (_, i) =>
      otlp.span({ name: `n${part * 2000 + i}`, startTimeUnixNano: start + BigInt(part * 2000 + i) * 1000n }),
    );
    await server.export(otlp.requestBytes(otlp.request('many', spans)));
  }
  await withPage(browser, server, async (page) => {
    await page.goto('/search?service=many&limit=10000');
    await painted(page, 'search-ready');
    await page.getByRole('link', { name: 'n9999' }).waitFor();
    assert.ok((await page.evaluate(() => document.querySelectorAll('*').length)) < 1500);
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await page.getByRole('link', { name: 'many n0', exact: true }).waitFor();
  });
});

// Five thousand traces over the last 50 minutes: durations from 1 ms to 10 s in equal ratios, no two alike; one in 25
// has an error in its child; every 7th is of a second root service; some have more spans.
async function fiveThousand(server) {
  const now = otlp.nowNs();
  const made = Array.from({ length: 5000 }, (_, i) => {
    const mixed = (i * 1877) % 5000; // Durations in no order of time: 1877 and 5000 have no common factor.
    return {
      traceId: otlp.newTraceId(),
      start: now - 3_000_000_000_000n + BigInt(i) * 590_000_000n,
      duration: BigInt(Math.round(1e6 * 10 ** ((4 * mixed) / 4999))),
      failed: i % 25 === 3,
      service: i % 7 === 0 ? 'batch' : 'shop',
      spanCount: i % 1000 === 999 ? 2 + 10 * Math.ceil(i / 1000) : 2,
    };
  });
    for (let from = 0; from < made.length; from += 1000) {
    const of = (service) =>
      made
        .slice(from, from + 1000)
        .filter((trace) => trace.service === service)
        .flatMap(({ traceId, start, duration, failed, spanCount }) => {
          const ends = { startTimeUnixNano: start, endTimeUnixNano: start + duration };
          const root = otlp.span({ traceId, name: 'GET /', ...ends });
          const children = Array.from({ length: spanCount - 1 }, (_, n) => ({
            ...otlp.span({
              ...{ traceId, name: `step ${n}`, kind: 3, parentSpanId: root.spanId, startTimeUnixNano: start },
              endTimeUnixNano: start + duration / 2n,
            }),
            status: failed && n === 0 ? { code: 2 } : undefined,
          }));
          return [root, ...children];
        });
    for (const service of ['shop', 'batch']) {
      const { status } = await server.export(otlp.requestBytes(otlp.request(service, of(service))));
      assert.equal(status, 200);
    }
  }
  return made;
}

// High enough for every row that a test counts to be in the document.
const TALL = { viewport: { width: 1440, height: 2600 } };
const countLine = (page) => page.locator('.results-head .count').innerText();
const shownIds = (page) =>
  page
    .getByRole('table', { name: 'Traces' })
    .getByRole('link')
    .evaluateAll((links) => links.map((link) => link.href.slice(-32)));

test('five thousand traces: orders, counts, pages and pills are those of what was sent', async (t) => {
  const server = await startServer(t);
  const made = await fiveThousand(server);
  const newestFirst = (a, b) => (a.start < b.start ? 1 : -1);
  const orders = {
    newest: newestFirst,
    longest: (a, b) => Number(b.duration - a.duration) || newestFirst(a, b),
    shortest: (a, b) => Number(a.duration - b.duration) || newestFirst(a, b),
    'most-spans': (a, b) => b.spanCount - a.spanCount || newestFirst(a, b),
    'most-errors': (a, b) => Number(b.failed) - Number(a.failed) || newestFirst(a, b),
  };
  await withPage(browser, server, TALL, async (page) => {
    for (const [order, compare] of Object.entries(orders)) {
      await page.goto(`/search?lookback=1h&limit=10&sort=${order}`);
      await painted(page, 'search-ready');
      assert.equal(await countLine(page), '10 of 5,000 traces in the last hour', order);
      const expected = [...made].sort(compare).map(({ traceId }) => traceId);
      assert.deepEqual(await shownIds(page), expected.slice(0, 10), order);
      await page.getByRole('button', { name: 'Load more' }).click();
      await assertRows(page, 20);
      assert.deepEqual(await shownIds(page), expected.slice(0, 20), `${order}, second page`);
    }

    const pill = (name) => page.getByRole('group', { name: 'Narrow the results' }).getByRole('button', { name });
    const failed = made.filter((trace) => trace.failed);
    const batch = made.filter(({ service }) => service === 'batch');
    await page.goto('/search?lookback=1h&limit=5');
    await pill(`Errors ${failed.length}`).waitFor();
    await pill('Slower than p99 50').waitFor();
    await pill('Root missing 0').waitFor();
    await pill(`batch ${batch.length}`).click();
    await page.getByText(`5 of ${batch.length} traces in the last hour`).waitFor();
    await pill(/^Errors/).click();
    const both = batch.filter((trace) => trace.failed).length;
    await page.getByText(`5 of ${both} traces in the last hour`).waitFor();
    await pill(/^batch/).click();
    await pill(/^Errors/).click();
    await pill(/^Slower/).click();
    await page.getByText('5 of 50 traces in the last hour').waitFor();
  });
});

test('a box in the picture filters to just the traces that lie in it', async (t) => {
  const server = await startServer(t);
  const made = await fiveThousand(server);
  await withPage(browser, server, async (page) => {
    await page.goto('/search?lookback=1h&limit=20');
    await painted(page, 'overview-painted');
    const frame = await page.locator('.frame').boundingBox();
    const at = (x, y) => [frame.x + x * frame.width, frame.y + y * frame.height];
    await page.mouse.move(...at(0.5, 0.1));
    await page.mouse.down();
    await page.mouse.move(...at(0.8, 0.4), { steps: 5 });
    await page.mouse.up();
    await page.waitForURL(/traceStartMin=/);
    const asked = new URL(page.url()).searchParams;
    const seconds = (text) => BigInt(Math.round(Number(/^([\d.]+)s$/.exec(text)?.[1] ?? NaN) * 1e9));
    const nanoseconds = (text) =>
      text.endsWith('ms') ? BigInt(Math.round(Number(text.slice(0, -2)) * 1e6)) : seconds(text);
    const inside = made.filter(
      ({ start, duration }) =>
        start >= BigInt(asked.get('traceStartMin')) &&
        start <= BigInt(asked.get('traceStartMax')) &&
        duration >= nanoseconds(asked.get('traceDurationMin')) &&
        duration <= nanoseconds(asked.get('traceDurationMax')),
    );
    assert.ok(inside.length > 100 && inside.length < 1500, `${inside.length} lie in the box`);
    const told = `20 of ${inside.length.toLocaleString('en')} in the box, 5,000 in the last hour`;
    await page.getByText(told).waitFor();
    const ids = new Set(inside.map(({ traceId }) => traceId));
    for (const id of await shownIds(page)) assert.ok(ids.has(id), id);

    // Every column of the table adds up to everything.
    await page.getByRole('tab', { name: 'Table' }).click();
    const traces = page.locator('.twin td:nth-child(3)');
    await traces.first().waitFor();
    const counts = (await traces.allInnerTexts()).map((text) => Number(text.replace(',', '')));
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      5000,
    );
    await page.getByRole('button', { name: 'Clear the box' }).click();
    await page.getByText('20 of 5,000 traces in the last hour').waitFor();
  });
});

test('any time finds what is long past, and its picture is of that time', async (t) => {
  const server = await startServer(t);
  const start = BigInt(Date.UTC(2019, 4, 1)) * 1_000_000n;
  const spans = Array.from({ length: 50 }, (_, i) =>
    otlp.span({ name: 'old', startTimeUnixNano: start + BigInt(i) * 60_000_000_000n }),
  );
  await server.export(otlp.request('archive', spans));
  await withPage(browser, server, TALL, async (page) => {
    await page.goto('/search?service=archive&lookback=any');
    await painted(page, 'overview-painted');
    await assertRows(page, 50);
    const labels = await page.locator('.axes .below').allInnerTexts();
    assert.ok(labels.length > 2 && labels.every((label) => /^\d\d:\d\d$|May/.test(label)), labels.join());
  });
});
