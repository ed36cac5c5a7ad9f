import { CUSTOM, parseLookback } from '../search/lookback';

/** A place whose range of time counts back from `now` (ms), with that range in microseconds since 1970 instead. */
export function pinned(place: string, now: number): string {
  const [path = '', query = ''] = place.split('?');
  const parameters = new URLSearchParams(query);
  const back = parseLookback(parameters.get('lookback') ?? '');
  if (back !== null) {
    parameters.set('lookback', CUSTOM);
    parameters.set('start', String(now * 1000 - back));
    parameters.set('end', String(now * 1000));
  }
  return parameters.size > 0 ? `${path}?${parameters}` : path;
}
