import { Icon } from '../../controls/icon';
import { counted, formatCount } from '../../format/count';
import { formatDuration } from '../../format/duration';
import { formatExactTime, formatTime } from '../../format/time';
import { TRACE_ROOT_MISSING, TRACE_SHARED_IDS } from '../columns';
import type { Session } from '../session';
import { Parts } from './parts';
import { RootRank } from './root_rank';
import type { Trace } from '../trace';

export function Summary({ session }: { session: Session }) {
  const { trace } = session;
  const { columns, structure } = trace;
  const gaps = missing(trace);
  return (
    <section class="band" aria-label="Summary">
      <div class="total">
        <p class="big">
          {formatDuration(trace.durationNano)}
          <RootRank trace={trace} />
        </p>
        <div class="facts">
          <span title={formatExactTime(columns.startNano)}>
            {formatTime(Number(columns.startNano / 1_000_000n))}
          </span>
          <Fact count={trace.count} noun="span" />
          <Fact count={columns.serviceName.length} noun="service" />
          <span>
            <b>{formatCount(structure.maxDepth + 1)}</b> deep
          </span>
          {columns.errorCount > 0 && (
            <span class="errs">
              <Icon name="error" size={13} />
              <Fact count={columns.errorCount} noun="error" />
            </span>
          )}
          {gaps ? (
            <span class="gaps" title={gaps}>
              <Icon name="warn" size={13} class="warni" />
              incomplete<span class="sr">: {gaps}</span>
            </span>
          ) : (
            <span>complete</span>
          )}
          {(columns.flags & TRACE_SHARED_IDS) !== 0 && (
            <span class="gaps" title="Some spans have the same id and different content; all are shown">
              <Icon name="warn" size={13} class="warni" />
              shared span ids
            </span>
          )}
        </div>
      </div>
      <Parts session={session} />
    </section>
  );
}

function Fact({ count, noun }: { count: number; noun: string }) {
  const [number, word] = counted(count, noun).split(' ');
  return (
    <span>
      <b>{number}</b> {word}
    </span>
  );
}

/** What is not stored of this trace, in words; empty where every parent is here. */
function missing(trace: Trace): string {
  const orphans = trace.orphanCount;
  const parts: string[] = [];
  if (trace.columns.flags & TRACE_ROOT_MISSING)
    parts.push('The span that began this trace is not stored here.');
  if (orphans > 0) {
    parts.push(
      `${counted(orphans, 'span names', 'spans name')} a parent that is not stored here: ` +
        'it was not sent, not sampled, or is still on its way.',
    );
  }
  return parts.join(' ');
}
