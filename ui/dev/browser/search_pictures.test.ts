import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { makeHour, overviewOf } from '../fake_hour.mjs';
import { useBrowser, waitForMark } from './open_page';

// The canvases of the overview, pixel by pixel, on fixed traces. Texts are elements, so no font decides. After a
// change that is meant, look at the new pictures and keep them:
//
//   UPDATE_PICTURES=1 npm run test:browser -- search_pictures

const browser = useBrowser({ empty: true });
const FOLDER = fileURLToPath(new URL('pictures/', import.meta.url));
/** An edge that is smoothed a little differently is no other picture. */
const CHANNEL_TOLERANCE = 24;
const DIFFERENT_SHARE_MAX = 0.002;

const END = BigInt(Date.UTC(2026, 10, 24, 14, 42)) * 1_000_000n;
const traces = makeHour(END).filter((_, index) => index % 3 === 0);
const answer = (points: number) =>
  overviewOf(
    traces,
    new URLSearchParams({
      start: String((END - 3_600_000_000_000n) / 1000n),
      columns: '48',
      rows: '18',
      points: String(points),
    }),
    END,
  );

const pictures = (['heatmap', 'scatter'] as const).flatMap((view) =>
  (['light', 'dark'] as const).flatMap((theme) => [1, 2].map((ratio) => ({ view, theme, ratio }))),
);

describe('the overview', () => {
  it.each(pictures)('as a $view, $theme, with $ratio pixels in one', async ({ view, theme, ratio }) => {
    const { page } = await browser.open('/status', {
      colorScheme: theme,
      deviceScaleFactor: ratio,
      viewport: { width: 340, height: 700 },
      timezoneId: 'UTC',
    });
    const body = answer(view === 'scatter' ? 180 : 0);
    const row = { ...traces[0], criticalPath: [] };
    await page.route('**/api/spoor/v1/overview?*', (route) => route.fulfill({ json: body }));
    await page.route('**/api/spoor/v1/search?*', (route) =>
      route.fulfill({ json: { traces: [row], traceCount: 1, complete: true } }),
    );
    const box = `traceStartMin=${END - 1_200_000_000_000n}&traceStartMax=${END - 400_000_000_000n}`;
    await page.goto(`${browser.server.url}/search?lookback=1h&view=${view}&${box}&traceDurationMin=1s`);
    await waitForMark(page, 'overview-painted');
    const drawn = await page.evaluate(() => {
      const [picture, overlay] = document.querySelectorAll<HTMLCanvasElement>('.frame canvas');
      const both = document.createElement('canvas');
      both.width = picture?.width ?? 0;
      both.height = picture?.height ?? 0;
      const context = both.getContext('2d');
      for (const canvas of [picture, overlay]) if (canvas) context?.drawImage(canvas, 0, 0);
      return both.toDataURL('image/png').split(',')[1] ?? '';
    });
    const path = `${FOLDER}overview_${view}_${theme}_${ratio}x.png`;
    if (process.env.UPDATE_PICTURES) await writeFile(path, Buffer.from(drawn, 'base64'));
    const kept = (await readFile(path)).toString('base64');
    const different = await page.evaluate(
      async ({ drawn, kept, tolerance }) => {
        const pixelsOf = async (base64: string) => {
          const bytes = Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
          const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d');
          context?.drawImage(image, 0, 0);
          return {
            size: `${image.width} x ${image.height}`,
            data: context?.getImageData(0, 0, image.width, image.height).data,
          };
        };
        const [a, b] = [await pixelsOf(drawn), await pixelsOf(kept)];
        if (a.size !== b.size || !a.data || !b.data) return 1;
        let count = 0;
        for (let at = 0; at < a.data.length; at += 4) {
          let most = 0;
          for (let channel = at; channel < at + 4; channel++)
            most = Math.max(most, Math.abs((a.data[channel] ?? 0) - (b.data[channel] ?? 0)));
          count += most > tolerance ? 1 : 0;
        }
        return count / (a.data.length / 4);
      },
      { drawn, kept, tolerance: CHANNEL_TOLERANCE },
    );
    expect(different).toBeLessThanOrEqual(DIFFERENT_SHARE_MAX);
  });
});
