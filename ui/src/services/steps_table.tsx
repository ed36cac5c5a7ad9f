import { formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import { formatMoment } from '../format/time_range';
import { formatNumber, formatShare, rateUnit } from '../red/numbers';
import { greatest, stepStart, type Series } from '../red/series';
import { totalOf } from './step_numbers';
import type { ChartName } from './opened_step';

interface Props {
  series: Series;
  onOpen: (index: number, chart: ChartName) => void;
}

/** The charts as a table, newest step first. */
export function StepsTable({ series, onOpen }: Props) {
  const unit = rateUnit(greatest(series.counts) / (series.step / 1000));
  const newestFirst = Array.from({ length: series.length }, (_, index) => series.length - 1 - index);
  return (
    <div class="steps-table" tabIndex={0} role="region" aria-label="Numbers over time">
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Spans</th>
            <th scope="col">Rate, per {unit.name}</th>
            <th scope="col">Errors</th>
            <th scope="col">Error share</th>
            <th scope="col">p50</th>
            <th scope="col">p95</th>
            <th scope="col">p99</th>
          </tr>
        </thead>
        <tbody>
          {newestFirst.map((index) => {
            const said = totalOf(series, index);
            return (
              <tr key={index}>
                <th scope="row">
                  <button
                    type="button"
                    class="link"
                    onClick={() => onOpen(index, said.errorCount ? 'errors' : 'rate')}
                  >
                    {formatMoment(stepStart(series, index))}
                  </button>
                  {said.underWay && <span class="dim"> so far</span>}
                </th>
                <td>{formatCount(said.count)}</td>
                <td>{formatNumber(said.perSecond * unit.seconds)}</td>
                <td>{formatCount(said.errorCount)}</td>
                <td>{formatShare(said.errorCount, said.count)}</td>
                {(['p50', 'p95', 'p99'] as const).map((name) => (
                  <td key={name}>{said[name] === null ? 'none' : formatDuration(said[name])}</td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
