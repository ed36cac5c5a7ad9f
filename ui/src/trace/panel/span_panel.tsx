import { useEffect, useState } from 'preact/hooks';
import { fetchSpan } from '../../api/endpoints';
import type { Span } from '../../api/types';
import { useResource } from '../../api/use_resource';
import { CopyButton } from '../../controls/copy_button';
import { serviceStyle } from '../../controls/colour';
import { Icon } from '../../controls/icon';
import { href } from '../../app/location';
import { KIND_NAMES } from '../columns';
import { SPAN_PANEL } from '../keys';
import type { Session } from '../session';
import type { Trace } from '../trace';
import { Attributes } from './attributes';
import { Events } from './events';
import { Identifiers } from './identifiers';
import { Links } from './links';
import { calledBy, Numbers } from './numbers';
import { Section } from './section';
import { UsualTime } from './usual_time';

/** Held keys run through many spans; only where they rest is asked for. */
const REST = 60;

export function SpanPanel({ session, row }: { session: Session; row: number }) {
  const { trace } = session;
  const rested = useRested(row);
  const [spanId, nth] = [trace.spanId(rested), trace.nth(rested)];
  const span = useResource(`span ${trace.id} ${spanId} ${nth}`, (signal) =>
    fetchSpan(trace.id, spanId, nth, signal),
  );
  const called = calledBy(trace, row);
  const current = rested === row && span.data?.spanID === spanId && !span.pending ? span.data : undefined;
  return (
    <aside class="detail" id={SPAN_PANEL} tabIndex={-1} aria-label="Span">
      <div class="dh">
        <div class="top">
          <i class="dot" style={serviceStyle(trace.colour(row))} />
          <span class="cut">
            {trace.service(row)}
            {called !== null && ` to ${trace.service(called)}`}
          </span>
          <span class="dim kind">{KIND_NAMES[trace.columns.kind[row]!]}</span>
          <button
            type="button"
            class="btn sm icon push"
            aria-label="Close"
            title="Close (Esc)"
            onClick={() => (session.open.value = null)}
          >
            <Icon name="close" />
          </button>
        </div>
        <h2>{trace.name(row) || <span class="dim">without a name</span>}</h2>
        {trace.failed(row) && (
          <p class="stat">
            <Icon name="error" class="erri" />
            <span>{current?.status.message || 'Error'}</span>
          </p>
        )}
      </div>
      <Numbers trace={trace} row={row} />
      <UsualTime trace={trace} row={rested} />
      <div class="acts">
        <a class="btn sm line" href={href(similarSearch(trace, row))}>
          Find similar
        </a>
        {current && (
          <CopyButton
            class="btn sm line"
            text={() => JSON.stringify(current, null, 2)}
            title="Copy the span as JSON"
          >
            Copy as JSON
          </CopyButton>
        )}
      </div>
      {current ? (
        <Details session={session} span={current} />
      ) : span.error ? (
        <div class="state" role="alert">
          <h2>
            <Icon name="error" class="erri" />
            The span could not be read
          </h2>
          <p>{span.error.message}</p>
          <button type="button" class="btn sm line" onClick={span.retry}>
            Try again
          </button>
        </div>
      ) : span.slow ? (
        <PanelSkeleton />
      ) : null}
    </aside>
  );
}

/** The search for other traces with this operation of this service. */
function similarSearch(trace: Trace, row: number): string {
  return `/search?${new URLSearchParams({ service: trace.service(row), operation: trace.name(row) })}`;
}

function useRested(row: number): number {
  const [rested, setRested] = useState(row);
  useEffect(() => {
    const timer = setTimeout(() => setRested(row), REST);
    return () => clearTimeout(timer);
  }, [row]);
  return rested;
}

function Details({ session, span }: { session: Session; span: Span }) {
  const { resource, scope } = span;
  return (
    <>
      {span.warnings.length > 0 && (
        <Section name="Warnings" count={span.warnings.length}>
          <ul class="warnings">
            {span.warnings.map((warning) => (
              <li key={warning}>
                <Icon name="warn" class="warni" />
                {warning}
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Section name="Attributes" count={span.attributes.length}>
        <Attributes attributes={span.attributes} dropped={span.droppedAttributesCount} />
      </Section>
      <Section name="Events" count={span.events.length}>
        <Events span={span} />
      </Section>
      <Section name="Links" count={span.links.length}>
        <Links session={session} span={span} />
      </Section>
      <Section name="Resource" count={resource.attributes.length}>
        <Attributes
          attributes={resource.attributes}
          dropped={resource.droppedAttributesCount}
          schema={resource.schemaUrl}
        />
      </Section>
      <Section name="Scope" count={scope.attributes.length}>
        <Attributes
          attributes={[
            { key: 'name', type: 'string', value: scope.name },
            { key: 'version', type: 'string', value: scope.version },
            ...scope.attributes,
          ]}
          dropped={scope.droppedAttributesCount}
          schema={scope.schemaUrl}
        />
      </Section>
      <Section name="Identifiers">
        <Identifiers session={session} span={span} />
      </Section>
    </>
  );
}

function PanelSkeleton() {
  return (
    <div class="state" aria-busy="true">
      {[72, 84, 60, 78, 66].map((width) => (
        <span key={width} class="sk" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
