import type { RedNumbers } from '../api/types';
import { Icon } from '../controls/icon';
import { formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import { formatNumber, formatShare, nano, type RateUnit } from './numbers';

// The cells that tables of services, operations and calls share.

export function RateCell({ perSecond, unit }: { perSecond: number; unit: RateUnit }) {
  return (
    <span role="cell" class="num c-rate">
      {formatNumber(perSecond * unit.seconds)}
      <span class="narrow-unit">/{unit.name}</span>
    </span>
  );
}

/** The share of errors and how many they are; quiet where there are none. */
export function ErrorCell({ count, errorCount }: Pick<RedNumbers, 'count' | 'errorCount'>) {
  return (
    <span role="cell" class="num c-errors">
      {errorCount > 0 ? (
        <>
          <span class="error-share">
            <Icon name="error" />
            {formatShare(errorCount, count)}
          </span>
          <span class="dim" title={`${formatCount(errorCount)} of ${formatCount(count)} with an error`}>
            {formatCount(errorCount)}
          </span>
        </>
      ) : (
        <span class="dim">
          0<span class="narrow-word"> errors</span>
        </span>
      )}
    </span>
  );
}

export function DurationCell({ name, value }: { name: 'p50' | 'p95' | 'p99'; value: string | null }) {
  const nanoseconds = nano(value);
  return (
    <span role="cell" class={`num c-${name}`}>
      <span class="narrow-unit">{name} </span>
      {nanoseconds === null ? <span class="dim">none</span> : formatDuration(nanoseconds)}
    </span>
  );
}
