import { useEffect, useMemo, useState } from 'preact/hooks';
import { fetchSearch, fetchServices, fetchStatus } from '../api/endpoints';
import type { SearchAnswer } from '../api/types';
import { useResource } from '../api/use_resource';
import { again, here, navigate, replace } from '../app/location';
import { useScreenMark } from '../app/on_screen';
import { TopBar } from '../app/top_bar';
import { readTraceId } from '../app/trace_id';
import { FirstStart } from '../first_start/first_start';
import { fetchTracesById } from './by_ids';
import { ANY_TIME, CUSTOM, lookbackLabel } from './lookback';
import { askServer, checkQuery, pinQuery, readQuery, writeQuery, type Query } from './query';
import { Results } from './results';
import { SearchForm } from './search_form';
import { CancelSearch, SearchEmpty, SearchError, SearchSkeleton } from './search_states';

/** How long after the first span the list is kept fresh: its siblings are still on their way. */
const SETTLING = 10_000;
const SETTLING_STEP = 2_000;

const place = (query: Query) => `/search?${writeQuery(query)}`;

export function SearchPage() {
  const { parameters, since } = here.value;
  const address = parameters.toString();
  const query = useMemo(() => readQuery(parameters), [address]);
  const ids = useMemo(
    () => parameters.getAll('traceID').flatMap((id) => readTraceId(id.trim()) ?? []),
    [address],
  );
  const valid = Object.keys(checkQuery(query)).length === 0;
  const question = ids.length > 0 ? ids.join() : valid ? askServer(query, since).toString() : null;
  const answer = useResource<SearchAnswer>(
    question === null ? null : `search ${question} at ${since}`,
    (signal) =>
      ids.length > 0 ? fetchTracesById(ids, signal) : fetchSearch(new URLSearchParams(question ?? ''), signal),
  );
  const services = useResource(`services at ${since}`, fetchServices);
  const status = useResource(`status at ${since}`, fetchStatus);
  const settle = useSettling();

  useEffect(() => {
    document.title = query.service ? `${query.service} · Search · Spoor` : 'Search · Spoor';
  }, [query.service]);
  useEffect(() => {
    if (ids.length === 1) replace(`/trace/${ids[0]}`);
  }, [address]);

  const found = answer.data?.traces.length ?? 0;
  const firstStart = found === 0 && !answer.error && status.data?.spansStored === '0';
  const settled =
    question === null || (!answer.pending && (found > 0 || !status.pending || answer.error !== undefined));
  useScreenMark('search-ready', settled ? `${address} ${since} ${found} ${firstStart}` : null);

  const search = (next: Query) => (place(next) === `/search?${address}` ? again() : navigate(place(next)));
  return (
    <>
      <TopBar link={() => place(pinQuery(query, since))}>
        <h1>Search</h1>
      </TopBar>
      <SearchForm query={query} services={services.data ?? []} onSearch={search} />
      {answer.error && <SearchError error={answer.error} retry={answer.retry} />}
      {firstStart && status.data ? (
        <FirstStart
          status={status.data}
          onArrival={() => {
            settle();
            again();
          }}
        />
      ) : answer.data && found > 0 ? (
        <Results
          answer={answer.data}
          limit={ids.length || Number(query.limit)}
          range={rangeInWords(query, ids)}
          old={answer.slow || answer.error !== undefined}
          waiting={answer.slow ? <CancelSearch cancel={answer.cancel} /> : null}
        />
      ) : answer.slow ? (
        <SearchSkeleton cancel={answer.cancel} />
      ) : settled && question !== null && !answer.error ? (
        <SearchEmpty
          query={query}
          serviceKnown={
            query.service && services.data
              ? services.data.some(({ name }) => name === query.service)
              : undefined
          }
          onSearch={search}
        />
      ) : null}
    </>
  );
}

function rangeInWords(query: Query, ids: string[]): string {
  if (ids.length > 0) return `of ${ids.length} asked for`;
  if (query.lookback === ANY_TIME) return 'at any time';
  if (query.lookback === CUSTOM) return 'in the custom range';
  return `in the ${lookbackLabel(query.lookback).toLowerCase()}`;
}

/** After the first span has come, asks again a few times. */
function useSettling(): () => void {
  const [until, setUntil] = useState(0);
  useEffect(() => {
    if (until === 0) return;
    const timer = setInterval(() => (Date.now() > until ? setUntil(0) : again()), SETTLING_STEP);
    return () => clearInterval(timer);
  }, [until]);
  return () => setUntil(Date.now() + SETTLING);
}
