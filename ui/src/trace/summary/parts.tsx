import { useEffect, useMemo, useRef } from 'preact/hooks';
import { fetchCriticalPath } from '../../api/endpoints';
import type { CriticalPath, PathPart } from '../../api/types';
import { useResource } from '../../api/use_resource';
import { here } from '../../app/location';
import { serviceStyle } from '../../controls/colour';
import { formatDuration } from '../../format/duration';
import type { Session } from '../session';
import { partWords, share } from './part_words';
import { restServices } from './rest_services';
import { RootTime } from './root_time';

/** How much room the words of a part need, against those of others. */
const ROOM: Record<PathPart['kind'], number> = {
  repeats: 1.6,
  network: 1.1,
  retry: 1.05,
  operation: 1,
  gap: 1,
  outside: 0.95,
  rest: 0.75,
};

/** Where the time of the root went: a bar of parts, and each of them in words. */
export function Parts({ session }: { session: Session }) {
  const { trace } = session;
  const path = useResource(`critical path ${trace.id} at ${here.value.since}`, (signal) =>
    fetchCriticalPath(trace.id, signal),
  );
  const told = path.data;
  useEffect(() => {
    if (told) session.heardOf(told.spanCount);
  }, [told]);
  if (told) return <Told session={session} path={told} />;
  if (path.error) {
    return (
      <div class="went" role="alert">
        <p class="untold">
          Where the time went could not be told: {path.error.message}{' '}
          <button type="button" class="link" onClick={path.retry}>
            Try again
          </button>
        </p>
      </div>
    );
  }
  return (
    <div class="went" aria-busy="true">
      {path.slow && <span class="sk" />}
    </div>
  );
}

function Told({ session, path }: { session: Session; path: CriticalPath }) {
  const { trace } = session;
  const { parts } = path;
  if (parts.length === 0) {
    return (
      <div class="went">
        <RootTime trace={trace} path={path} />
        <p class="untold">The root took no time that could be told apart.</p>
      </div>
    );
  }
  // Rows are those of the trace as it was read only while no span has come since.
  const current = path.spanCount === trace.count;
  const columns = parts.map(({ kind }) => `minmax(0, ${ROOM[kind]}fr)`).join(' ');
  return (
    <div class="went">
      <RootTime trace={trace} path={path} />
      <PartsBar session={session} parts={parts} current={current} />
      <ol class="finds" style={{ '--columns': columns }}>
        {parts.map((part, index) => (
          <li key={index}>
            <div class="h">
              <PartMark part={part} />
              <b>{formatDuration(Number(part.durationNano))}</b>
              <i>{share(part.durationNano, path.durationNano)}</i>
            </div>
            <PartLink session={session} part={part} current={current} />
          </li>
        ))}
      </ol>
    </div>
  );
}

/** How time that is no service's is drawn, in the bar as in the mark beside its words. */
const PATTERN: Partial<Record<PathPart['kind'], string>> = { network: 'hatched', gap: 'open' };

function PartMark({ part }: { part: PathPart }) {
  const pattern = PATTERN[part.kind];
  if (pattern) return <i class={`dot ${pattern}`} />;
  return <i class="dot" style={part.colour === undefined ? {} : serviceStyle(part.colour)} />;
}

/** The words of a part. They lead to its spans, the one that took longest first, then to the others in turn. */
function PartLink({ session, part, current }: { session: Session; part: PathPart; current: boolean }) {
  const { trace } = session;
  const next = useRef(0);
  const rows = useMemo(() => {
    const known = part.kind === 'rest' ? [0] : part.rows.filter((row) => row < trace.count);
    return known.sort((a, b) => trace.columns.duration[b]! - trace.columns.duration[a]!);
  }, [part, trace]);
  const words = partWords(trace, part);
  if (rows.length === 0 || !current) return <span class="words">{words}</span>;
  return (
    <button
      type="button"
      class="words"
      onClick={() => session.showSpan(rows[next.current++ % rows.length]!, part.kind === 'repeats')}
    >
      {words}
    </button>
  );
}

interface BarProps {
  session: Session;
  parts: PathPart[];
  current: boolean;
}

/** One bar as long as the root. The rest is told apart by service as far as the columns know. */
function PartsBar({ session, parts, current }: BarProps) {
  const { trace } = session;
  const rest = useMemo(() => (current ? restServices(trace, parts) : []), [trace, parts, current]);
  return (
    <div class="parts-bar" aria-hidden="true">
      {parts.map((part, index) => {
        const length = Number(part.durationNano);
        if (part.kind === 'rest' && rest.length > 0) {
          return rest.map(({ service, share: portion }) => (
            <i
              key={`rest ${service}`}
              style={{ flexGrow: length * portion, ...serviceStyle(trace.columns.serviceColour[service]!) }}
              title={`${trace.serviceName(service)}, everything else`}
            />
          ));
        }
        const colour = part.colour === undefined ? {} : serviceStyle(part.colour);
        return <i key={index} class={PATTERN[part.kind] ?? ''} style={{ flexGrow: length, ...colour }} />;
      })}
    </div>
  );
}
