import { describe, it } from 'vitest';
import { makeHour, overviewOf } from '../fake_hour.mjs';
import { expectGolden } from './golden';
import { useBrowser, waitForMark } from './open_page';

// The canvases of the overview, pixel by pixel, on fixed traces. Texts are elements, so no font decides.

const browser = useBrowser({ empty: true });
/** An edge that is smoothed a little differently is no other picture. */
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
    await expectGolden(page, '.frame .picture', `overview-${view}-${theme}-${ratio}`, DIFFERENT_SHARE_MAX);
    await expectGolden(page, '.frame .overlay', `overview-box-${theme}-${ratio}`, DIFFERENT_SHARE_MAX);
  });
});
