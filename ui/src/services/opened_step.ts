import type { StepRange } from '../chart/use_cursor';
import type { Series } from '../red/series';

// The step of a chart whose traces are listed, kept in the address as at=start-end (s since 1970) and by=errors.

export type ChartName = 'rate' | 'errors' | 'duration';

export interface OpenedStep {
  /** ms since 1970. */
  start: number;
  end: number;
  chart: ChartName;
}

export function readOpened(parameters: URLSearchParams): OpenedStep | null {
  const [, start, end] = /^(\d{1,12})-(\d{1,12})$/.exec(parameters.get('at') ?? '') ?? [];
  if (start === undefined || Number(end) <= Number(start)) return null;
  const by = parameters.get('by');
  return {
    start: Number(start) * 1000,
    end: Number(end) * 1000,
    chart: by === 'errors' || by === 'duration' ? by : 'rate',
  };
}

export function withOpened(parameters: URLSearchParams, opened: OpenedStep | null): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  changed.delete('at');
  changed.delete('by');
  if (opened) {
    changed.set('at', `${opened.start / 1000}-${opened.end / 1000}`);
    if (opened.chart !== 'rate') changed.set('by', opened.chart);
  }
  return changed;
}

/** Which steps of a series it covers; null where it lies outside of what is shown. */
export function openedRange(series: Series, opened: OpenedStep | null): StepRange | null {
  if (!opened) return null;
  const first = Math.floor((opened.start - series.start) / series.step);
  const last = Math.ceil((opened.end - series.start) / series.step) - 1;
  if (last < 0 || first >= series.length) return null;
  return [Math.max(0, first), Math.min(series.length - 1, last)];
}

/** The search for traces that show what was clicked: those with errors, or the longest. */
export function exampleParameters(opened: OpenedStep, service: string, operation: string): URLSearchParams {
  const parameters = new URLSearchParams({ service });
  if (operation) parameters.set('operation', operation);
  // On the span of the service itself: an error elsewhere in the trace is not what the chart counts.
  if (opened.chart === 'errors') parameters.set('tags', JSON.stringify({ error: 'true' }));
  parameters.set('start', String(opened.start * 1000));
  parameters.set('end', String(opened.end * 1000 - 1));
  return parameters;
}
