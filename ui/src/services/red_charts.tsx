import { useMemo, useRef } from 'preact/hooks';
import { barsPath, linePath, spreadLabels, type Box } from '../chart/paths';
import { Plot } from '../chart/plot';
import { linearScale, logScale } from '../chart/scale';
import { gridTimes, TimeAxis } from '../chart/time_axis';
import { useCursor, type StepRange } from '../chart/use_cursor';
import { useWidth } from '../chart/use_width';
import { Icon } from '../controls/icon';
import { formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import { formatRate, formatShare, rateUnit, type RateUnit } from '../red/numbers';
import { greatest, stepStart, type Series } from '../red/series';
import type { ChartName } from './opened_step';
import { describeStep, totalOf, type StepNumbers } from './step_numbers';

const HEIGHTS = { rate: 104, errors: 72, duration: 136 };
const LABEL_ROOM = 14;
const QUANTILES = ['p50', 'p95', 'p99'] as const;
const QUANTILES_DOWN = ['p99', 'p95', 'p50'] as const;

interface Props {
  series: Series;
  /** Numbers of the whole window: quantiles cannot be added up from the steps. */
  total: StepNumbers;
  opened: StepRange | null;
  onOpen: (index: number, chart: ChartName) => void;
  onZoom: (range: StepRange) => void;
}

/** Rate with errors, error share, and durations over the same time, with one crosshair. */
export function RedCharts({ series, total, opened, onOpen, onZoom }: Props) {
  const area = useRef<HTMLDivElement>(null);
  const width = useWidth(area);
  const [cursor, actions] = useCursor();
  const { start, step, length } = series;
  const times = gridTimes(start, start + step * length, width);
  const said = cursor.index === null ? total : totalOf(series, cursor.index);
  const unit = rateUnit(greatest(series.counts) / (step / 1000));
  const shared = {
    width,
    count: length,
    grid: times.map(({ at }) => at),
    cursor,
    actions,
    opened,
    describedBy: 'chart-keys',
    describe: (index: number) => describeStep(series, index),
    onZoom,
  };
  const rate = useMemo(() => linearScale(greatest(series.counts) / (step / 1000), 3), [series]);
  const share = useMemo(() => errorScale(series), [series]);
  const duration = useMemo(() => durationScale(series), [series]);

  return (
    <div class="charts">
      <p class="sr" id="chart-keys">
        Arrow keys move by one step. Enter shows traces of the step. Shift and arrow keys mark a range, Enter
        then zooms to it.
      </p>
      <RateReadout said={said} unit={unit} whole={cursor.index === null} />
      <div class="time-plots" ref={area}>
        <Plot
          {...shared}
          label="Rate over time"
          height={HEIGHTS.rate}
          ticks={rate.ticks.map(({ at, value }) => ({ at, label: formatNumberShort(value * unit.seconds) }))}
          onOpen={(index) => onOpen(index, 'rate')}
        >
          {(box) => (
            <RateMarks series={series} place={(count) => rate.place(count / (step / 1000))} box={box} />
          )}
        </Plot>
      </div>
      <ErrorReadout said={said} />
      <Plot
        {...shared}
        label="Error share over time"
        height={HEIGHTS.errors}
        ticks={share.ticks.map(({ at, value }) => ({ at, label: `${formatNumberShort(value * 100)} %` }))}
        onOpen={(index) => onOpen(index, 'errors')}
      >
        {(box) => (
          <path
            class="mark-errors"
            d={barsPath(
              series.errors.map((errors, index) => share.place(errors / Math.max(1, series.counts[index]))),
              box,
              2,
            )}
          />
        )}
      </Plot>
      <DurationReadout said={said} />
      <Plot
        {...shared}
        label="Duration over time"
        height={HEIGHTS.duration}
        ticks={duration.ticks.map(({ at, value }) => ({ at, label: formatTick(value) }))}
        onOpen={(index) => onOpen(index, 'duration')}
      >
        {(box) => <DurationMarks series={series} place={duration.place} box={box} />}
      </Plot>
      <span class="wide" />
      <TimeAxis
        width={width}
        ticks={times}
        pointed={
          cursor.index === null
            ? null
            : {
                start: stepStart(series, cursor.index),
                end: stepStart(series, cursor.index + 1),
                at: (cursor.index + 0.5) / length,
              }
        }
      />
    </div>
  );
}

/** 0, 5, 12.5, 1,000: without the zeros that tell nothing on an axis. */
function formatNumberShort(value: number): string {
  return value === 0 ? '0' : Number(value.toPrecision(3)).toLocaleString('en', { maximumSignificantDigits: 3 });
}

/** 5 ms rather than 5.00 ms: ticks are round. */
function formatTick(nanoseconds: number): string {
  return formatDuration(nanoseconds).replace(/\.0+ /, ' ');
}

/** At least up to one percent, so that one error in a million does not fill the picture. */
function errorScale({ counts, errors }: Series) {
  const shares = errors.map((count, index) => count / Math.max(1, counts[index]));
  const top = greatest(shares, 0.01);
  return top > 0.5 ? linearScale(1, 2) : linearScale(top, 2);
}

function durationScale({ p50, p99 }: Series) {
  const known = p50.filter((value) => value !== null && value > 0) as number[];
  return logScale(
    known.reduce((least, value) => Math.min(least, value), known[0] ?? 1e6),
    greatest(p99, known[0] ?? 1e6),
  );
}

function RateMarks({ series, place, box }: { series: Series; place: (count: number) => number; box: Box }) {
  const heights = series.counts.map(place);
  const over = heights.map((height, index) => (index < series.open ? height : 0));
  const underWay = heights.map((height, index) => (index < series.open ? 0 : height));
  return (
    <>
      <path class="mark-count" d={barsPath(over, box)} />
      <path class="mark-count-so-far" d={barsPath(underWay, box)} />
      <path class="mark-errors" d={barsPath(series.errors.map(place), box, 2)} />
    </>
  );
}

function DurationMarks({ series, place, box }: { series: Series; place: (value: number) => number; box: Box }) {
  // From the top down, so that of two labels at the same place the greater quantile stands above.
  const lines = QUANTILES_DOWN.map((name) =>
    series[name].map((value) => (value === null ? null : place(value))),
  );
  const ends = lines.map((line) => line.findLast((value) => value !== null) ?? null);
  const shown = QUANTILES_DOWN.flatMap((name, index) => {
    const end = ends[index];
    return end === null ? [] : [{ name, y: box.top + box.height * (1 - Math.min(1, end)) }];
  });
  const places = spreadLabels(
    shown.map(({ y }) => y),
    LABEL_ROOM,
    box.top + 4,
    box.top + box.height - 4,
  );
  return (
    <>
      {QUANTILES_DOWN.map((name, index) => (
        <path key={name} class={`mark-line mark-${name}`} d={linePath(lines[index], box)} />
      ))}
      {shown.map(({ name }, index) => (
        <text key={name} class="axis-text strong" x={box.left + box.width + 6} y={places[index]} dy="0.32em">
          {name}
        </text>
      ))}
    </>
  );
}

function RateReadout({ said, unit, whole }: { said: StepNumbers; unit: RateUnit; whole: boolean }) {
  return (
    <div class="readout">
      <h2>Rate</h2>
      <p>
        <b>{whole ? formatRate(said.perSecond) : formatRate(said.perSecond, unit)}</b>
      </p>
      <p class="dim">
        {formatCount(said.count)} {said.underWay ? 'so far' : said.count === 1 ? 'span' : 'spans'}
      </p>
    </div>
  );
}

function ErrorReadout({ said }: { said: StepNumbers }) {
  return (
    <div class="readout">
      <h2>Errors</h2>
      <p class={said.errorCount > 0 ? 'error-share' : ''}>
        {said.errorCount > 0 && <Icon name="error" />}
        <b>{formatShare(said.errorCount, said.count)}</b>
      </p>
      <p class="dim">{formatCount(said.errorCount)} with an error</p>
    </div>
  );
}

function DurationReadout({ said }: { said: StepNumbers }) {
  return (
    <div class="readout">
      <h2>
        Duration <span class="dim">log scale</span>
      </h2>
      <dl>
        {QUANTILES.map((name) => (
          <div key={name}>
            <dt>
              <svg width="18" height="8" aria-hidden="true">
                <path class={`mark-line mark-${name}`} d="M1 4h16" />
              </svg>
              {name}
            </dt>
            <dd>{said[name] === null ? 'none' : formatDuration(said[name])}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
