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
