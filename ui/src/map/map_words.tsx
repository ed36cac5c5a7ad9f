import { counted, formatCount } from '../format/count';
import type { MapView } from './map_view';

const NAMED_MAX = 4;

/** What is drawn and what is not, so that the picture is not taken for everything. */
export function MapWords({ view, when, table }: { view: MapView; when: string; table: boolean }) {
  const { services, calls, focus } = view;
  const left: string[] = [];
  if (view.servicesLeft > 0)
    left.push(`${counted(view.servicesLeft, 'other service')} with fewer calls did not fit`);
  if (view.callsLeft > 0)
    left.push(`of the calls between them the ${formatCount(calls.length)} busiest are drawn`);
  if (view.callsBelow > 0) left.push(`${counted(view.callsBelow, 'pair')} below the least share hidden`);
  if (view.alone.length > 0) left.push(`without calls: ${names(view.alone)}`);
  return (
    <p class="map-words" role="status">
      <strong>{counted(services.length, 'service')}</strong>, {counted(calls.length, 'pair')} of caller and
      called {when}
      {focus !== null && view.hops > 0 && (
        <>
          , at most {counted(view.hops, 'call')} away from <b>{focus}</b>
        </>
      )}
      {view.chosenHere && ', which has the most: choose another with Focus or a click'}
      {left.length > 0 && <span class="dim">. {sentence(left)}</span>}
      {!table && <span class="dim map-legend">Line: calls, thicker for more. Ring: share of errors.</span>}
    </p>
  );
}

function names(all: string[]): string {
  const rest = all.length - NAMED_MAX;
  return all.slice(0, NAMED_MAX).join(', ') + (rest > 0 ? ` and ${formatCount(rest)} more` : '');
}

function sentence(parts: string[]): string {
  const text = parts.join('; ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}
