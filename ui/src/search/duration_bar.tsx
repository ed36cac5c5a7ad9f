import type { TraceSummary } from '../api/types';
import { serviceStyle } from '../controls/colour';
import { formatDuration } from '../format/duration';

/** More parts than these are one: they would be a pixel each, and a list has many bars. */
const PARTS_MAX = 7;

/** A bar shorter than this is drawn as its longest part alone: parts of a pixel tell nothing but stripes. */
const PARTED_SHARE_MIN = 0.06;

export interface Part {
  /** What the time was spent in, in words. */
  name: string;
  /** The service's colour, 0 for several services; undefined for time that is of no service. */
  colour: number | undefined;
  duration: number;
}

/**
 * Where a trace's time went: the critical path of its root by service, most first, and what lies outside the root. The
 * durations add up to that of the trace. Without a critical path all of it is the root service's.
 */
export function durationParts(trace: TraceSummary): Part[] {
  const duration = Number(trace.durationNano);
  if (!trace.criticalPath) {
    const { colour } = trace.services.find(({ name }) => name === trace.rootService) ?? {};
    return [{ name: trace.rootService, colour, duration }];
  }
  const parts = trace.criticalPath.map<Part>(({ service, colour, durationNano }) => ({
    name: service || 'no span',
    colour: service ? colour : undefined,
    duration: Number(durationNano),
  }));
  if (parts.length > PARTS_MAX) {
    const others = parts.splice(PARTS_MAX - 1);
    const together = others.reduce((sum, part) => sum + part.duration, 0);
    parts.push({ name: `${others.length} others`, colour: 0, duration: together });
  }
  const rest = duration - parts.reduce((sum, part) => sum + part.duration, 0);
  if (rest > 0) parts.push({ name: 'outside the root', colour: undefined, duration: rest });
  return parts;
}

/** "payment 2.41 s (77 %), checkout 250 ms (8 %)" */
export function partsInWords(parts: readonly Part[]): string {
  const whole = Math.max(
    1,
    parts.reduce((sum, part) => sum + part.duration, 0),
  );
  return parts
    .map(({ name, duration }) => {
      const percent = Math.round((duration / whole) * 100);
      return `${name} ${formatDuration(duration)} (${percent === 0 ? '< 1' : percent} %)`;
    })
    .join(', ');
}

/** A bar as long as the trace against the longest one, parted by service. */
export function DurationBar({ trace, longest }: { trace: TraceSummary; longest: number }) {
  const parts = durationParts(trace);
  const words = partsInWords(parts);
  const share = Number(trace.durationNano) / longest;
  const drawn = share < PARTED_SHARE_MIN ? parts.slice(0, 1) : parts;
  return (
    <span
      class="track"
      role="img"
      aria-label={trace.criticalPath ? `Critical path: ${words}` : 'Duration'}
      title={words}
    >
      <span style={{ width: `${share * 100}%` }}>
        {drawn.map(({ name, colour, duration }) => (
          <i
            key={name}
            class={colour === undefined ? 'none' : ''}
            style={{ ...(colour ? serviceStyle(colour) : {}), flexGrow: duration }}
          />
        ))}
      </span>
    </span>
  );
}
