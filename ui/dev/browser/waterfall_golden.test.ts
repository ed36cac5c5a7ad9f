import type { Page } from 'playwright-core';
import { it } from 'vitest';
import { SHOP } from '../fake_server.mjs';
import { expectGolden } from './golden';
import { expectQuiet, useBrowser, waitForMark } from './open_page';

// What the waterfall and the minimap draw for fixed traces, in both themes, on screens of one and two pixels to a CSS
// pixel. Text is left out, for its pixels are the fonts' of a machine, and so the rest can be held to the pixel.

/** Edges of curves are blended a little differently by other versions of the browser. */
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
    const look = `${state}-${colorScheme}-${deviceScaleFactor}`;
    await expectGolden(page, 'canvas.bars', `waterfall-${look}`, DIFFERENT_MAX);
    await expectGolden(page, '.mm canvas', `minimap-${look}`, DIFFERENT_MAX);
    expectQuiet(opened);
  },
);
