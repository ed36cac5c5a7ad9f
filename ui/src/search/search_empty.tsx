import { fetchSearch } from '../api/endpoints';
import { useResource } from '../api/use_resource';
import { href } from '../app/location';
import { lessonPlace } from '../app/route';
import { counted, formatCount } from '../format/count';
import { ANY_TIME, CUSTOM, lookbackLabel, parseLookback } from './lookback';
import { checkQuery, type Query } from './query';
import { NO_BOX } from './box';
import { askForTraces, isNarrowed, NO_CONDITIONS, type SearchPlace } from './search_place';

interface Fix {
  label: string;
  place: SearchPlace;
}

interface Props {
  place: SearchPlace;
  since: number;
  /** The service is known to the server; undefined while that is not known. */
  serviceKnown: boolean | undefined;
  onPlace: (place: SearchPlace) => void;
}

/** Why there may be nothing, and each condition that can be dropped with one click, with what there would be then. */
export function SearchEmpty({ place, since, serviceKnown, onPlace }: Props) {
  const { query } = place;
  const fixes = waysOut(place);
  const counts = useCounts(fixes, since);
  const wider = fixes.findIndex(
    ({ place: { query: other } }, index) => other.lookback !== query.lookback && (counts?.[index] ?? 0) > 0,
  );
  return (
    <section class="state" role="status">
      <h2>No trace matches</h2>
      {serviceKnown === false ? (
        <p>
          No service named <span class="mono">{query.service}</span> has sent spans to this server.
        </p>
      ) : isNarrowed(place) && counts?.[0] ? (
        <p>
          {counted(counts[0], 'trace')} {inWords(query)} {counts[0] === 1 ? 'matches' : 'match'} the form; none
          of them what the box and the pills ask for too.
        </p>
      ) : wider >= 0 ? (
        <p>
          0 {inWords(query)}; {formatCount(counts![wider]!)} {inWords(fixes[wider]!.place.query)}.
        </p>
      ) : (
        <p>
          {lookbackLabel(query.lookback)}: no trace has one span that fulfils everything above. A trace belongs
          to a range when one of its spans starts in it.
        </p>
      )}
      <div class="acts">
        {fixes.map(({ label, place: fixed }, index) => (
          <button key={label} class="btn sm line" type="button" onClick={() => onPlace(fixed)}>
            {label}
            {counts && <span class="dim">{counted(counts[index]!, 'trace')}</span>}
          </button>
        ))}
      </div>
      <p>
        It should be there?{' '}
        <a class="link" href={href(`${lessonPlace('troubleshooting')}#no-traces-at-all`)}>
          Follow a span on its way
        </a>{' '}
        to where it gets lost.
      </p>
    </section>
  );
}

/** "in the last hour" */
export function inWords({ lookback }: Query): string {
  if (lookback === ANY_TIME) return 'at any time';
  return lookback === CUSTOM ? 'in the custom range' : `in the ${lookbackLabel(lookback).toLowerCase()}`;
}

/** What can be dropped, the narrowest first. */
function waysOut(place: SearchPlace): Fix[] {
  const { query } = place;
  const fixes: Fix[] = [];
  const change = (label: string, changed: Partial<Query>) =>
    fixes.push({ label, place: { ...place, query: { ...query, ...changed } } });
  if (isNarrowed(place))
    fixes.push({ label: 'Without box and pills', place: { ...place, box: NO_BOX, conditions: NO_CONDITIONS } });
  if (query.tags) change('Drop the tags', { tags: '' });
  if (query.minDuration || query.maxDuration) change('Any duration', { minDuration: '', maxDuration: '' });
  if (query.operation) change('All operations', { operation: '' });
  if (query.service) change('All services', { service: '', operation: '' });
  const back = parseLookback(query.lookback);
  const day = { lookback: '24h', start: '', end: '' };
  if (query.lookback === CUSTOM || (back !== null && back < 86_400e6)) change('Search the last 24 hours', day);
  if (query.lookback !== ANY_TIME) change('Search any time', { ...day, lookback: ANY_TIME });
  return fixes;
}

/** How many traces each way out finds; undefined until all are counted, or where they cannot be. */
function useCounts(fixes: readonly Fix[], since: number): number[] | undefined {
  const questions = fixes
    .filter(({ place }) => Object.keys(checkQuery(place.query)).length === 0)
    .map(({ place }) => {
      const question = askForTraces({ ...place, order: 'newest' }, since);
      question.set('limit', '1');
      question.delete('criticalPath');
      return question.toString();
    });
  const whole = questions.length === fixes.length && questions.length > 0;
  const { data, pending } = useResource(whole ? `counts ${questions.join(' ')} at ${since}` : null, (signal) =>
    Promise.all(
      questions.map(
        async (question) => (await fetchSearch(new URLSearchParams(question), signal)).traceCount ?? 0,
      ),
    ),
  );
  return pending || data?.length !== fixes.length ? undefined : data;
}
