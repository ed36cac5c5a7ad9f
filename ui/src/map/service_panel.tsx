import { useEffect, useRef } from 'preact/hooks';
import type { MapAnswer, MapCall, MapService } from '../api/types';
import { href } from '../app/location';
import { serviceStyle } from '../controls/colour';
import { Icon } from '../controls/icon';
import { formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import { searchParameters, withWindow, type AskedWindow } from '../red/asked_window';
import { formatRate, formatShare, nano, rateUnit, type RateUnit } from '../red/numbers';
import { greatest } from '../red/series';
import { placeOfService } from '../services/service_place';

interface Props {
  answer: MapAnswer;
  name: string;
  seconds: number;
  asked: AskedWindow;
  isFocus: boolean;
  onChoose: (name: string) => void;
  onFocus: (name: string) => void;
}

/** One service of the map: its numbers, who calls it, whom it calls, and where to go from here. */
export function ServicePanel({ answer, name, seconds, asked, isFocus, onChoose, onFocus }: Props) {
  const service = answer.services.find((each) => each.name === name);
  const byCount = (a: MapCall, b: MapCall) => b.count - a.count;
  const callers = answer.calls.filter(({ child }) => child === name).sort(byCount);
  const callees = answer.calls.filter(({ parent }) => parent === name).sort(byCount);
  const colours = new Map(answer.services.map((each) => [each.name, each.colour]));
  const unit = rateUnit(greatest([...callers, ...callees].map(({ count }) => count)) / seconds);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.scrollTo(0, 0), [name]);
  const traces = new URLSearchParams({ service: name, ...searchParameters(asked) });
  const list = { colours, unit, seconds, onChoose };
  return (
    <aside class="map-panel" aria-label="Service" ref={panel}>
      <header>
        <i class="dot" style={serviceStyle(service?.colour ?? 1)} />
        <h2 class="cut" title={name}>
          {name}
        </h2>
        <button
          type="button"
          class="btn sm icon"
          aria-label="Close"
          title="Close (Esc)"
          onClick={() => onChoose('')}
        >
          <Icon name="close" />
        </button>
      </header>
      {service ? (
        <Numbers service={service} seconds={seconds} />
      ) : (
        <p class="dim">It only calls: none of its spans are counted.</p>
      )}
      <div class="acts">
        {!isFocus && (
          <button type="button" class="btn sm line" onClick={() => onFocus(name)}>
            Focus here
          </button>
        )}
        <a class="btn sm line" href={href(placeOfService(name, withWindow(new URLSearchParams(), asked)))}>
          Service page
        </a>
        <a class="btn sm line" href={href(`/search?${traces}`)}>
          Traces
        </a>
      </div>
      <PanelCalls
        title="Called by"
        none="No service that sends spans calls it."
        calls={callers}
        other="parent"
        {...list}
      />
      <PanelCalls
        title="Calls"
        none="It calls no service that sends spans."
        calls={callees}
        other="child"
        {...list}
      />
    </aside>
  );
}

function Numbers({ service, seconds }: { service: MapService; seconds: number }) {
  const quantile = (text: string | null) => (text === null ? 'none' : formatDuration(nano(text) ?? 0));
  return (
    <dl class="map-numbers">
      <div>
        <dt>Rate</dt>
        <dd title={`${formatCount(service.count)} spans`}>{formatRate(service.count / seconds)}</dd>
      </div>
      <div class={service.errorCount > 0 ? 'error-share' : ''}>
        <dt>Errors</dt>
        <dd title={`${formatCount(service.errorCount)} of ${formatCount(service.count)}`}>
          {formatShare(service.errorCount, service.count)}
        </dd>
      </div>
      <div>
        <dt>p50</dt>
        <dd>{quantile(service.p50Nano)}</dd>
      </div>
      <div>
        <dt>p95</dt>
        <dd>{quantile(service.p95Nano)}</dd>
      </div>
      <div>
        <dt>p99</dt>
        <dd>{quantile(service.p99Nano)}</dd>
      </div>
    </dl>
  );
}

interface CallsProps {
  title: string;
  none: string;
  calls: MapCall[];
  other: 'parent' | 'child';
  colours: Map<string, number>;
  unit: RateUnit;
  seconds: number;
  onChoose: (name: string) => void;
}

function PanelCalls({ title, none, calls, other, colours, unit, seconds, onChoose }: CallsProps) {
  return (
    <section>
      <h3>
        {title} {calls.length > 0 && <span class="dim">{formatCount(calls.length)}</span>}
      </h3>
      {calls.length === 0 && <p class="dim">{none}</p>}
      <ul>
        {calls.map((call) => (
          <li key={call[other]}>
            <button type="button" onClick={() => onChoose(call[other])}>
              <i class="dot" style={serviceStyle(colours.get(call[other]) ?? 1)} />
              <span class="cut">{call[other]}</span>
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
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
