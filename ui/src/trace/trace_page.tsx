import { useEffect, useMemo } from 'preact/hooks';
import { useResource } from '../api/use_resource';
import { GoTo } from '../app/go_to';
import { here } from '../app/location';
import { useScreenMark } from '../app/on_screen';
import { readTraceId } from '../app/trace_id';
import { useAddress } from './use_address';
import { useKeys } from './keys';
import { loadTrace } from './load_trace';
import { SpanPanel } from './panel/span_panel';
import { Session } from './session';
import { Stale } from './stale';
import { Summary } from './summary';
import { TraceBar, ResultsLink } from './trace_bar';
import { NotATraceId, TraceProblem, TraceSkeleton } from './trace_states';
import type { Trace } from './trace';
import { Waterfall } from './waterfall/waterfall';

export function TracePage({ given }: { given: string }) {
  const id = readTraceId(given);
  const { since } = here.value;
  const loaded = useResource(id && `trace ${id} at ${since}`, (signal) => loadTrace(id ?? '', signal), false);
  const problem = id === null || loaded.error !== undefined;
  useScreenMark('trace-painted', problem ? `${id} failed` : null);
  useEffect(() => {
    if (!loaded.data) document.title = 'Trace · Spoor';
  }, [loaded.data]);

  if (loaded.data && !problem) return <OpenTrace trace={loaded.data} />;
  return (
    <div class="trace">
      <header class="topbar">
        <ResultsLink />
        <div class="title">
          <h1>Trace</h1>
        </div>
        <GoTo />
      </header>
      {id === null ? (
        <NotATraceId given={given} />
      ) : loaded.error ? (
        <TraceProblem id={id} given={given} error={loaded.error} retry={loaded.retry} />
      ) : loaded.slow ? (
        <TraceSkeleton />
      ) : null}
    </div>
  );
}

function OpenTrace({ trace }: { trace: Trace }) {
  const session = useMemo(() => new Session(trace, here.peek().parameters), [trace]);
  useAddress(session);
  useKeys(session);
  const open = session.open.value;
  return (
    <div class="trace">
      <TraceBar session={session} />
      <Stale session={session} />
      <Summary session={session} />
      <div class={open === null ? 'work' : 'work with-detail'}>
        <Waterfall session={session} />
        {open !== null && <SpanPanel session={session} row={open} />}
      </div>
    </div>
  );
}
