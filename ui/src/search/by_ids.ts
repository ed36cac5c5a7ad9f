import { fetchSearch } from '../api/endpoints';
import type { SearchAnswer } from '../api/types';

/** So many are asked for at a time: an address has room for some kilobytes. */
const IDS_PER_QUESTION = 100;

/** The traces with these ids; ids that are not stored are told as what is missing. */
export async function fetchTracesById(ids: string[], signal: AbortSignal): Promise<SearchAnswer> {
  const wanted = [...new Set(ids)];
  const all: SearchAnswer = { traces: [], complete: true, warnings: [] };
  for (let from = 0; from < wanted.length; from += IDS_PER_QUESTION) {
    const asked = wanted.slice(from, from + IDS_PER_QUESTION);
    const parameters = new URLSearchParams(asked.map((id) => ['traceID', id]));
    parameters.set('criticalPath', 'true');
    const answer = await fetchSearch(parameters, signal);
    all.traces.push(...answer.traces);
    all.warnings?.push(...(answer.warnings ?? []));
    const found = new Set(answer.traces.map(({ traceID }) => traceID));
    const missing = asked.filter((id) => !found.has(id));
    if (missing.length > 0) all.warnings?.push(`not stored here: ${missing.join(', ')}.`);
  }
  return { ...all, complete: all.warnings?.length === 0 };
}
