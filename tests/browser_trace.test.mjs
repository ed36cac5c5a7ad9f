// The trace page in a real browser: waterfall, panel, find, deep links, and the way there by keyboard alone.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, painted, withPage } from './harness/browser.mjs';
import * as otlp from './harness/otlp.mjs';
import { startServer } from './harness/server.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const TRACE_ID = '0000000000000000a0b0c0d0e0f01234';

// A trace with something of everything.
async function shopTrace(server) {
  const traceId = TRACE_ID;
  const start = otlp.nowNs() - 30_000_000_000n;
  const made = (name, from, to, more = {}) => {
    const { events, links, status, ...fields } = more;
    const times = { startTimeUnixNano: start + BigInt(from) * 1000n, endTimeUnixNano: start + BigInt(to) * 1000n };
    return { ...otlp.span({ traceId, name, ...times, ...fields }), events, links, status };
  };
  const root = made('POST /checkout', 0, 250_000, { attributes: { 'http.route': '/checkout' } });
  const pay = made('charge', 10_000, 200_000, {
    kind: 3,
    parentSpanId: root.spanId,
    attributes: { 'payment.provider': 'acme', amount: 4200, raw: Buffer.from([1, 2, 3]) },
    events: [
      {
        timeUnixNano: String(start + 150_000_000n),
        name: 'exception',
        attributes: otlp.attributes({ 'exception.message': 'card refused' }),
      },
    ],
    links: [{ traceId: 'f'.repeat(32), spanId: 'e'.repeat(16), attributes: otlp.attributes({ why: 'retry of' }) }],
    status: { code: 2, message: 'declined' },
  });
  const query = made('SELECT stock', 20_000, 60_000, { kind: 3, parentSpanId: pay.spanId });
  const send = made('send mail', 210_000, 240_000, { kind: 4, parentSpanId: root.spanId });
  await server.export(otlp.request('shop', [root, send], { 'host.name': 'web-1' }));
  await server.export(otlp.request('payment', [pay, query], { 'host.name': 'pay-7', 'deployment.id': 'blue' }));
  return { traceId, root, pay, query, send };
}

const grid = (page) => page.getByRole('treegrid', { name: 'Spans' });
const row = (page, name) => grid(page).getByRole('row').filter({ hasText: name });

const panel = (page) => page.getByRole('complementary', { name: 'Span' });
const findBox = (page) => page.getByRole('textbox', { name: 'Find in trace' });

async function open(page, address) {
  await page.goto(address);
  await painted(page, 'trace-painted');
}

// The text of the whole page.
const textOf = (page) => page.locator('main').innerText();

async function assertPanelShows(page, words) {
  for (const word of words) await panel(page).getByText(word).first().waitFor();
}

test('the waterfall: every span with its place in the tree, and drawn bars', async (t) => {
  const server = await startServer(t);
  await shopTrace(server);
  await withPage(browser, server, async (page) => {
    await open(page, `/trace/${TRACE_ID}`);
    const levels = { 'POST /checkout': '1', charge: '2', 'SELECT stock': '3', 'send mail': '2' };
    for (const [name, level] of Object.entries(levels)) {
      assert.equal(await row(page, name).getAttribute('aria-level'), level, name);
    }
    assert.equal(await row(page, 'charge').getAttribute('aria-expanded'), 'true');
    const text = await textOf(page);
    for (const word of ['shop', 'payment', '250 ms']) assert.ok(text.includes(word), `${word}: ${text}`);
    // Something is drawn: the canvas of the bars has more than one colour.
    const colours = await grid(page)
      .locator('canvas')
      .evaluate((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const seen = new Set();
        for (let i = 0; i < data.length; i += 4)
          if (data[i + 3] > 0) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
        return seen.size;
      });
    assert.ok(colours >= 2, `${colours} colours`);
  });
});

test('a click on a span opens its panel: attributes, events, links, resource', async (t) => {
  const server = await startServer(t);
  const { pay } = await shopTrace(server);
  await withPage(browser, server, async (page) => {
    await open(page, `/trace/${TRACE_ID}`);
    await row(page, 'charge').click();
    await assertPanelShows(page, ['payment.provider', 'acme', '4200', 'AQID', 'exception', 'card refused', 'declined']);
    await assertPanelShows(page, ['why', 'retry of', 'deployment.id', 'blue', 'pay-7', pay.spanId]);
    await page.waitForURL((url) => url.searchParams.get('span') === pay.spanId); // the address names it
    await page.reload();
    await assertPanelShows(page, ['payment.provider', 'acme']);
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'hidden' });
  });
});

test('folding hides what is below, and says how much', async (t) => {
  const server = await startServer(t);
  await shopTrace(server);
  await withPage(browser, server, async (page) => {
    await open(page, `/trace/${TRACE_ID}`);
    await page.getByRole('button', { name: 'Collapse all' }).click();
    await row(page, 'SELECT stock').waitFor({ state: 'hidden' });
    assert.equal(await row(page, 'charge').getAttribute('aria-expanded'), 'false');
    await page.getByRole('button', { name: 'Expand all' }).click();
    await row(page, 'SELECT stock').waitFor();
  });
});

test('find in the trace: in attributes, too, and from the address', async (t) => {
  const server = await startServer(t);
  await shopTrace(server);
  await withPage(browser, server, async (page) => {
    await open(page, `/trace/${TRACE_ID}`);
    const box = findBox(page);
    await page.keyboard.press('/');
    await box.fill('ACME');
    await page.waitForURL(/uiFind=ACME/);
    await page.waitForFunction(() => document.querySelectorAll('[role="treegrid"] .r.dimmed').length === 3);
    assert.match(await row(page, 'send mail').getAttribute('class'), /dimmed/);
    assert.doesNotMatch(await row(page, 'charge').getAttribute('class'), /dimmed/);
  });
  await withPage(browser, server, async (page) => {
    await open(page, `/trace/${TRACE_ID}?uiFind=stock`);
    assert.equal(await findBox(page).inputValue(), 'stock');
    await page.waitForFunction(() => document.querySelectorAll('[role="treegrid"] .r.dimmed').length === 3);
    assert.doesNotMatch(await row(page, 'SELECT stock').getAttribute('class'), /dimmed/);
  });
});

test('deep links to a trace, in every form of its id', async (t) => {
  const server = await startServer(t);
  await shopTrace(server);
  const forms = [TRACE_ID, TRACE_ID.toUpperCase(), TRACE_ID.slice(16), TRACE_ID.slice(16).toUpperCase()];
  for (const path of [...forms.map((id) => `/trace/${id}`), `/zipkin/traces/${TRACE_ID.slice(16)}`]) {
    await withPage(browser, server, async (page) => {
      await open(page, path);
      await row(page, 'POST /checkout').waitFor();
      await page.waitForURL((url) => url.pathname === `/trace/${TRACE_ID}`); // one address for one page
    });
  }
});

test('a trace id that is pasted anywhere, or typed into the palette, opens the trace', async (t) => {
  const server = await startServer(t);
  const { pay } = await shopTrace(server);
  const paste = (page, text) =>
    page.evaluate((pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', pasted);
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      (document.activeElement ?? document.body).dispatchEvent(event);
    }, text);
  for (const text of [TRACE_ID, ` ${TRACE_ID.slice(16)}\n`, `00-${TRACE_ID}-${pay.spanId}-01`]) {
    await withPage(browser, server, async (page) => {
      await page.goto('/search');
      await painted(page, 'search-ready');
      await paste(page, text);
      await row(page, 'POST /checkout').waitFor();
    });
  }
  await withPage(browser, server, async (page) => {
    await page.goto('/search');
    await painted(page, 'search-ready');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).and(page.locator(':focus')).waitFor();
    await page.keyboard.type(TRACE_ID.slice(16));
    await page.getByRole('option', { name: `Open trace ${TRACE_ID}`, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await row(page, 'POST /checkout').waitFor();
  });
});

test('an unknown trace is told so, and a malformed id as well', async (t) => {
  const server = await startServer(t);
  await shopTrace(server);
  for (const id of [otlp.newTraceId(), 'not-an-id']) {
    await withPage(browser, server, { expected: [/status of 40[04]/] }, async (page) => {
      await page.goto(`/trace/${id}`);
      await page.getByRole('heading', { level: 2 }).waitFor();
      assert.match(await textOf(page), /not|no /i);
      assert.equal(await grid(page).count(), 0);
    });
  }
});

test('by keyboard alone from the search to a span', async (t) => {
  const server = await startServer(t);
  await shopTrace(server);
  await withPage(browser, server, async (page) => {
    await page.goto('/search');
    await painted(page, 'search-ready');
    const focused = () => page.evaluate(() => document.activeElement?.labels?.[0]?.textContent);
    for (let i = 0; i < 20 && (await focused()) !== 'Service'; ++i) await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Service');
    await page.keyboard.type('shop');
    await page.keyboard.press('Enter');
    await page.waitForURL(/service=shop/);
    await page.getByRole('link', { name: 'POST /checkout' }).waitFor();
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`/trace/${TRACE_ID}`));
    await painted(page, 'trace-painted');
    await page.keyboard.press('e');
    await row(page, 'charge').and(page.locator('[aria-selected="true"]')).waitFor(); // the next error
    await page.keyboard.press('Enter');
    await assertPanelShows(page, ['payment.provider', 'acme']);
    await page.keyboard.press('k');
    await assertPanelShows(page, ['http.route', '/checkout']);
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'hidden' });
  });
});

test('a hundred thousand spans open, scroll and fold with few elements', async (t) => {
  const server = await startServer(t);
  const traceId = otlp.newTraceId();
  const start = otlp.nowNs() - 60_000_000_000n;
  const root = otlp.span({ traceId, name: 'root', startTimeUnixNano: start, endTimeUnixNano: start + 9_000_000_000n });
  await server.export(otlp.request('big', [root]));
  for (let part = 0; part < 10; ++part) {
    const spans = Array.from({ length: 10_000 }, (_, i) => {
      const startTimeUnixNano = start + BigInt(part * 10_000 + i) * 50_000n;
      return otlp.span({ traceId, name: `step ${part * 10_000 + i}`, parentSpanId: root.spanId, startTimeUnixNano });
    });
    assert.equal((await server.export(otlp.requestBytes(otlp.request('big', spans)))).status, 200);
  }
  await withPage(browser, server, async (page) => {
    await open(page, `/trace/${traceId}`);
    await row(page, 'step 0').first().waitFor();
    assert.ok((await page.evaluate(() => document.querySelectorAll('*').length)) < 1500);
    await grid(page).evaluate((element) => (element.scrollTop = element.scrollHeight));
    await row(page, 'step 99999').waitFor();
    await page.getByRole('button', { name: 'Collapse all' }).click();
  });
});
