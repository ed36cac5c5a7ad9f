import { NO_FILTERS, type Filters } from './filter/filters';
import type { Folds, GroupState } from './folds';
import { readOptions, writeOptions, type ViewOptions } from './view_options';
import type { TimeWindow } from './time_window';
import { isWhole, wholeTrace } from './time_window';
import type { Trace } from './trace';
import { readView, type View } from './view';

// What a trace page shows, in its address: view, uiFind (as Jaeger calls it), span, t, fold and rep (similar siblings),
// cp (how the critical path is shown), show and svc (which spans), only.

export interface PageState {
  view: View;
  find: string;
  /** The span whose panel is open. */
  open: number | null;
  window: TimeWindow;
  folds: Folds;
  /** The critical path is drawn. */
  path: boolean;
  filters: Filters;
  /** What does not match is hidden, not only dimmed. */
  hideRest: boolean;
  /** How the other views show it. */
  options: ViewOptions;
}

/** More folded rows than this do not fit an address; the level still does. */
const TURNED_MAX = 200;

export function readPageState(trace: Trace, parameters: URLSearchParams): PageState {
  return {
    view: readView(parameters.get('view')),
    find: parameters.get('uiFind') ?? '',
    open: rowNamed(trace, parameters.get('span') ?? ''),
    window: readWindow(trace, parameters.get('t') ?? ''),
    folds: {
      ...readFolds(trace, parameters.get('fold') ?? ''),
      ...readGroups(trace, parameters.get('rep') ?? ''),
    },
    path: parameters.get('cp') !== '0',
    filters: readFilters(trace, parameters),
    hideRest: parameters.get('only') === '1',
    options: readOptions(parameters),
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
  const groups = writeGroups(trace, state.folds);
  if (groups) parameters.set('rep', groups);
  if (!state.path) parameters.set('cp', '0');
  writeFilters(trace, state.filters, parameters);
  if (state.hideRest) parameters.set('only', '1');
  writeOptions(state.options, parameters);
  return parameters;
}

/** A span id, and which of the spans with it where there are several: 00f067aa0ba902b7~1. */
export function spanName(trace: Trace, row: number): string {
  const nth = trace.nth(row);
  return nth === 0 ? trace.spanId(row) : `${trace.spanId(row)}~${nth}`;
}

/** The row of a span that is so named; null where there is none. */
export function rowNamed(trace: Trace, text: string): number | null {
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

function readFolds(trace: Trace, text: string): Pick<Folds, 'level' | 'turned'> {
  const [depth = '', ...names] = text.split('.');
  const rows = names.map((name) => rowNamed(trace, name)).filter((row) => row !== null);
  return { level: /^\d{1,9}$/.test(depth) ? Number(depth) : Infinity, turned: new Set(rows) };
}

const GROUP_MARKS: Record<GroupState, string> = { first: '', all: '*', folded: '-' };

/** "all" where every group is unfolded, then the first spans of the groups that are not as every other. */
function writeGroups(trace: Trace, { everyGroup, groups }: Folds): string {
  const { first } = trace.structure.repeats;
  const names =
    groups.size <= TURNED_MAX
      ? [...groups].map(([group, state]) => spanName(trace, first[group]!) + GROUP_MARKS[state])
      : [];
  return [everyGroup === 'folded' ? '' : everyGroup, ...names].join('.');
}

function readGroups(trace: Trace, text: string): Pick<Folds, 'everyGroup' | 'groups'> {
  const [every, ...names] = text.split('.');
  const { first, groupOf } = trace.structure.repeats;
  const groups = new Map<number, GroupState>();
  for (const name of names) {
    const row = rowNamed(trace, name.replace(/[*-]$/, ''));
    const group = row === null ? undefined : groupOf[row];
    if (group === undefined || first[group] !== row) continue;
    groups.set(group, name.endsWith('*') ? 'all' : name.endsWith('-') ? 'folded' : 'first');
  }
  return { everyGroup: every === 'all' || every === 'first' ? every : 'folded', groups };
}

const SHOWN = ['errors', 'slow', 'repeats', 'path'] as const;

function writeFilters(trace: Trace, filters: Filters, parameters: URLSearchParams): void {
  const shown = SHOWN.filter((name) => filters[name]).join('.');
  if (shown) parameters.set('show', shown);
  for (const index of filters.services) parameters.append('svc', trace.serviceName(index));
}

function readFilters(trace: Trace, parameters: URLSearchParams): Filters {
  const shown = (parameters.get('show') ?? '').split('.');
  const wanted = new Set(parameters.getAll('svc'));
  const services = [...trace.columns.serviceName.keys()].filter((index) =>
    wanted.has(trace.serviceName(index)),
  );
  const filters = { ...NO_FILTERS, services: new Set(services) };
  for (const name of SHOWN) filters[name] = shown.includes(name);
  return filters;
}
