import { href } from '../app/location';
import { servicePlace } from '../app/route';
import { serviceStyle } from '../controls/colour';
import { searchParameters, withWindow, type AskedWindow } from '../red/asked_window';
import { DurationCell, ErrorCell, RateCell } from '../red/number_cells';
import type { RateUnit } from '../red/numbers';
import { Sparkline } from './sparkline';
import type { ServiceRow } from './service_rows';

interface Props {
  row: ServiceRow;
  index: number;
  top: number;
  seconds: number;
  unit: RateUnit;
  asked: AskedWindow;
}

export function ServiceTableRow({ row: { group, series }, index, top, seconds, unit, asked }: Props) {
  const window = withWindow(new URLSearchParams(), asked).toString();
  const traces = new URLSearchParams({ service: group.service, ...searchParameters(asked) });
  return (
    <div class="tbl-row tbl-data" role="row" aria-rowindex={index + 2} style={{ top: `${top}px` }}>
      <span role="cell" class="c-name">
        <i class="dot" style={serviceStyle(group.colour)} />
        <a class="cut fills-row" href={href(`${servicePlace(group.service)}${window && `?${window}`}`)}>
          {group.service}
        </a>
        {group.counted === 'all' && (
          <span class="dim row-tag" title="It has no server or consumer spans, so all of its spans are counted">
            all spans
          </span>
        )}
      </span>
      <RateCell perSecond={group.count / seconds} unit={unit} />
      <ErrorCell {...group} />
      <DurationCell name="p50" value={group.p50Nano} />
      <DurationCell name="p95" value={group.p95Nano} />
      <DurationCell name="p99" value={group.p99Nano} />
      <span role="cell" class="c-spark">
        <Sparkline series={series} />
      </span>
      <span role="cell" class="num c-links">
        <a class="link" href={href(`/search?${traces}`)} aria-label={`Traces of ${group.service}`}>
          Traces
        </a>
      </span>
    </div>
  );
}
