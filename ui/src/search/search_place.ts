import { NO_BOX, goDuration, isOpen, readBox, writeBox, type Box } from './box';
import { readOrder, type Order } from './order';
import { askServer, readQuery, writeQuery, type Query } from './query';
import { parseGoDuration } from '../format/duration';

// All that a search page shows, between its address and the questions to the server: the form, conditions about whole
// traces, the box in the picture, the order of the list and which picture.

export const VIEWS = ['heatmap', 'scatter', 'table'] as const;
export type View = (typeof VIEWS)[number];

/** The pills: what is asked of a whole trace. */
export interface Conditions {
  errors: boolean;
  rootMissing: boolean;
  rootService: string;
  /** Nanoseconds: only traces that take longer. The 99th percentile when it was chosen; null is none. */
  slowerThan: number | null;
}

export const NO_CONDITIONS: Conditions = {
  errors: false,
  rootMissing: false,
  rootService: '',
  slowerThan: null,
};

export interface SearchPlace {
  query: Query;
  conditions: Conditions;
  box: Box;
  order: Order;
  view: View;
}

export function readPlace(parameters: URLSearchParams): SearchPlace {
  const slower = parseGoDuration(parameters.get('slowerThan') ?? '');
  return {
    query: readQuery(parameters),
    conditions: {
      errors: parameters.get('traceErrors') === 'true',
      rootMissing: parameters.get('rootMissing') === 'true',
      rootService: parameters.get('rootService') ?? '',
      slowerThan: slower === null ? null : Math.round(slower),
    },
    box: readBox(parameters),
    order: readOrder(parameters.get('sort')),
    view: VIEWS.find((view) => view === parameters.get('view')) ?? 'heatmap',
  };
}

/** The address of a place, below the path prefix. Its query must be free of errors. */
export function writePlace({ query, conditions, box, order, view }: SearchPlace): string {
  const parameters = writeQuery(query);
  writeConditions(conditions, parameters);
  if (conditions.slowerThan !== null) parameters.set('slowerThan', goDuration(conditions.slowerThan));
  writeBox(box, parameters);
  if (order !== 'newest') parameters.set('sort', order);
  if (view !== 'heatmap') parameters.set('view', view);
  return `/search?${parameters}`;
}

function writeConditions(conditions: Conditions, parameters: URLSearchParams): void {
  if (conditions.errors) parameters.set('traceErrors', 'true');
  if (conditions.rootMissing) parameters.set('rootMissing', 'true');
  if (conditions.rootService) parameters.set('rootService', conditions.rootService);
}

export function hasConditions({ errors, rootMissing, rootService, slowerThan }: Conditions): boolean {
  return errors || rootMissing || rootService !== '' || slowerThan !== null;
}

export function isNarrowed({ conditions, box }: SearchPlace): boolean {
  return hasConditions(conditions) || !isOpen(box);
}

/**
 * The place of another question by the form. What was measured in the picture of the question before, a box and a
 * percentile, says nothing about another one.
 */
export function askAnew(place: SearchPlace, query: Query): SearchPlace {
  const same = JSON.stringify(query) === JSON.stringify(place.query);
  if (same) return place;
  return { ...place, query, box: NO_BOX, conditions: { ...place.conditions, slowerThan: null } };
}

/** The question that lists traces, asked at `now` (ms since 1970), page by page. */
export function askForTraces(place: SearchPlace, now: number): URLSearchParams {
  const parameters = askServer(place.query, now);
  const { conditions, box } = place;
  writeConditions(conditions, parameters);
  const shortest = conditions.slowerThan === null ? 0 : conditions.slowerThan + 1;
  const durationMin = Math.max(box.durationMin ?? 0, shortest) || null;
  writeBox({ ...box, durationMin }, parameters);
  if (place.order !== 'newest') parameters.set('order', place.order);
  parameters.set('count', 'true');
  parameters.set('criticalPath', 'true');
  return parameters;
}

export interface OverviewShape {
  columns: number;
  rows: number;
  points?: number;
}

/** The question for the picture: all that the form and the pills match, inside the box and outside. */
export function askForOverview(
  place: Pick<SearchPlace, 'query' | 'conditions'>,
  now: number,
  shape: OverviewShape,
): URLSearchParams {
  const parameters = askForTraces({ ...place, box: NO_BOX, order: 'newest', view: 'heatmap' }, now);
  for (const name of ['limit', 'count', 'criticalPath']) parameters.delete(name);
  for (const [name, value] of Object.entries(shape)) parameters.set(name, String(value));
  return parameters;
}
