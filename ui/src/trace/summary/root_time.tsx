import type { CriticalPath } from '../../api/types';
import { formatDuration } from '../../format/duration';
import type { Trace } from '../trace';

/**
 * What the parts are parts of, where that is not the duration in the headline: spans may begin before the root does
 * (clocks differ) and go on after it ended (nobody waits for a consumer). Says nothing where the two agree.
 */
export function RootTime({ trace, path }: { trace: Trace; path: CriticalPath }) {
  const { startNano, endNano } = trace.columns;
  const begin = BigInt(path.startTimeUnixNano);
  const length = BigInt(path.durationNano);
  if (length === endNano - startNano) return null;
  const early = Number(begin - startNano);
  const late = Number(endNano - begin - length);
  const outside = [
    early > 0 && `begin ${formatDuration(early)} before it`,
    late > 0 && `go on for ${formatDuration(late)} after its end`,
  ].filter(Boolean);
  return (
    <p class="of-root">
      Of the root’s <b>{formatDuration(Number(length))}</b>
      {outside.length > 0 && `; spans ${outside.join(' and ')}`}
    </p>
  );
}
