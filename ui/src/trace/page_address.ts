import type { Folds } from './folds';
import type { TimeWindow } from './time_window';
import { isWhole, wholeTrace } from './time_window';
import type { Trace } from './trace';
import { readView, type View } from './view';

// What a trace page shows, in its address: view, uiFind (as Jaeger calls it), span, t and fold.

export interface PageState {
  view: View;
  find: string;
  /** The span whose panel is open. */
  open: number | null;
  window: TimeWindow;
  folds: Folds;
}

/** More folded rows than this do not fit an address; the level still does. */
const TURNED_MAX = 200;

export function readPageState(trace: Trace, parameters: URLSearchParams): PageState {
  return {
    view: readView(parameters.get('view')),
    find: parameters.get('uiFind') ?? '',
    open: readSpan(trace, parameters.get('span') ?? ''),
    window: readWindow(trace, parameters.get('t') ?? ''),
    folds: readFolds(trace, parameters.get('fold') ?? ''),
  };
}

export function writePageState(trace: Trace, state: PageState): URLSearchParams {
  const parameters = new URLSearchParams();
  if (state.view !== 'waterfall') parameters.set('view', state.view);
  if (state.find) parameters.set('uiFind', state.find);
  if (state.open !== null) parameters.set('span', spanName(trace, state.open));
  if (!isWhole(state.window, trace.total)) {
    const { from, to } = state.window;
    parameters.set('t', `${Math.round(trace.nano(from))}-${Math.round(trace.nano(to))}`);
  }
  const fold = writeFolds(trace, state.folds);
  if (fold) parameters.set('fold', fold);
  return parameters;
}

/** A span id, and which of the spans with it where there are several: 00f067aa0ba902b7~1. */
function spanName(trace: Trace, row: number): string {
  const nth = trace.nth(row);
  return nth === 0 ? trace.spanId(row) : `${trace.spanId(row)}~${nth}`;
}

function readSpan(trace: Trace, text: string): number | null {
  const [id = '', nth] = text.split('~');
  return trace.rowOf(id, Number(nth) || 0) ?? null;
}

function readWindow(trace: Trace, text: string): TimeWindow {
  const match = /^(\d{1,19})-(\d{1,19})$/.exec(text);
  if (!match) return wholeTrace(trace.total);
  const from = Number(match[1]) / trace.columns.unit;
  const to = Math.min(trace.total, Number(match[2]) / trace.columns.unit);
  return from < to ? { from, to } : wholeTrace(trace.total);
}

/** The level, then the spans that are turned the other way, joined by dots; no level folds nothing by depth. */
function writeFolds(trace: Trace, { level, turned }: Folds): string {
  const names = turned.size <= TURNED_MAX ? [...turned].map((row) => spanName(trace, row)) : [];
  const depth = level === Infinity ? '' : String(level);
  return [depth, ...names].join('.');
}

function readFolds(trace: Trace, text: string): Folds {
  const [depth = '', ...names] = text.split('.');
  const rows = names.map((name) => readSpan(trace, name)).filter((row) => row !== null);
  return { level: /^\d{1,9}$/.test(depth) ? Number(depth) : Infinity, turned: new Set(rows) };
}
