import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { waitForMark } from './open_page';

const FOLDER = fileURLToPath(new URL('./golden/', import.meta.url));
/** Edges are blended a little differently by other versions of the browser. */
const DIFFERENT_MAX = 0.001;
const CHANNEL_MAX = 24;

/** Opens the page anew with canvases that draw no text: its pixels are the fonts' of a machine. */
export async function reloadWithoutText(page: Page, mark: string): Promise<void> {
  await page.addInitScript(() => {
    const { prototype } = CanvasRenderingContext2D;
    prototype.fillText = () => undefined;
    prototype.measureText = () => ({ width: 60 }) as TextMetrics;
  });
  await page.reload();
  await waitForMark(page, mark);
}

/**
 * Whether a canvas looks as when its picture was looked at. UPDATE_GOLDEN=1 takes new pictures: look at them. Where no
 * text is drawn, next to no pixel may differ: `differentMax` is the share of those that may.
 */
export async function expectGolden(
  page: Page,
  selector: string,
  name: string,
  differentMax = DIFFERENT_MAX,
): Promise<void> {
  const path = `${FOLDER}${name}.png`;
  const url = await page.locator(selector).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const now = url.slice(url.indexOf(',') + 1);
  if (process.env.UPDATE_GOLDEN || !existsSync(path)) {
    await mkdir(FOLDER, { recursive: true });
    await writeFile(path, Buffer.from(now, 'base64'));
    expect(process.env.UPDATE_GOLDEN, `${path} is new: look at it`).toBeTruthy();
    return;
  }
  const golden = (await readFile(path)).toString('base64');
  const different = await page.evaluate(compare, { golden, now, channelMax: CHANNEL_MAX });
  expect(different, `${name} differs from ${path}`).toBeLessThan(differentMax);
}

/** In the page, which can read pictures: the share of pixels that differ; 1 where the sizes do. */
async function compare(given: { golden: string; now: string; channelMax: number }): Promise<number> {
  const pixels = async (base64: string) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(picture, 0, 0);
    return context.getImageData(0, 0, picture.width, picture.height);
  };
  const [golden, now] = [await pixels(given.golden), await pixels(given.now)];
  if (golden.width !== now.width || golden.height !== now.height) return 1;
  let different = 0;
  for (let at = 0; at < golden.data.length; at += 4) {
    const far = [0, 1, 2, 3].some(
      (channel) => Math.abs(golden.data[at + channel]! - now.data[at + channel]!) > given.channelMax,
    );
    if (far) different++;
  }
  return (different * 4) / golden.data.length;
}
