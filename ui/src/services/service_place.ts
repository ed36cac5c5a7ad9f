import { servicePlace } from '../app/route';

/** A service's page with these parameters. */
export function placeOfService(name: string, parameters: URLSearchParams): string {
  return parameters.size > 0 ? `${servicePlace(name)}?${parameters}` : servicePlace(name);
}

/** The same parameters with one set, or without it where the value is empty. */
export function withParameter(parameters: URLSearchParams, name: string, value: string): URLSearchParams {
  const changed = new URLSearchParams(parameters);
  if (value) changed.set(name, value);
  else changed.delete(name);
  return changed;
}

/** What the API's kind can be; the empty one is its default. */
export const KINDS: readonly (readonly [string, string])[] = [
  ['', 'Server and consumer'],
  ['server', 'Server'],
  ['consumer', 'Consumer'],
  ['client', 'Client'],
  ['producer', 'Producer'],
  ['internal', 'Internal'],
];

export function readKind(parameters: URLSearchParams): string {
  const given = parameters.get('kind')?.toLowerCase() ?? '';
  return KINDS.some(([kind]) => kind === given) ? given : '';
}
