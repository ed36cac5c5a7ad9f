import { parseGoDuration } from '../format/duration';
import { ANY_TIME, CUSTOM, parseLookback } from './lookback';
import { formatTags, parseTags, TagError, type TagPair } from './tags';

// What is asked for, between three forms: the fields of the form, the address of the page (Jaeger's parameters) and
// the question to the server.

/** The fields as texts, just as they stand in the form. */
export interface Query {
  service: string;
  operation: string;
  tags: string;
  minDuration: string;
  maxDuration: string;
  lookback: string;
  /** Microseconds since 1970, for a custom range. */
  start: string;
  end: string;
  limit: string;
}

export type QueryField = keyof Query;
export type QueryErrors = Partial<Record<QueryField, string>>;

export const DEFAULT_QUERY: Query = {
  service: '',
  operation: '',
  tags: '',
  minDuration: '',
  maxDuration: '',
  lookback: '1h',
  start: '',
  end: '',
  limit: '100',
};
const LIMIT_MAX = 10_000;

/** The fields for an address, whoever wrote it: missing or unreadable parameters are left at their defaults. */
export function readQuery(parameters: URLSearchParams): Query {
  const text = (name: string) => parameters.get(name)?.trim() ?? '';
  const start = /^\d+$/.test(text('start')) ? text('start') : '';
  const end = /^\d+$/.test(text('end')) ? text('end') : '';
  const asked = text('lookback');
  const lookback = asked === ANY_TIME || parseLookback(asked) !== null ? asked : DEFAULT_QUERY.lookback;
  return {
    service: text('service'),
    // Jaeger's own form writes "all" where no operation is chosen.
    operation: text('operation') === 'all' ? '' : text('operation'),
    tags: readTags(parameters),
    minDuration: text('minDuration'),
    maxDuration: text('maxDuration'),
    // Jaeger's links name a lookback and the range that it meant; the range is what the sender saw.
    lookback: start || end ? CUSTOM : lookback,
    start,
    end,
    limit: text('limit') || DEFAULT_QUERY.limit,
  };
}

function readTags(parameters: URLSearchParams): string {
  const given = parameters.get('tags') ?? '';
  const pairs: TagPair[] = [];
  try {
    pairs.push(...parseTags(given));
  } catch {
    return given; // It stands in the field, with what is wrong below it.
  }
  for (const tag of parameters.getAll('tag')) {
    const colon = tag.indexOf(':');
    if (colon > 0) pairs.push([tag.slice(0, colon), tag.slice(colon + 1)]);
  }
  return formatTags(pairs);
}

/** What is wrong with the fields, in words; empty where nothing is. */
export function checkQuery(query: Query): QueryErrors {
  const errors: QueryErrors = {};
  try {
    parseTags(query.tags);
  } catch (error) {
    errors.tags = (error as TagError).message;
  }
  const shortest = checkDuration(query.minDuration, 'minDuration', errors);
  const longest = checkDuration(query.maxDuration, 'maxDuration', errors);
  if (shortest !== null && longest !== null && longest < shortest) errors.maxDuration = 'Below the min';
  if (query.lookback === CUSTOM) {
    if (query.start === '' && query.end === '') errors.start = 'Choose a time';
    else if (query.start !== '' && query.end !== '' && Number(query.end) < Number(query.start))
      errors.end = 'Before the start';
  }
  const limit = Number(query.limit);
  if (!/^\d+$/.test(query.limit.trim()) || limit < 1 || limit > LIMIT_MAX) errors.limit = '1 to 10,000';
  return errors;
}

function checkDuration(text: string, field: 'minDuration' | 'maxDuration', errors: QueryErrors): number | null {
  if (text.trim() === '') return null;
  const duration = parseGoDuration(text);
  if (duration === null) errors[field] = 'Like 100ms, 1.2s';
  return duration;
}

/** Tags in Jaeger's form: one JSON object, and `tag` for a name that stands there twice. */
function writeTags(text: string, parameters: URLSearchParams): void {
  const object: Record<string, string> = {};
  for (const [key, value] of parseTags(text)) {
    if (Object.hasOwn(object, key)) parameters.append('tag', `${key}:${value}`);
    else object[key] = value;
  }
  if (Object.keys(object).length > 0) parameters.set('tags', JSON.stringify(object));
}

function writeConditions(query: Query): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const field of ['service', 'operation'] as const) {
    if (query[field].trim() !== '') parameters.set(field, query[field].trim());
  }
  writeTags(query.tags, parameters);
  for (const field of ['minDuration', 'maxDuration'] as const) {
    const compact = query[field].replace(/\s+/g, '');
    if (compact !== '') parameters.set(field, compact);
  }
  return parameters;
}

/** The address of a query. The query must be free of errors. */
export function writeQuery(query: Query): URLSearchParams {
  const parameters = writeConditions(query);
  parameters.set('lookback', query.lookback);
  if (query.lookback === CUSTOM) {
    if (query.start) parameters.set('start', query.start);
    if (query.end) parameters.set('end', query.end);
  }
  parameters.set('limit', query.limit.trim());
  return parameters;
}

/** The question to the server, asked at `now` (ms since 1970). The query must be free of errors. */
export function askServer(query: Query, now: number): URLSearchParams {
  const parameters = writeConditions(query);
  if (query.lookback === CUSTOM) {
    if (query.start) parameters.set('start', query.start);
    if (query.end) parameters.set('end', query.end);
  } else {
    // Without an end: what a fast clock stamped a little ahead is found too.
    const back = parseLookback(query.lookback);
    parameters.set('start', back === null ? '0' : String(Math.max(0, now * 1000 - back)));
  }
  parameters.set('limit', query.limit.trim());
  return parameters;
}

/** The same query with its range fixed, so that a link shows later what is seen now. */
export function pinQuery(query: Query, now: number): Query {
  const back = parseLookback(query.lookback);
  if (back === null) return query;
  return { ...query, lookback: CUSTOM, start: String(now * 1000 - back), end: String(now * 1000) };
}
