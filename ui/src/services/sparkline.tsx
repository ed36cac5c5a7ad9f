import { useMemo } from 'preact/hooks';
import { barsPath } from '../chart/paths';
import { formatMoment } from '../format/time_range';
import { formatRate } from '../red/numbers';
import { greatest, stepStart, type Series } from '../red/series';

const WIDTH = 240;
const HEIGHT = 24;
const BOX = { left: 0, top: 0, width: WIDTH, height: HEIGHT };

/** How much of a bar is red. The root lets one percent be seen, and ten stand out. */
function redPart(errors: number, count: number): number {
  return count > 0 ? Math.sqrt(errors / count) : 0;
}

/** The rate of a service over the window, errors in red at the foot; each service against its own busiest step. */
export function Sparkline({ series }: { series: Series }) {
  const [counts, errors, words] = useMemo(() => {
    const top = Math.max(1, greatest(series.counts));
    return [
      barsPath(
        series.counts.map((count) => count / top),
        BOX,
      ),
      barsPath(
        series.errors.map(
          (errors, index) => redPart(errors, series.counts[index]) * (series.counts[index] / top),
        ),
        BOX,
        2,
      ),
      inWords(series, top),
    ];
  }, [series]);
  return (
    <svg
      class="spark"
      role="img"
      aria-label={words}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
    >
      <path class="mark-count" d={counts} />
      <path class="mark-errors" d={errors} />
    </svg>
  );
}

function inWords(series: Series, top: number): string {
  const busiest = series.counts.indexOf(top);
  const failing = series.errors.filter((count) => count > 0).length;
  const peak =
    busiest < 0
      ? ''
      : `At most ${formatRate(top / (series.step / 1000))}, at ${formatMoment(stepStart(series, busiest))}. `;
  return `${peak}${failing === 0 ? 'No errors' : `Errors in ${failing} of ${series.length} steps`}.`;
}
