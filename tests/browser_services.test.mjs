// Services, a service's page and the map in a real browser: the numbers on the pages are those of what was sent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { forgetMarks, launch, painted, withPage } from './harness/browser.mjs';
import * as otlp from './harness/otlp.mjs';
import { startServer } from './harness/server.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const SERVER = 2;
const CLIENT = 3;
const INTERNAL = 1;
const MINUTE_NS = 60_000_000_000n;
const CALLS = 60;
const FAILED_EVERY = 5;

// Sixty requests of a shop over twelve minutes that are over, each of which calls the payment service; every fifth
// payment fails. The durations of payments are 1 to 60 ms, so p50 is 30 ms. One service has internal spans only.
async function shop(server) {
  const lastMinute = (otlp.nowNs() / MINUTE_NS) * MINUTE_NS;
  const failed = [];
  for (let i = 0; i < CALLS; ++i) {
    const traceId = otlp.newTraceId();
    const start = lastMinute - BigInt(1 + (i % 12)) * MINUTE_NS + BigInt(i) * 100_000_000n;
    const fields = (parent, milliseconds) => ({
      traceId,
      parentSpanId: parent?.spanId,
      startTimeUnixNano: start,
      endTimeUnixNano: start + BigInt(milliseconds) * 1_000_000n,
    });
    const root = otlp.span({ name: i % 4 ? 'GET /cart' : 'POST /checkout', kind: SERVER, ...fields(undefined, 100) });
    const client = otlp.span({ name: 'POST', kind: CLIENT, ...fields(root, 70) });
    const fails = i % FAILED_EVERY === 0;
    if (fails) failed.push(traceId);
    const pay = {
      ...otlp.span({ name: 'POST /pay', kind: SERVER, ...fields(client, i + 1) }),
      status: fails ? { code: 2, message: 'declined' } : undefined,
    };
    await server.export(otlp.request('frontend', [root, client]));
    await server.export(otlp.request('payment', [pay]));
  }
  await server.export(otlp.request('cron', [otlp.span({ name: 'sweep', kind: INTERNAL })]));
  return failed;
}

const cellsOf = async (page, name) =>
  (await page.getByRole('row', { name }).getByRole('cell').allInnerTexts()).map((text) => text.trim());

// "30.1 ms" within one percent of 30, as the rollups promise, and half a digit of what is shown.
function assertAbout(text, milliseconds) {
  const [value, unit] = text.split(' ');
  const shown = Number(value) * { µs: 0.001, ms: 1, s: 1000 }[unit];
  assert.ok(Math.abs(shown - milliseconds) <= milliseconds * 0.016, `${text} is not about ${milliseconds} ms`);
}

// Live spans and sealed ones are counted alike.
for (const sealed of [false, true]) {
  test(`the pages say what was sent, ${sealed ? 'sealed' : 'live'}`, async (t) => {
    const server = await startServer(t);
    const failed = await shop(server);
    if (sealed) await server.seal();
    await withPage(browser, server, async (page) => {
      await page.goto('/services');
      await painted(page, 'services-ready');
      await page.getByText('3 services').waitFor();
      const [, , errors, p50, p95, p99] = await cellsOf(page, /payment/);
      assert.match(errors, /^20 %\s*12$/);
      assertAbout(p50, 30);
      assertAbout(p95, 57);
      assertAbout(p99, 60);
      assert.match((await cellsOf(page, /cron/))[0], /all spans/, 'it has neither server nor consumer spans');
      assert.match((await cellsOf(page, /frontend/))[2], /^0/);

      await page.getByRole('link', { name: 'payment', exact: true }).click();
      await painted(page, 'service-ready');
      const summary = await page.getByRole('region', { name: 'Summary' }).innerText();
      assert.match(summary, /60 server or consumer spans in the last hour/);
      assert.match(summary, /20 % failed, 12 of 60/);
      const calls = await page.getByRole('complementary', { name: 'Calls' }).innerText();
      assert.match(calls, /Called by 1\s+frontend/);
      assert.match(calls, /It calls no service/);
      const operation = await cellsOf(page, /POST \/pay/);
      assert.equal(operation[1], '60');

      // The steps of the table add up to everything, and a failed step leads to the traces that failed in it.
      await page.getByRole('button', { name: 'Table', exact: true }).click();
      const steps = page.getByRole('region', { name: 'Numbers over time' }).getByRole('row');
      await steps.nth(1).waitFor();
      const numbers = (await steps.allInnerTexts()).slice(1).map((text) => text.trim().split('\t'));
      const sum = (column) => numbers.reduce((total, cells) => total + Number(cells[column]), 0);
      assert.deepEqual([sum(1), sum(3)], [60, 12]);
      const failing = numbers.findIndex((cells) => cells[3] !== '0');
      await steps.nth(failing + 1).getByRole('button').click();
      const examples = page.getByRole('region', { name: 'Traces of the step' });
      await examples.getByRole('link', { name: /frontend/ }).first().waitFor();
      const shown = await examples.getByRole('row').getByRole('link').all();
      assert.equal(shown.length, Number(numbers[failing][3]));
      for (const link of shown) {
        const [, traceId] = /\/trace\/(\w+)/.exec(await link.getAttribute('href'));
        assert.ok(failed.includes(traceId), `${traceId} did not fail`);
      }
    });
  });
}

test('the map draws who calls whom, with the numbers of what was called', async (t) => {
  const server = await startServer(t);
  await shop(server);
  await withPage(browser, server, async (page) => {
    await page.goto('/map');
    await painted(page, 'map-ready');
    await page.getByText('2 services, 1 pair of caller and called in the last hour').waitFor();
    await page.getByText('Without calls: cron').waitFor();
    await page.getByRole('button', { name: /^payment/ }).click();
    const panel = await page.getByRole('complementary', { name: 'Service' }).innerText();
    assert.match(panel, /Errors\s+20 %/);
    await forgetMarks(page);
    await page.goto('/dependencies?view=table');
    await painted(page, 'map-ready');
    const [parent, child, count, , errors, p50] = await cellsOf(page, /payment/);
    assert.deepEqual([parent, child, count], ['frontend', 'payment', '60']);
    assert.match(errors, /^20 %\s*12$/);
    assertAbout(p50, 30);
  });
});

test('services, a service and the map of a new server show how to send the first span', async (t) => {
  const server = await startServer(t);
  await withPage(browser, server, async (page) => {
    for (const path of ['/services', '/service/any', '/map']) {
      await page.goto(path);
      await page.getByRole('region', { name: 'Send the first trace' }).waitFor();
    }
    await server.export(otlp.request('solo', [otlp.span()]));
    await page.getByText('No service called another').waitFor();
    await page.getByText('There are spans of one service only: solo').waitFor();
  });
});
