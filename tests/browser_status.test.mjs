// The status page in a real browser: what it says is what was sent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { launch, painted, withPage } from './harness/browser.mjs';
import * as otlp from './harness/otlp.mjs';
import { startServer } from './harness/server.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

test('the status page counts what came over each port and what is stored, and goes on counting', async (t) => {
  const server = await startServer(t);
  await withPage(browser, server, async (page) => {
    await page.goto('/status');
    await painted(page, 'status-ready');
    await page.getByText('No spans yet').waitFor();
    const address = `http://127.0.0.1:${server.otlpHttpPort}`;
    await page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${address}`).first().waitFor();

    for (let i = 0; i < 3; ++i) await server.export(otlp.request('shop', [otlp.span(), otlp.span()]));
    await page.getByRole('region', { name: 'In short' }).getByText('6 spans').waitFor();
    const row = page.getByRole('row', { name: /^OTLP over HTTP/ });
    const cells = await row.getByRole('cell').allInnerTexts();
    assert.deepEqual(
      cells.slice(2, 7).map((text) => text.trim()),
      ['3', '6', '0', '0', '0'],
      'requests, spans, and nothing rejected, refused or bad',
    );
    assert.equal(cells[1].trim(), address);
    const stored = await page.getByRole('region', { name: 'Stored' }).innerText();
    assert.match(stored, /Spans\s+6\s/);
    assert.match(stored, /Newest came\s+(just now|\d+ s ago)/);
    const folder = await page.getByRole('region', { name: 'Disk' }).innerText();
    assert.ok(folder.includes(server.dataDir ?? ''), folder);
  });
});

test('a request that cannot be understood is counted as bad', async (t) => {
  const server = await startServer(t);
  const bad = await fetch(`http://127.0.0.1:${server.otlpHttpPort}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"resourceSpans": 5}',
  });
  assert.equal(bad.status, 400);
  await withPage(browser, server, async (page) => {
    await page.goto('/status');
    await painted(page, 'status-ready');
    const cells = await page.getByRole('row', { name: /^OTLP over HTTP/ }).getByRole('cell').allInnerTexts();
    assert.equal(cells[6].trim(), '1');
  });
});
