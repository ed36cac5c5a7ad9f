import { fetchOverview } from '../api/endpoints';
import type { Overview } from '../api/types';
import { useResource, type Resource } from '../api/use_resource';
import { askForOverview, hasConditions, NO_CONDITIONS, type SearchPlace } from './search_place';

const PICTURE_SHAPE = { columns: 120, rows: 36 };
const COUNTS_SHAPE = { columns: 1, rows: 1 };
const SCATTER_POINTS = 2000;

export interface Overviews {
  /** Of all that the form matches, for the pills; undefined while it is not known. */
  counts: Overview | undefined;
  /** Of what the pills leave of it: what is drawn. */
  picture: Resource<Overview>;
  /** Asks again for what failed. */
  retry: () => void;
}

/** Asks for the picture of a place and, where pills are pressed, for what there would be without them. */
export function useOverview(place: SearchPlace | null, since: number): Overviews {
  const shape = place?.view === 'scatter' ? { ...PICTURE_SHAPE, points: SCATTER_POINTS } : PICTURE_SHAPE;
  const narrowed = place !== null && hasConditions(place.conditions);
  const picture = useQuestion(place && askForOverview(place, since, shape), since);
  const form = narrowed ? { query: place.query, conditions: NO_CONDITIONS } : null;
  const all = useQuestion(form && askForOverview(form, since, COUNTS_SHAPE), since);
  const counts = narrowed ? all : picture;
  const retry = () => [picture, all].filter(({ error }) => error).forEach((failed) => failed.retry());
  return { counts: counts.pending ? undefined : counts.data, picture, retry };
}

function useQuestion(parameters: URLSearchParams | null, since: number): Resource<Overview> {
  const question = parameters?.toString() ?? null;
  return useResource(question === null ? null : `overview ${question} at ${since}`, (signal) =>
    fetchOverview(new URLSearchParams(question ?? ''), signal),
  );
}
