import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ApiError } from '../api/client';
import { useResource } from '../api/use_resource';
import { here } from '../app/location';
import { useScreenMark } from '../app/on_screen';
import { TopBar } from '../app/top_bar';
import { readTraceId } from '../app/trace_id';
import { useArriving } from './arriving';
import { continueSession } from './handover';
import { RootMissing } from './stale';
import { useAddress } from './use_address';
import { useKeys } from './keys';
import { loadTrace } from './load_trace';
import { SpanPanel } from './panel/span_panel';
import { Session } from './session';
import { NotReadAgain, Stale } from './stale';
import { Summary } from './summary/summary';
import { Tabs } from './tabs';
import { TraceView } from './trace_view';
import { FilterPills } from './filter/filter_pills';
import { FindBox } from './find_box';
import { ResultsWay } from './results_way';
import { TraceBar } from './trace_bar';
import { NotATraceId, TraceProblem, TraceSkeleton } from './trace_states';
import type { Trace } from './trace';

export function TracePage({ given }: { given: string }) {
  const id = readTraceId(given);
  const { since } = here.value;
  const loaded = useResource(id && `trace ${id} at ${since}`, (signal) => loadTrace(id ?? '', signal), false);
  const problem = id === null || (loaded.error !== undefined && !loaded.data);
  useScreenMark('trace-painted', problem ? `${id} failed` : null);
  useEffect(() => {
    if (!loaded.data) document.title = 'Trace · Spoor';
  }, [loaded.data]);

  if (loaded.data) return <OpenTrace trace={loaded.data} error={loaded.error} retry={loaded.retry} />;
  return (
    <div class="trace">
      <TopBar>
        <ResultsWay id={id} />
        <div class="title">
          <h1>Trace</h1>
        </div>
      </TopBar>
      {id === null ? (
        <NotATraceId given={given} />
      ) : loaded.error ? (
        <TraceProblem id={id} error={loaded.error} retry={loaded.retry} />
      ) : loaded.slow ? (
        <TraceSkeleton />
      ) : null}
    </div>
  );
}

interface OpenProps {
  trace: Trace;
  /** Reading it again failed; what was read before is still shown. */
  error: ApiError | undefined;
  retry: () => void;
}

function OpenTrace({ trace, error, retry }: OpenProps) {
  const last = useRef<Session>();
  const session = useMemo(() => {
    const before = last.current;
    return before ? continueSession(before, trace) : new Session(trace, here.peek().parameters);
  }, [trace]);
  last.current = session;
  useArriving(session);
  useAddress(session);
  useKeys(session);
  const open = session.open.value;
  return (
    <div class="trace">
      <TraceBar session={session} />
      {error ? <NotReadAgain error={error} retry={retry} /> : <Stale session={session} />}
      <RootMissing session={session} />
      <Summary session={session} />
      <div class="toolbar">
        <Tabs session={session} />
        <FindBox session={session} />
      </div>
      <FilterPills session={session} />
      <div class={open === null ? 'work' : 'work with-detail'}>
        <TraceView session={session} />
        {open !== null && <SpanPanel session={session} row={open} />}
      </div>
    </div>
  );
}
