import { fetchSearch } from '../api/endpoints';
import type { SearchAnswer, TraceSummary } from '../api/types';
import { useResource } from '../api/use_resource';
import { href } from '../app/location';
import { serviceStyle } from '../controls/colour';
import { Icon } from '../controls/icon';
import { formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import { formatTime } from '../format/time';
import { formatTimeRange } from '../format/time_range';
import { AnswerError } from '../red/answer_states';
import { CUSTOM } from '../search/lookback';
import { exampleParameters, type OpenedStep } from './opened_step';

const SHOWN = 10;

interface Props {
  opened: OpenedStep;
  service: string;
  operation: string;
  since: number;
  onClose: () => void;
}

/** Traces of the step that was clicked, the longest first; of the error chart, those whose span failed here. */
export function ExampleTraces({ opened, service, operation, since, onClose }: Props) {
  const question = exampleParameters(opened, service, operation);
  const asked = new URLSearchParams(question);
  asked.set('order', 'longest');
  asked.set('limit', String(SHOWN));
  const answer = useResource<SearchAnswer>(`examples ${asked} at ${since}`, (signal) =>
    fetchSearch(asked, signal),
  );
  const everything = new URLSearchParams(question);
  everything.set('lookback', CUSTOM);
  everything.set('order', 'longest');
  const traces = answer.data?.traces ?? [];
  const longest = traces.reduce((most, trace) => Math.max(most, Number(trace.durationNano)), 1);
  return (
    <section class="examples" aria-label="Traces of the step" aria-busy={answer.pending}>
      <div class="numbers-bar">
        <h2>
          {opened.chart === 'errors' ? 'Failed traces' : 'Traces'} {formatTimeRange(opened.start, opened.end)}
        </h2>
        <span class="dim">{traces.length > 1 ? 'longest first' : ''}</span>
        <a class="link push" href={href(`/search?${everything}`)}>
          All of these in search
        </a>
        <button type="button" class="btn sm icon" aria-label="Close the traces" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {answer.error ? (
        <AnswerError error={answer.error} retry={answer.retry} />
      ) : traces.length > 0 ? (
        <div role="table" class="tbl" aria-label="Traces of the step">
          {traces.map((trace) => (
            <ExampleRow key={trace.traceID} trace={trace} longest={longest} />
          ))}
        </div>
      ) : answer.pending ? (
        <p class="quiet-line">{answer.slow ? 'Searching' : ''}</p>
      ) : (
        <p class="quiet-line" role="status">
          No trace here.{' '}
          {opened.chart === 'errors'
            ? 'No span of this service failed in this time, or'
            : 'Either nothing was sent, or'}{' '}
          its spans are older than what is kept: numbers are kept longer than spans.
        </p>
      )}
    </section>
  );
}

function ExampleRow({ trace, longest }: { trace: TraceSummary; longest: number }) {
  const duration = Number(trace.durationNano);
  const colour = trace.services.find(({ name }) => name === trace.rootService)?.colour;
  const style = colour === undefined ? {} : serviceStyle(colour);
  return (
    <div class="tbl-row tbl-data" role="row">
      <span role="cell" class="c-name">
        <i class="dot" style={style} />
        <a class="cut fills-row" href={href(`/trace/${trace.traceID}`)}>
          <b>{trace.rootService}</b> <span>{trace.rootName}</span>
        </a>
      </span>
      <span role="cell">
        {trace.errorCount > 0 && (
          <span class="error-share">
            <Icon name="error" />
            {formatCount(trace.errorCount)}
            <span class="sr"> errors</span>
          </span>
        )}
      </span>
      <span role="cell" class="duration-bar">
        <i style={{ ...style, width: `${(duration / longest) * 100}%` }} />
      </span>
      <span role="cell" class="num">
        {formatDuration(duration)}
      </span>
      <span role="cell" class="num dim c-spans">
        {formatCount(trace.spanCount)} spans
      </span>
      <span role="cell" class="num dim c-started">
        {formatTime(Number(BigInt(trace.startTimeUnixNano) / 1_000_000n)).split(', ')[1]}
      </span>
    </div>
  );
}
