import { formatClock, formatMoment, timeTicks } from '../format/time_range';
import { GUTTER } from './plot';

/** A label needs so much room. */
const LABEL_PIXELS = 76;

/** Where round times lie between start and end, from 0 to 1. */
export function gridTimes(start: number, end: number, width: number) {
  const room = Math.max(1, width - GUTTER.left - GUTTER.right);
  return timeTicks(start, end, Math.min(12, room / LABEL_PIXELS)).map(({ at, label }) => ({
    at: (at - start) / (end - start),
    label,
  }));
}

interface Props {
  width: number;
  ticks: { at: number; label: string }[];
  /** The step under the crosshair, ms since 1970. */
  pointed: { start: number; end: number; at: number } | null;
}

/** The times below charts that share them; the crosshair writes its own over them. */
export function TimeAxis({ width, ticks, pointed }: Props) {
  const room = Math.max(1, width - GUTTER.left - GUTTER.right);
  const said = pointed && `${formatMoment(pointed.start)} to ${formatClock(pointed.end)}`;
  const wide = said ? said.length * 6.2 + 16 : 0;
  const centre = pointed ? Math.min(width - wide / 2, Math.max(wide / 2, GUTTER.left + pointed.at * room)) : 0;
  return (
    <svg class="time-axis" width={width} height={22} aria-hidden="true">
      {ticks.map(({ at, label }) => (
        <text key={at} class="axis-text" x={GUTTER.left + at * room} y={14} text-anchor="middle">
          {label}
        </text>
      ))}
      {said && (
        <>
          <rect class="time-chip" x={centre - wide / 2} y={1} width={wide} height={18} rx={3} />
          <text class="time-chip-text" x={centre} y={14} text-anchor="middle">
            {said}
          </text>
        </>
      )}
    </svg>
  );
}
