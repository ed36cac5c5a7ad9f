import { useState } from 'preact/hooks';
import type { Overview } from '../api/types';
import { serviceStyle } from '../controls/colour';
import { Icon } from '../controls/icon';
import { counted, formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import type { Conditions } from './search_place';

/** So many root services are shown before the rest is asked for. */
const SHOWN = 4;

interface Props {
  /** What the form alone matches; undefined while it is not known. */
  overview: Overview | undefined;
  conditions: Conditions;
  onConditions: (conditions: Conditions) => void;
}

/** Conditions about whole traces, each with how many of all that match the form would stay. */
export function Pills({ overview, conditions, onConditions }: Props) {
  const [all, setAll] = useState(false);
  const set = (change: Partial<Conditions>) => onConditions({ ...conditions, ...change });
  const { errors, rootMissing, rootService, slowerThan } = conditions;
  const p99 = overview?.p99Nano ? Number(overview.p99Nano) : null;
  const roots = overview?.rootServices ?? [];
  const shown = all ? roots : roots.filter(({ name }, index) => index < SHOWN || name === rootService);
  const known = roots.some(({ name }) => name === rootService);
  const unnamed = (overview?.rootServiceCount ?? 0) - roots.length;
  return (
    <div class="strip">
      <div class="pills" role="group" aria-label="Narrow the results">
        <Pill
          pressed={errors}
          count={overview?.counts.errors}
          onPress={() => set({ errors: !errors })}
          label={
            <>
              <Icon name="error" class="erri" />
              Errors
            </>
          }
        />
        <Pill
          pressed={slowerThan !== null}
          // One that was chosen in another picture says what it means, and is not what is counted here.
          count={slowerThan === null || slowerThan === p99 ? overview?.counts.slow : undefined}
          disabled={slowerThan === null && p99 === null}
          onPress={() => set({ slowerThan: slowerThan === null ? p99 : null })}
          label={
            slowerThan === null || slowerThan === p99
              ? 'Slower than p99'
              : `Slower than ${formatDuration(slowerThan)}`
          }
          title={p99 === null ? undefined : `p99 is ${formatDuration(p99)}`}
        />
        <Pill
          pressed={rootMissing}
          count={overview?.counts.rootMissing}
          onPress={() => set({ rootMissing: !rootMissing })}
          label="Root missing"
        />
        {(roots.length > 0 || rootService) && (
          <>
            <i class="divider" />
            <span class="dim">Root</span>
          </>
        )}
        {rootService && !known && (
          <Pill
            pressed
            count={overview ? 0 : undefined}
            onPress={() => set({ rootService: '' })}
            label={rootService}
          />
        )}
        {shown.map(({ name, colour, traceCount }) => (
          <Pill
            key={name}
            pressed={name === rootService}
            count={traceCount}
            disabled={name === ''}
            onPress={() => set({ rootService: name === rootService ? '' : name })}
            label={
              <>
                <i class="dot" style={serviceStyle(colour)} />
                {name || 'unnamed'}
              </>
            }
          />
        ))}
        {roots.length > SHOWN && (
          <button type="button" class="pill" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? 'Fewer' : `${roots.length - shown.length} more`}
          </button>
        )}
        {all && unnamed > 0 && <span class="dim">and {counted(unnamed, 'service')} with fewer</span>}
      </div>
    </div>
  );
}

interface PillProps {
  pressed: boolean;
  count: number | undefined;
  disabled?: boolean;
  onPress: () => void;
  label: preact.ComponentChildren;
  title?: string | undefined;
}

/** One that would leave nothing is greyed, and can be released. */
function Pill({ pressed, count, disabled, onPress, label, title }: PillProps) {
  return (
    <button
      type="button"
      class="pill"
      aria-pressed={pressed}
      disabled={!pressed && (disabled || count === 0)}
      title={title}
      onClick={onPress}
    >
      {label} <b>{count === undefined ? '–' : formatCount(count)}</b>
    </button>
  );
}
