import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../api/client';
import { CANCELLED } from '../api/use_resource';
import { Icon } from '../controls/icon';
import { ANY_TIME, CUSTOM, lookbackLabel, parseLookback } from './lookback';
import type { Query } from './query';

const CANCEL_DELAY = 2000;

/** Offers to stop once it takes long. */
export function CancelSearch({ cancel }: { cancel: () => void }) {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), CANCEL_DELAY);
    return () => clearTimeout(timer);
  }, []);
  return long ? (
    <button type="button" class="btn sm line" onClick={cancel}>
      Cancel
    </button>
  ) : null;
}

export function SearchSkeleton({ cancel }: { cancel: () => void }) {
  return (
    <section aria-busy="true" aria-label="Results">
      <div class="results-head">
        Searching
        <CancelSearch cancel={cancel} />
      </div>
      {Array.from({ length: 11 }, (_, index) => (
        <div key={index} class="grid row skeleton" aria-hidden="true">
          <span class="sk" style={{ width: `${48 + ((index * 37) % 34)}%` }} />
          <span />
          <span class="sk" style={{ width: `${88 - index * 6}%` }} />
          <span class="sk" style={{ width: '32px', justifySelf: 'end' }} />
          <span class="sk svcs" style={{ width: `${62 + ((index * 23) % 26)}%` }} />
          <span class="sk" style={{ width: '64px', justifySelf: 'end' }} />
        </div>
      ))}
    </section>
  );
}

export function SearchError({ error, retry }: { error: ApiError; retry: () => void }) {
  return (
    <section class="state" role="alert">
      <h2>
        <Icon name="error" class="erri" />
        {headline(error)}
      </h2>
      <p>{error.message}</p>
      {error.status === 0 && <p>See whether it is running, then try again.</p>}
      <div class="acts">
        <button class="btn sm line" type="button" onClick={retry}>
          Try again
        </button>
      </div>
    </section>
  );
}

function headline({ status }: ApiError): string {
  if (status === 400) return 'The server does not understand this search';
  return status === CANCELLED ? 'The search was cancelled' : 'The search failed';
}

interface EmptyProps {
  query: Query;
  /** The service is known to the server; undefined while that is not known. */
  serviceKnown: boolean | undefined;
  onSearch: (query: Query) => void;
}

/** Why there may be nothing, and each condition that can be dropped with one click. */
export function SearchEmpty({ query, serviceKnown, onSearch }: EmptyProps) {
  const fixes: [string, Partial<Query>][] = [];
  if (query.tags) fixes.push(['Drop the tags', { tags: '' }]);
  if (query.minDuration || query.maxDuration)
    fixes.push(['Any duration', { minDuration: '', maxDuration: '' }]);
  if (query.operation) fixes.push(['All operations', { operation: '' }]);
  if (query.service) fixes.push(['All services', { service: '', operation: '' }]);
  const back = parseLookback(query.lookback);
  const day = { lookback: '24h', start: '', end: '' };
  if (query.lookback === CUSTOM || (back !== null && back < 86_400e6))
    fixes.push(['Search the last 24 hours', day]);
  if (query.lookback !== ANY_TIME) fixes.push(['Search any time', { ...day, lookback: ANY_TIME }]);
  return (
    <section class="state" role="status">
      <h2>No trace matches</h2>
      {serviceKnown === false ? (
        <p>
          No service named <span class="mono">{query.service}</span> has sent spans to this server.
        </p>
      ) : (
        <p>
          {lookbackLabel(query.lookback)}: no trace has one span that fulfils everything above. A trace belongs
          to a range when one of its spans starts in it.
        </p>
      )}
      <div class="acts">
        {fixes.map(([label, change]) => (
          <button
            key={label}
            class="btn sm line"
            type="button"
            onClick={() => onSearch({ ...query, ...change })}
          >
            {label}
          </button>
        ))}
      </div>
    </section>
  );
}
