import type { ComponentChildren } from 'preact';
import type { Span } from '../../api/types';
import { CopyButton } from '../../controls/copy_button';
import { formatExactTime } from '../../format/time';
import type { Session } from '../session';

/** Ids, exact times and what travelled with the context. */
export function Identifiers({ session, span }: { session: Session; span: Span }) {
  const parent = span.parentSpanID ? session.trace.rowOf(span.parentSpanID) : undefined;
  return (
    <dl class="kvs">
      <Row name="Span ID" text={span.spanID} />
      <Row name="Parent span ID" text={span.parentSpanID}>
        {!span.parentSpanID ? (
          <span class="dim">none, this is a root</span>
        ) : parent === undefined ? (
          `${span.parentSpanID}, not stored here`
        ) : (
          <button type="button" class="link" onClick={() => session.goTo(parent)}>
            {span.parentSpanID}
          </button>
        )}
      </Row>
      <Row name="Trace ID" text={span.traceID} />
      <Row name="Start" text={formatExactTime(BigInt(span.startTimeUnixNano))} />
      <Row name="End" text={formatExactTime(BigInt(span.endTimeUnixNano))} />
      <Row name="Flags" text={`0x${span.flags.toString(16).padStart(2, '0')}`} />
      {span.traceState && <Row name="Trace state" text={span.traceState} />}
    </dl>
  );
}

function Row({ name, text, children }: { name: string; text: string; children?: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children ?? text}
        {text && (
          <CopyButton class="copy" text={text} label={`Copy ${name}`} title="Copy the value">
            Copy
          </CopyButton>
        )}
      </dd>
    </div>
  );
}
