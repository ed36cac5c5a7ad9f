import type { ApiError } from '../api/client';
import { fetchStatus } from '../api/endpoints';
import { useResource } from '../api/use_resource';
import { again, href, lastSearch } from '../app/location';
import { Icon } from '../controls/icon';
import { counted } from '../format/count';
import { formatDuration } from '../format/duration';

export function TraceSkeleton() {
  return (
    <div class="skeleton" aria-busy="true">
      <span class="sr" role="status">
        Opening the trace
      </span>
      {Array.from({ length: 16 }, (_, index) => (
        <div key={index} class="skeleton-row" aria-hidden="true">
          <span
            class="sk"
            style={{ width: `${140 + ((index * 53) % 120)}px`, marginLeft: `${(index % 6) * 12}px` }}
          />
          <span class="sk" style={{ width: `${70 - index * 3.4}%`, marginLeft: `${index * 1.8}%` }} />
        </div>
      ))}
    </div>
  );
}

function Actions() {
  return (
    <div class="acts">
      <button type="button" class="btn sm line" onClick={again}>
        Try again
      </button>
      <a class="btn sm line" href={href(lastSearch.value)}>
        Search traces
      </a>
    </div>
  );
}

export function NotATraceId({ given }: { given: string }) {
  return (
    <section class="state" role="alert">
      <h2>
        <Icon name="error" class="erri" />
        This is not a trace id
      </h2>
      <p>
        <span class="mono">{given}</span>
      </p>
      <p>
        A trace id has 32 digits out of 0-9 and a-f; 16, or fewer where leading zeros were left out, will do as
        well. {ofLength(given)}
      </p>
      <div class="acts">
        <a class="btn sm line" href={href(lastSearch.value)}>
          Search traces
        </a>
      </div>
    </section>
  );
}

/** What is wrong with an id that has the right characters. */
function ofLength(given: string): string {
  const digits = given.trim().replaceAll('-', '');
  return /^[0-9a-f]+$/i.test(digits) ? `This one has ${counted(digits.length, 'digit')}.` : '';
}

interface ProblemProps {
  id: string;
  error: ApiError;
  retry: () => void;
}

export function TraceProblem({ id, error, retry }: ProblemProps) {
  if (error.status === 404) return <UnknownTrace id={id} />;
  return (
    <section class="state" role="alert">
      <h2>
        <Icon name="error" class="erri" />
        The trace could not be opened
      </h2>
      <p>{error.message}</p>
      <p>
        Trace <span class="mono">{id}</span>
      </p>
      <div class="acts">
        <button type="button" class="btn sm line" onClick={retry}>
          Try again
        </button>
        <a class="btn sm line" href={href(lastSearch.value)}>
          Search traces
        </a>
      </div>
    </section>
  );
}

/** Why a trace may not be here, as far as the server can say. */
function UnknownTrace({ id }: { id: string }) {
  const status = useResource('status for an unknown trace', fetchStatus).data;
  const kept = Number(status?.retention.spansNano ?? 0);
  const ports = status?.endpoints.filter(({ name }) => name !== 'query') ?? [];
  return (
    <section class="state" role="alert">
      <h2>No trace with this id is stored here</h2>
      <p>
        <span class="mono">{id}</span>
      </p>
      <p>It may be that</p>
      <ul>
        <li>its spans are still on their way: SDKs send every few seconds, Collectors later;</li>
        <li>it was not sampled, so it was never sent;</li>
        <li>it is older than what this server keeps{kept > 0 ? `, which is ${formatDuration(kept)}` : ''};</li>
        <li>its senders gave up: what an exporter drops, its own log tells;</li>
        <li>
          it was sent to another server
          {ports.length > 0 && (
            <>
              ; this one takes spans at{' '}
              {ports.map(({ name, url }, index) => (
                <span key={name}>
                  {index > 0 && ', '}
                  <span class="mono">{url}</span>
                </span>
              ))}
            </>
          )}
          ;
        </li>
        <li>the id is cut off or mistyped.</li>
      </ul>
      <Actions />
    </section>
  );
}
