import { fetchMap } from '../api/endpoints';
import type { MapAnswer, MapCall } from '../api/types';
import { useResource } from '../api/use_resource';
import { href } from '../app/location';
import { serviceStyle } from '../controls/colour';
import { Icon } from '../controls/icon';
import { formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import { askFor, withWindow, type AskedWindow, type StepWindow } from '../red/asked_window';
import { formatRate, formatShare, nano, type RateUnit, rateUnit } from '../red/numbers';
import { greatest } from '../red/series';
import { placeOfService } from './service_place';

const SHOWN = 5;

interface Props {
  name: string;
  asked: AskedWindow;
  window: StepWindow;
  since: number;
  seconds: number;
}

/** Who calls this service and whom it calls, most calls first. */
export function CallsAside({ name, asked, window, since, seconds }: Props) {
  const question = askFor(window);
  question.delete('step');
  const answer = useResource<MapAnswer>(`map ${question} at ${since}`, (signal) => fetchMap(question, signal));
  const calls = answer.data?.calls ?? [];
  const colours = new Map(answer.data?.services.map((service) => [service.name, service.colour]));
  const byCount = (a: MapCall, b: MapCall) => b.count - a.count;
  const callers = calls.filter(({ parent, child }) => child === name && parent !== name).sort(byCount);
  const callees = calls.filter(({ parent, child }) => parent === name && child !== name).sort(byCount);
  const unit = rateUnit(greatest([...callers, ...callees].map(({ count }) => count)) / seconds);
  const map = withWindow(new URLSearchParams({ focus: name }), asked);
  const list = { unit, seconds, colours, asked };
  return (
    <aside class="calls" aria-label="Calls" aria-busy={answer.pending}>
      {answer.error ? (
        <p class="dim" role="alert">
          Who calls it could not be read: {answer.error.message}{' '}
          <button type="button" class="link" onClick={answer.retry}>
            Try again
          </button>
        </p>
      ) : answer.data ? (
        <>
          <CallList
            title="Called by"
            none="No service that sends spans calls it."
            calls={callers.map((call) => ({ other: call.parent, call }))}
            {...list}
          />
          <CallList
            title="Calls"
            none="It calls no service that sends spans."
            calls={callees.map((call) => ({ other: call.child, call }))}
            {...list}
          />
          <a class="btn sm line" href={href(`/map?${map}`)}>
            <Icon name="graph" />
            On the map
          </a>
        </>
      ) : null}
    </aside>
  );
}

interface ListProps {
  title: string;
  none: string;
  calls: { other: string; call: MapCall }[];
  unit: RateUnit;
  seconds: number;
  colours: Map<string, number>;
  asked: AskedWindow;
}

function CallList({ title, none, calls, unit, seconds, colours, asked }: ListProps) {
  const window = withWindow(new URLSearchParams(), asked);
  const hidden = calls.length - SHOWN;
  return (
    <section>
      <h2>
        {title} {calls.length > 0 && <span class="dim">{formatCount(calls.length)}</span>}
      </h2>
      {calls.length === 0 && <p class="dim">{none}</p>}
      <ul>
        {calls.slice(0, SHOWN).map(({ other, call }) => (
          <li key={other}>
            <a href={href(placeOfService(other, window))}>
              <i class="dot" style={serviceStyle(colours.get(other) ?? 1)} />
              <span class="cut">{other}</span>
              {call.errorCount > 0 && (
                <span class="error-share">
                  <Icon name="error" />
                  {formatShare(call.errorCount, call.count)}
                  <span class="sr"> failed</span>
                </span>
              )}
              <span class="num">{formatRate(call.count / seconds, unit)}</span>
              <span class="num dim">
                <span class="sr">p95 </span>
                {call.p95Nano === null ? '' : formatDuration(nano(call.p95Nano) ?? 0)}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {hidden > 0 && <p class="dim">{formatCount(hidden)} more on the map</p>}
    </section>
  );
}
