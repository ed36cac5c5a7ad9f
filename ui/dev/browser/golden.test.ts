import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { SHOP } from '../fake_server.mjs';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

// Golden pictures: what the waterfall and the minimap draw for fixed traces, pixel by pixel, in both themes and on
// screens of one and of two pixels to a CSS pixel. Text is left out, for its pixels are the fonts' of a machine.
// After a change that is meant: `npm run build && GOLDEN=renew npx vitest run --config dev/browser/vitest.config.ts
// dev/browser/golden.test.ts`, then look at the pictures in dev/browser/golden before they are committed.

const FOLDER = fileURLToPath(new URL('./golden', import.meta.url));
const RENEW = process.env.GOLDEN === 'renew';
/** Edges of curves are blended a little differently by other versions of the browser. */
const CHANNEL_MAX = 24;
const DIFFERENT_MAX = 0.0005;

const browser = useBrowser();

/** No text, whose width decides where a label stands, nor its background. */
function withoutText(): void {
  const { prototype } = CanvasRenderingContext2D;
  prototype.fillText = () => undefined;
  prototype.measureText = () => ({ width: 60 }) as TextMetrics;
}

async function twoFrames(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function pictureOf(page: Page, selector: string): Promise<string> {
  const url = await page.evaluate(
    (canvas) => document.querySelector<HTMLCanvasElement>(canvas)?.toDataURL('image/png') ?? '',
    selector,
  );
  return url.replace(/^data:image\/png;base64,/, '');
}

/** The share of pixels that differ. In a page of its own, which has no policy against data: addresses. */
async function difference(page: Page, golden: string, drawn: string): Promise<number> {
  return page.evaluate(
    async ([a, b, most]) => {
      const pixels = async (base64: string) => {
        const answer = await fetch(`data:image/png;base64,${base64}`);
        const image = await createImageBitmap(await answer.blob());
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
        context.drawImage(image, 0, 0);
        return context.getImageData(0, 0, image.width, image.height);
      };
      const [golden, drawn] = [await pixels(a), await pixels(b)];
      if (golden.width !== drawn.width || golden.height !== drawn.height) return 1;
      let different = 0;
      for (let at = 0; at < golden.data.length; at += 4) {
        const apart = (channel: number) => Math.abs(golden.data[at + channel]! - drawn.data[at + channel]!);
        if (Math.max(apart(0), apart(1), apart(2), apart(3)) > most) different++;
      }
      return different / (golden.data.length / 4);
    },
    [golden, drawn, CHANNEL_MAX] as const,
  );
}

/** What stands above the canvases wraps as the fonts of a machine will have it, and so decides how high they are. */
const ONLY_CANVASES = '.topbar, .note, .band, .toolbar, .filters { display: none !important; }';

const states = [
  { state: 'open', path: `/trace/${SHOP}`, keys: [] },
  { state: 'scrolled', path: `/trace/${SHOP}?show=slow`, keys: ['End', 'k', 'k', 'k'] },
  { state: 'zoomed', path: `/trace/${SHOP}?t=400000000-1200000000&fold=4`, keys: [] },
];
const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1, 2].map((deviceScaleFactor) => ({ colorScheme, deviceScaleFactor })),
);

it.each(states.flatMap((state) => looks.map((look) => ({ ...state, ...look }))))(
  '$state, $colorScheme, $deviceScaleFactor pixels',
  async ({ state, path, keys, colorScheme, deviceScaleFactor }) => {
    const opened = await browser.open('/search', {
      ...{ colorScheme, deviceScaleFactor, viewport: { width: 1000, height: 560 } },
      bypassCSP: true,
    });
    const { page } = opened;
    await page.addInitScript(withoutText);
    await page.goto(browser.server.url + path);
    await waitForMark(page, 'trace-painted');
    await page.addStyleTag({ content: ONLY_CANVASES });
    await twoFrames(page);
    for (const key of keys) await page.keyboard.press(key);
    await twoFrames(page);
    const drawn = {
      waterfall: await pictureOf(page, 'canvas.bars'),
      minimap: await pictureOf(page, '.mm canvas'),
    };
    expectQuiet(opened);
    await page.goto('about:blank');
    await mkdir(FOLDER, { recursive: true });
    for (const [what, picture] of Object.entries(drawn)) {
      const path = `${FOLDER}/${what}-${state}-${colorScheme}-${deviceScaleFactor}.png`;
      if (RENEW) await writeFile(path, Buffer.from(picture, 'base64'));
      const golden = (await readFile(path)).toString('base64');
      const different = await difference(page, golden, picture);
      if (different > DIFFERENT_MAX) {
        await writeFile(path.replace('.png', '.drawn.png'), Buffer.from(picture, 'base64'));
      }
      expect(different, `${path}; what was drawn lies beside it as .drawn.png`).toBeLessThanOrEqual(
        DIFFERENT_MAX,
      );
    }
  },
);
