import { describe, expect, it } from 'vitest';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

describe('status', () => {
  const browser = useBrowser({ damage: true });

  it('says what comes in through each port, what is kept and what is left', async () => {
    const opened = await browser.open('/status');
    const { page } = opened;
    await waitForMark(page, 'status-ready');
    expect(await page.getByRole('region', { name: 'In short' }).textContent()).toMatch(
      /^[\d,]+ spans stored\. The server is ready/,
    );
    const row = page.getByRole('row', { name: /^OTLP over HTTP/ });
    expect(await row.textContent()).toContain(browser.server.otlpUrl);
    await row.getByRole('button', { name: `Copy ${browser.server.otlpUrl}` }).click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(browser.server.otlpUrl);
    await page.getByText('JAEGER_ENDPOINT=http://127.0.0.1:14268/api/traces').waitFor();
    expect(await page.getByRole('meter', { name: 'Disk' }).getAttribute('aria-valuetext')).toBe('31 % used');
    expect(await page.getByRole('region', { name: 'Kept for' }).textContent()).toContain(
      'Numbers of services90 d',
    );
    await page.getByRole('alert').getByText('2 damaged parts on the disk.').waitFor();
    expectQuiet(opened);
  });

  it('refreshes by itself and then tells rates; a pause by key holds it', async () => {
    const opened = await browser.open('/status');
    const { page } = opened;
    await waitForMark(page, 'status-ready');
    await page.getByText(/The server is ready; [\d,]+\/s arrive\./).waitFor({ timeout: 15_000 });
    await page.keyboard.press('p');
    await page.getByText(/^as of /).waitFor();
    let asked = 0;
    page.on('request', (request) => (asked += request.url().endsWith('/status') ? 1 : 0));
    await page.waitForTimeout(6000);
    expect(asked).toBe(0);
    await page.getByRole('button', { name: 'Paused' }).click();
    await page.waitForFunction(() => document.querySelector('.topbar')?.textContent?.includes('refreshes'));
    await page.waitForRequest(/\/status$/);
    expectQuiet(opened);
  });

  it('keeps what it knew while the server does not answer, and goes on when it does', async () => {
    const opened = await browser.open('/status');
    const { page } = opened;
    await waitForMark(page, 'status-ready');
    await page.route('**/status', (route) =>
      route.request().resourceType() === 'fetch' ? route.abort() : route.continue(),
    );
    await page.getByRole('alert').getByText('does not answer').waitFor({ timeout: 15_000 });
    await page.getByText('OTLP over HTTP').waitFor();
    await page.unroute('**/status');
    await page.getByRole('button', { name: 'Ask now' }).click();
    await page.getByRole('alert').getByText('does not answer').waitFor({ state: 'detached' });
    expectQuiet(opened);
  });
});

describe('status of a server without spans', () => {
  const browser = useBrowser({ empty: true });
  it('says how to send to each port', async () => {
    const { page } = await browser.open('/status');
    await page.getByText('No spans yet').waitFor();
    await page.getByText(`OTEL_EXPORTER_OTLP_ENDPOINT=${browser.server.otlpUrl}`).waitFor();
    expect(await page.getByRole('region', { name: 'Stored' }).textContent()).toContain(
      'Newest camenothing yet',
    );
  });
  it('leads from services and map to how to begin', async () => {
    for (const path of ['/services', '/map', '/service/any']) {
      const opened = await browser.open(path);
      await opened.page.getByText('Send the first trace').waitFor();
      expectQuiet(opened);
    }
  });
});
