import { useEffect, useMemo, useState } from 'preact/hooks';
import { fetchSearch, fetchServices, fetchStatus } from '../api/endpoints';
import { useResource, type Resource } from '../api/use_resource';
import { lazyPage } from '../app/lazy_page';
import { again, here, navigate, refine, replace } from '../app/location';
import { useScreenMark } from '../app/on_screen';
import { TopBar } from '../app/top_bar';
import { readTraceId } from '../app/trace_id';
import { FirstStart } from '../first_start/first_start';
import { isOpen } from './box';
import { fetchTracesById } from './by_ids';
import { rememberedOrder, rememberOrder } from './order';
import { Pills } from './pills';
import { checkQuery, pinQuery, type Query } from './query';
import { ResultList } from './result_list';
import { Results } from './results';
import { inWords, SearchEmpty } from './search_empty';
import { SearchForm } from './search_form';
import { askAnew, askForTraces, readPlace, writePlace, type SearchPlace } from './search_place';
import { CancelSearch, SearchError, SearchSkeleton } from './search_states';
import { useHidden } from './use_hidden';
import { useOverview } from './use_overview';

/** How long after the first span the list is kept fresh: its siblings are still on their way. */
const SETTLING = 10_000;
const SETTLING_STEP = 2_000;

/** The picture is not needed to read results: its code comes after them. */
const OverviewPanel = lazyPage(() => import('./overview/overview_panel'));

export function SearchPage() {
  const { parameters, since } = here.value;
  const address = parameters.toString();
  const place = useMemo(() => readPlace(parameters), [address]);
  const { query } = place;
  const ids = useMemo(
    () => parameters.getAll('traceID').flatMap((id) => readTraceId(id.trim()) ?? []),
    [address],
  );
  const valid = Object.keys(checkQuery(query)).length === 0;
  const byQuestion = valid && ids.length === 0;
  const answer = useTraces(byQuestion ? place : null, ids, since);
  const { counts, picture, retry: retryOverview } = useOverview(byQuestion ? place : null, since);
  const services = useResource(`services at ${since}`, fetchServices);
  const status = useResource(`status at ${since}`, fetchStatus);
  const settle = useSettling();
  const [hidden, hide] = useHidden();

  useEffect(() => {
    document.title = query.service ? `${query.service} · Search · Spoor` : 'Search · Spoor';
  }, [query.service]);
  useEffect(() => {
    if (ids.length === 1) replace(`/trace/${ids[0]}`);
    // An address that says nothing is a fresh start: in the order that was chosen last.
    const order = rememberedOrder();
    if (address === '' && order !== 'newest') replace(`/search?sort=${order}`);
  }, [address]);

  const found = answer.data?.traces.value.length ?? 0;
  const firstStart = found === 0 && !answer.error && status.data?.spansStored === '0';
  const asked = byQuestion || ids.length > 0;
  const settled = !asked || (!answer.pending && (found > 0 || !status.pending || answer.error !== undefined));
  useScreenMark('search-ready', settled ? `${address} ${since} ${found} ${firstStart}` : null);

  const search = (next: Query) => {
    const to = writePlace(askAnew(place, next));
    return to === `/search?${address}` ? again() : navigate(to);
  };
  /** Everything but the form changes what is seen of the same moment. */
  const change = (changed: Partial<SearchPlace>, scroll?: number) =>
    refine(writePlace({ ...place, ...changed }), scroll);
  const nothing = settled && asked && !answer.error && found === 0;
  const anythingAtAll = counts === undefined || counts.traceCount > 0;
  return (
    <>
      <TopBar link={ids.length > 0 ? undefined : () => writePlace({ ...place, query: pinQuery(query, since) })}>
        <h1>Search</h1>
      </TopBar>
      <SearchForm query={query} services={services.data ?? []} onSearch={search} />
      {byQuestion && !firstStart && (
        <Pills
          overview={counts}
          conditions={place.conditions}
          onConditions={(conditions) => change({ conditions })}
        />
      )}
      {byQuestion && !firstStart && anythingAtAll && answer.data && (
        <div class={hidden ? 'overview-place folded' : 'overview-place'}>
          <OverviewPanel
            // When the search itself failed, that says it for both.
            overview={answer.error ? { ...picture, error: undefined, slow: true } : picture}
            place={place}
            since={since}
            hidden={hidden}
            onView={(view) => change({ view })}
            onBox={(box) => change({ box })}
            onHide={hide}
          />
        </div>
      )}
      {answer.error && (
        <SearchError
          error={answer.error}
          retry={() => {
            answer.retry();
            retryOverview();
          }}
        />
      )}
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
          list={answer.data}
          order={place.order}
          sortHere={ids.length > 0}
          onOrder={(order, listTop) => {
            rememberOrder(order);
            const to = Math.min(window.scrollY, listTop);
            if (ids.length > 0) refine(`/search?${withOrder(parameters, order)}`, to);
            else change({ order }, to);
          }}
          inAll={isOpen(place.box) ? undefined : picture.data?.traceCount}
          range={ids.length > 0 ? `of ${ids.length} asked for` : inWords(query)}
          old={answer.slow || answer.error !== undefined}
          warnings={picture.data?.warnings ?? []}
          waiting={answer.slow ? <CancelSearch cancel={answer.cancel} /> : null}
        />
      ) : answer.slow ? (
        <SearchSkeleton cancel={answer.cancel} />
      ) : nothing ? (
        <SearchEmpty
          place={place}
          since={since}
          serviceKnown={
            query.service && services.data
              ? services.data.some(({ name }) => name === query.service)
              : undefined
          }
          onPlace={(next) => navigate(writePlace(next))}
        />
      ) : null}
    </>
  );
}

function withOrder(parameters: URLSearchParams, order: string): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  changed.set('sort', order);
  return changed;
}

/** The traces of a place, or those with these ids, as a list that grows. */
function useTraces(place: SearchPlace | null, ids: string[], since: number): Resource<ResultList> {
  const question = place && askForTraces(place, since).toString();
  const key = ids.length > 0 ? `ids ${ids.join()}` : question;
  return useResource<ResultList>(key === null ? null : `search ${key} at ${since}`, async (signal) => {
    if (question === null) return new ResultList(await fetchTracesById(ids, signal));
    const nextPage = (after: string) => {
      const parameters = new URLSearchParams(question);
      parameters.set('after', after);
      parameters.delete('count');
      return fetchSearch(parameters, new AbortController().signal);
    };
    return new ResultList(await fetchSearch(new URLSearchParams(question), signal), nextPage);
  });
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
