import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Overview } from '../../api/types';
import { useCommands } from '../../app/keys/command';
import { useScreenMark } from '../../app/on_screen';
import { colourChanges } from '../../app/theme';
import { prepare } from '../../trace/waterfall/surface';
import type { Box } from '../box';
import { readColours, type Colours } from './colours';
import { Grid, Plot } from './grid';
import { drawCells, drawErrorStrip, drawQuantile, tellsQuantiles } from './heatmap';
import { drawBox, drawCrosshair, drawRing } from './overlay';
import { cellInWords, dotInWords, indexCells } from './pointed';
import { drawDots, placeDots } from './scatter';
import { durationTicks, timeTicks } from './ticks';
import { useBrush } from './use_brush';
import { useSize, type Size } from './use_size';

/** Room above the cells for the upper half of a handle, and below them for the errors. */
const TOP = 4;
const STRIP = 26;
const STRIP_HEIGHT = 18;
const TIP_WIDTH = 232;
/** A label of the time axis and the space after it, at most. */
const TIME_LABEL = 84;
const DURATION_LABEL = 26;

interface Props {
  overview: Overview;
  view: 'heatmap' | 'scatter';
  box: Box;
  onBox: (box: Box) => void;
  onOpen: (traceId: string) => void;
}

/** The picture, its axes and what moves over it. Texts are elements, so that they follow the reader's settings. */
export function Chart({ overview, view, box, onBox, onOpen }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const size = useSize(frame);
  const scatter = view === 'scatter';
  const grid = useMemo(() => new Grid(overview), [overview]);
  const plot = useMemo(
    () => new Plot(grid, size.width, TOP, Math.max(TOP + 1, size.height - STRIP)),
    [grid, size.width, size.height],
  );
  const dots = useMemo(() => (scatter ? placeDots(plot, overview) : []), [plot, overview, scatter]);
  const counts = useMemo(() => indexCells(overview, grid), [overview, grid]);
  const { pointed, range, cursor, handlers } = useBrush({ plot, dots, scatter, box, onBox, onOpen });

  useCommands(
    () => ({
      layer: 'view',
      commands: [
        {
          id: 'overview',
          group: 'Overview',
          words: 'Go to the picture: arrows move in it, Shift and arrows draw a box, Esc clears it',
          keys: ['o'],
          run: () => frame.current?.focus(),
        },
      ],
    }),
    [],
  );

  const picture = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const colours = useColours(frame);
  useLayoutEffect(() => {
    if (!picture.current || size.width === 0 || !colours.current) return;
    drawPicture(picture.current, size, colours.current, plot, overview, scatter ? dots : null);
  }, [plot, overview, dots, size, colourChanges.value]);
  useLayoutEffect(() => {
    if (!overlay.current || size.width === 0 || !colours.current) return;
    const { context } = prepare(overlay.current, size.width, size.height, '11px sans-serif');
    if (range) drawBox(context, plot, colours.current, range);
    if (!pointed) return;
    const dot = dots[pointed.dot];
    const place = dot ?? { x: plot.x(pointed.cell.column + 0.5), y: plot.y(pointed.cell.row + 0.5) };
    drawCrosshair(context, plot, colours.current, place, size.height);
    if (dot) drawRing(context, colours.current, dot);
  }, [plot, range, pointed, dots, size, colourChanges.value]);
  useScreenMark(
    'overview-painted',
    size.width > 0 ? `${view} ${overview.startTimeUnixNano} ${size.width}` : null,
  );

  const dot = dots[pointed?.dot ?? -1];
  const words = !pointed ? [] : dot ? dotInWords(dot, grid) : cellInWords(overview, grid, counts, pointed.cell);
  const tipX = pointed ? (dot?.x ?? plot.x(pointed.cell.column + 0.5)) : 0;
  const tipY = pointed ? (dot?.y ?? plot.y(pointed.cell.row + 0.5)) : 0;

  return (
    <div class="plot">
      <Axes overview={overview} plot={plot} scatter={scatter} />
      <div
        ref={frame}
        class="frame"
        role="application"
        aria-roledescription={scatter ? 'scatter plot' : 'heatmap'}
        aria-label={`Durations of ${overview.traceCount} traces over time`}
        aria-describedby="overview-keys"
        tabIndex={0}
        style={{ cursor }}
        {...handlers}
      >
        <canvas ref={picture} class="picture" aria-hidden="true" />
        <canvas ref={overlay} class="overlay" aria-hidden="true" />
        {words.length > 0 && (
          <div
            class="tip"
            style={{
              left: `${tipX > plot.width - TIP_WIDTH ? Math.max(0, tipX - TIP_WIDTH) : tipX + 12}px`,
              top: `${Math.min(tipY + 12, size.height - 60)}px`,
            }}
          >
            {words.map((line) => (
              <div key={line}>{line}</div>
            ))}
          </div>
        )}
      </div>
      <p class="sr" id="overview-keys">
        {scatter
          ? 'Arrows go from trace to trace, Enter opens one.'
          : 'Arrows move, Enter takes the cell as a box.'}{' '}
        Shift and arrows draw a box that filters the results, Escape clears it.
      </p>
      <p class="sr" role="status">
        {pointed?.by === 'keys' ? words.join(', ') : ''}
      </p>
    </div>
  );
}

/** The colours where the picture stands, read again when the theme changes. */
function useColours(frame: preact.RefObject<HTMLElement>) {
  const colours = useRef<Colours>();
  useLayoutEffect(() => {
    if (frame.current) colours.current = readColours(frame.current);
  }, [colourChanges.value]);
  return colours;
}

function drawPicture(
  canvas: HTMLCanvasElement,
  size: Size,
  colours: Colours,
  plot: Plot,
  overview: Overview,
  dots: ReturnType<typeof placeDots> | null,
): void {
  performance.clearMeasures('overview-drawn');
  const begin = performance.now();
  const { context } = prepare(canvas, size.width, size.height, '11px sans-serif');
  context.fillStyle = colours.grid;
  for (const { at } of durationTicks(plot.grid, (plot.bottom - plot.top) / DURATION_LABEL))
    context.fillRect(0, Math.round(plot.y(at)), plot.width, 1);
  if (dots) drawDots(context, dots, colours);
  else {
    drawCells(context, plot, overview, colours);
    const lines = tellsQuantiles(overview) ? [overview.columnP99Nano, overview.columnP50Nano] : [];
    for (const quantiles of lines) drawQuantile(context, plot, quantiles, colours);
  }
  drawErrorStrip(context, plot, overview, colours, { floor: size.height - 2, height: STRIP_HEIGHT });
  performance.measure('overview-drawn', { start: begin });
}

function Axes({ overview, plot, scatter }: { overview: Overview; plot: Plot; scatter: boolean }) {
  const { grid } = plot;
  const durations = durationTicks(grid, (plot.bottom - plot.top) / DURATION_LABEL);
  const times = timeTicks(grid, Math.max(1, plot.width / TIME_LABEL));
  return (
    <div class="axes" aria-hidden="true">
      {durations.map(({ at, label }) => (
        <span key={label} class="at-left" style={{ top: `${plot.y(at)}px` }}>
          {label}
        </span>
      ))}
      <span class="at-left" style={{ top: `${plot.bottom + STRIP / 2 + 3}px` }}>
        errors
      </span>
      {!scatter &&
        tellsQuantiles(overview) &&
        quantileLabels(overview, plot).map(({ label, y }) => (
          <span key={label} class="at-right" style={{ top: `${y}px` }}>
            {label}
          </span>
        ))}
      {times.map(({ at, label }) => (
        <span key={at} class="below" style={{ '--at-part': at / grid.columns }}>
          {label}
        </span>
      ))}
    </div>
  );
}

const LABEL_HEIGHT = 13;

/** The names of the lines at their right ends, kept apart where the lines are not. */
function quantileLabels(overview: Overview, plot: Plot): { label: string; y: number }[] {
  const yOf = (quantiles: readonly (string | null)[]) => {
    const last = quantiles.findLast((quantile) => quantile !== null);
    return last ? plot.y(plot.grid.rowOf(Number(last))) : null;
  };
  const [p99, p50] = [yOf(overview.columnP99Nano), yOf(overview.columnP50Nano)];
  if (p99 === null || p50 === null) return [];
  const apart = Math.max(0, LABEL_HEIGHT - (p50 - p99)) / 2;
  return [
    { label: 'p99', y: p99 - apart },
    { label: 'p50', y: p50 + apart },
  ];
}
