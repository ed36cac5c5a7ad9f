import { expect, it } from 'vitest';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

const browser = useBrowser({ empty: true });

it('shows how to connect, with this server’s address, and turns live when the first span comes', async () => {
  const opened = await browser.open('/');
  const { page } = opened;
  await waitForMark(page, 'search-ready');
  await page.getByText(`export OTEL_EXPORTER_OTLP_ENDPOINT=${browser.server.otlpUrl}`).waitFor();
  await page.getByRole('link', { name: 'Learn it here' }).waitFor();
  await page.getByRole('tab', { name: 'Collector' }).click();
  await page.getByText(`endpoint: ${browser.server.otlpUrl}`).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.getByText('OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf').waitFor();
  await page.getByRole('button', { name: 'Copy', exact: true }).first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('OTEL_SERVICE_NAME=my-service');
  await page.getByText('Waiting for the first span').waitFor();

  const sent = Date.now();
  await fetch(`${browser.server.otlpUrl}/v1/traces`, { method: 'POST', body: 'spans' });
  await page.getByRole('row').nth(1).waitFor();
  expect(Date.now() - sent).toBeLessThan(2000);
  expectQuiet(opened);
});
