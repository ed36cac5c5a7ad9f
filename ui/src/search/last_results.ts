import type { TraceSummary } from '../api/types';

/** Where the session storage has the results that were looked at last, for the page of one of them. */
const STORED = 'spoor.results';
/** Ids take 35 bytes each; a storage holds 5 MB and more than these. */
const IDS_MAX = 10_000;

/** In what order the traces stood, and the place (below the path prefix) of the search that found them. */
export interface LastResults {
  ids: string[];
  at: string;
}

/** Keeps the results, so that the page of a trace can lead to the one before and the one after. */
export function rememberResults(traces: readonly TraceSummary[], at: string): void {
  const results: LastResults = { ids: traces.slice(0, IDS_MAX).map(({ traceID }) => traceID), at };
  try {
    sessionStorage.setItem(STORED, JSON.stringify(results));
  } catch {
    // A browser may forbid storage; then there is no way from trace to trace.
  }
}

/** Where a trace stands among the results: its number from 1, of how many, and the ids beside it. */
export interface ResultPosition {
  number: number;
  count: number;
  previous: string | undefined;
  next: string | undefined;
  /** The place of the search. */
  at: string;
}

/** Null where the trace is not among the results that were looked at last. */
export function positionInResults(id: string): ResultPosition | null {
  const results = readResults();
  const index = results?.ids.indexOf(id) ?? -1;
  if (!results || index < 0) return null;
  const { ids, at } = results;
  return { number: index + 1, count: ids.length, previous: ids[index - 1], next: ids[index + 1], at };
}

/** What was kept, unless something else was written there. */
function readResults(): LastResults | null {
  try {
    const { ids, at } = JSON.parse(sessionStorage.getItem(STORED) ?? '{}') as Partial<LastResults>;
    const sound = Array.isArray(ids) && typeof at === 'string' && at.startsWith('/search');
    return sound ? { ids: ids.filter((id) => typeof id === 'string'), at } : null;
  } catch {
    return null;
  }
}
