import type { Span, SpanLink } from '../../api/types';
import { href } from '../../app/location';
import { Icon } from '../../controls/icon';
import { counted } from '../../format/count';
import type { Session } from '../session';
import { Attributes } from './attributes';

const SHOWN_MAX = 200;

/** Spans of this or another trace that this one names as related. */
export function Links({ session, span }: { session: Session; span: Span }) {
  const left = span.links.length - SHOWN_MAX;
  return (
    <>
      {span.links.slice(0, SHOWN_MAX).map((link, index) => (
        <div key={index} class="ev">
          <LinkedSpan session={session} link={link} />
          <Attributes attributes={link.attributes} dropped={link.droppedAttributesCount} />
        </div>
      ))}
      {left > 0 && <p class="dropped">{counted(left, 'more link')}; Copy as JSON has all of them</p>}
      {span.droppedLinksCount > 0 && (
        <p class="dropped">{counted(span.droppedLinksCount, 'more was', 'more were')} dropped by the SDK</p>
      )}
    </>
  );
}

function LinkedSpan({ session, link }: { session: Session; link: SpanLink }) {
  const { trace } = session;
  const row = link.traceID === trace.id ? trace.rowOf(link.spanID) : undefined;
  return (
    <div class="t">
      <Icon name="link" />
      {row === undefined ? (
        <a class="link mono" href={href(`/trace/${link.traceID}?span=${link.spanID}`)}>
          {link.traceID.slice(0, 12)}…{link.traceID.slice(-4)}
        </a>
      ) : (
        <button type="button" class="link" onClick={() => session.goTo(row)}>
          {trace.service(row)} {trace.name(row)}
        </button>
      )}
      <span class="mono">{link.spanID}</span>
    </div>
  );
}
