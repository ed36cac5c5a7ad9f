import { Icon } from '../controls/icon';
import { counted, formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import { formatMoment } from '../format/time_range';
import { formatRate, formatShare } from '../red/numbers';
import { stepStart, type Series } from '../red/series';
import type { Finding } from './findings';
import type { ChartName } from './opened_step';
import type { StepNumbers } from './step_numbers';

interface Props {
  total: StepNumbers;
  series: Series;
  found: Finding[];
  /** "in the last hour" */
  when: string;
  /** What is counted, in words. */
  what: string;
  onOperation: (operation: string) => void;
  onOpen: (index: number, chart: ChartName) => void;
}

/** The window in words: how much, how many failed, how long; and what is worth looking at. */
export function ServiceSummary({ total, series, found, when, what, onOperation, onOpen }: Props) {
  return (
    <section class="opening service-summary" aria-label="Summary">
      <div>
        <p>
          <span class="big">{formatRate(total.perSecond)}</span>{' '}
          <span class="dim">
            {counted(total.count, what)} {when}
          </span>
        </p>
        <p class="service-facts">
          {total.errorCount > 0 ? (
            <span class="failed">
              <Icon name="error" />
              <b>{formatShare(total.errorCount, total.count)}</b> failed, {formatCount(total.errorCount)} of{' '}
              {formatCount(total.count)}
            </span>
          ) : (
            <span>none failed</span>
          )}
          {(['p50', 'p95', 'p99'] as const).map(
            (name) =>
              total[name] !== null && (
                <span key={name}>
                  {name} <b>{formatDuration(total[name])}</b>
                </span>
              ),
          )}
        </p>
      </div>
      {found.length > 0 && (
        <ul class="findings">
          {found.map((finding) => (
            <li key={finding.kind}>
              <FindingText finding={finding} series={series} onOperation={onOperation} onOpen={onOpen} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

type FindingProps = { finding: Finding } & Pick<Props, 'series' | 'onOperation' | 'onOpen'>;

function FindingText({ finding, series, onOperation, onOpen }: FindingProps) {
  if (finding.kind === 'impact') {
    return (
      <button type="button" onClick={() => onOperation(finding.operation)}>
        <b>{formatShare(finding.share, 1)} of its time</b>
        <span class="cut">goes to {finding.operation}</span>
      </button>
    );
  }
  const at = formatMoment(stepStart(series, finding.index));
  if (finding.kind === 'errors') {
    return (
      <button type="button" onClick={() => onOpen(finding.index, 'errors')}>
        <b>
          <Icon name="error" class="erri" />
          {formatShare(finding.errorCount, finding.count)} failed at {at}
        </b>
        <span class="cut">
          {formatCount(finding.errorCount)} of {formatCount(finding.count)}, the most in this time
        </span>
      </button>
    );
  }
  return (
    <button type="button" onClick={() => onOpen(finding.index, 'duration')}>
      <b>
        p99 was {formatDuration(finding.p99)} at {at}
      </b>
      <span class="cut">{finding.times.toFixed(1)} times the usual, the slowest in this time</span>
    </button>
  );
}
