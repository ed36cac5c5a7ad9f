import { useState } from 'preact/hooks';
import type { Span, SpanEvent } from '../../api/types';
import { Icon } from '../../controls/icon';
import { counted, formatCount } from '../../format/count';
import { formatDuration } from '../../format/duration';
import { formatExactTime } from '../../format/time';
import { Attributes } from './attributes';
import { Value } from './value';
import { valueText } from './value_text';

const STEP = 50;
/** Text with lines of its own is shown as such, below the other attributes. */
const STACK = 'exception.stacktrace';

export function Events({ span }: { span: Span }) {
  const [shown, setShown] = useState(STEP);
  const left = span.events.length - shown;
  return (
    <>
      {span.events.slice(0, shown).map((event, index) => (
        <Event key={index} event={event} start={BigInt(span.startTimeUnixNano)} />
      ))}
      {left > 0 && (
        <button type="button" class="link more" onClick={() => setShown(shown + 10 * STEP)}>
          Show {formatCount(Math.min(left, 10 * STEP))} of {formatCount(left)} more
        </button>
      )}
      {span.droppedEventsCount > 0 && (
        <p class="dropped">{counted(span.droppedEventsCount, 'more was', 'more were')} dropped by the SDK</p>
      )}
    </>
  );
}

function Event({ event, start }: { event: SpanEvent; start: bigint }) {
  const at = BigInt(event.timeUnixNano);
  const since = Number(at - start);
  const stack = event.attributes.find(({ key }) => key === STACK);
  return (
    <div class="ev">
      <div class="t">
        <Icon name="event" class={event.name === 'exception' ? 'erri' : ''} />
        <span>{event.name || <span class="dim">without a name</span>}</span>
        <span title={formatExactTime(at)}>
          {since < 0 ? '' : '+'}
          {formatDuration(since)}
        </span>
      </div>
      <Attributes
        attributes={event.attributes.filter(({ key }) => key !== STACK)}
        dropped={event.droppedAttributesCount}
      />
      {stack && (
        <pre tabIndex={0} aria-label="Stack trace">
          <Value text={valueText(stack)} type={stack.type} />
        </pre>
      )}
    </div>
  );
}
