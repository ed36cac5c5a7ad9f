import { href } from '../app/location';
import type { TraceSummary } from '../api/types';
import { serviceStyle } from '../controls/colour';
import { Icon } from '../controls/icon';
import { counted, formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import { formatAgo, formatExactTime } from '../format/time';
import { DurationBar } from './duration_bar';

const SERVICES_SHOWN = 3;

interface Props {
  trace: TraceSummary;
  index: number;
  top: number;
  /** The duration that fills the bar. */
  longest: number;
  now: number;
}

/** Parts with a tip of their own lie above the link that fills the row; a click on them follows it too. */
function followRow(event: MouseEvent): void {
  const row = event.currentTarget as HTMLElement;
  if (!(event.target as Element).closest('a')) row.querySelector('a')?.click();
}

export function ResultRow({ trace, index, top, longest, now }: Props) {
  const start = BigInt(trace.startTimeUnixNano);
  const rootColour = trace.services.find((service) => service.name === trace.rootService)?.colour;
  const style = rootColour === undefined ? {} : serviceStyle(rootColour);
  const others = trace.services.length - SERVICES_SHOWN;
  return (
    <div class="grid row" role="row" aria-rowindex={index + 2} style={{ top: `${top}px` }} onClick={followRow}>
      <span class="root" role="cell">
        <i class="dot" style={style} />
        <a class="cut" href={href(`/trace/${trace.traceID}`)} data-row={index}>
          <b>{trace.rootService}</b> <span>{trace.rootName}</span>
        </a>
        {trace.rootMissing && (
          <span class="dim" title="The span that began this trace is not stored here">
            root missing
          </span>
        )}
      </span>
      <span class="e" role="cell">
        {trace.errorCount > 0 && (
          <span class="errs" title={counted(trace.errorCount, 'span with an error', 'spans with errors')}>
            <Icon name="error" />
            {formatCount(trace.errorCount)}
            <span class="sr"> errors</span>
          </span>
        )}
      </span>
      <span class="dur" role="cell">
        <DurationBar trace={trace} longest={longest} />
        <span class="num">{formatDuration(Number(trace.durationNano))}</span>
      </span>
      <span class="num sp" role="cell">
        {formatCount(trace.spanCount)}
      </span>
      <span class="svcs" role="cell">
        {trace.services.slice(0, SERVICES_SHOWN).map((service) => (
          <span key={service.name} title={service.name}>
            <i class="dot" style={serviceStyle(service.colour)} />
            <span class="cut">{service.name}</span> <em>{formatCount(service.spanCount)}</em>
          </span>
        ))}
        {others > 0 && (
          <em
            title={trace.services
              .slice(SERVICES_SHOWN)
              .map((service) => service.name)
              .join(', ')}
          >
            {others} more
          </em>
        )}
      </span>
      <span class="when" role="cell" title={formatExactTime(start)}>
        {formatAgo(Number(start / 1_000_000n), now)}
      </span>
    </div>
  );
}
