import { useEffect, useState } from 'preact/hooks';
import type { ApiError } from '../api/client';
import { CANCELLED } from '../api/use_resource';
import { Icon } from '../controls/icon';

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
