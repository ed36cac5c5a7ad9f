import { formatDuration } from '../../format/duration';
import { rankOf, rankText, useDistribution } from '../distribution';
import type { Trace } from '../trace';
import { BARS, histogram } from './histogram';

const HEIGHT = 30;

/** How long the operation took in the last day, and where the span lies. Nothing where that cannot be had. */
export function UsualTime({ trace, row }: { trace: Trace; row: number }) {
  const usual = useDistribution(trace, row);
  if (!usual) return null;
  const nano = trace.nano(trace.columns.duration[row]!);
  const { bars, marker } = histogram(usual, nano);
  const rank = rankText(rankOf(usual, nano));
  const shape = bars.map((bar, index) => {
    const height = Math.max(1, bar * (HEIGHT - 4));
    return `M${index * 6} ${HEIGHT}v-${height.toFixed(1)}h5v${height.toFixed(1)}z`;
  });
  return (
    <div class="dist">
      <div class="chart" role="img" aria-label="Durations of this operation in the last 24 hours">
        <svg viewBox={`0 0 ${BARS * 6 - 1} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path d={shape.join('')} />
        </svg>
        <i style={{ left: `${marker * 100}%` }} />
      </div>
      Slower than <b>{rank}</b> of this operation in 24 h, p50 {formatDuration(Number(usual.p50Nano))}
    </div>
  );
}
