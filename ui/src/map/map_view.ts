import type { MapAnswer, MapCall, MapService } from '../api/types';

// Which services and calls of an answer are drawn.

/** So many services make one picture that can be read; with more, one stands in the middle. */
export const WHOLE_MAX = 30;
export const DRAWN_MAX = 150;
/** With more lines than that none can be followed; the busiest are drawn. */
export const CALLS_DRAWN_MAX = 400;
export const ALL_HOPS = 0;
export const HOPS_MAX = 9;

/** As the address says it. */
export interface MapQuestion {
  /** The service in the middle; empty where none was chosen. */
  focus: string;
  /** How far from the focus; ALL_HOPS for everything, null where it was not chosen. */
  hops: number | null;
  /** Calls below so many percent of the busiest are left out. */
  least: number;
}

export interface MapView {
  services: MapService[];
  calls: MapCall[];
  /** The service in the middle; null where everything is drawn around no one. */
  focus: string | null;
  /** Nobody chose it: it is the one with most calls. */
  chosenHere: boolean;
  hops: number;
  /** How far each service is from the focus, where there is a reach. */
  distances: ReadonlyMap<string, number> | null;
  /** Services within reach that did not fit, and calls between drawn services that did not. */
  servicesLeft: number;
  callsLeft: number;
  /** Calls of the whole answer that are below the least share. */
  callsBelow: number;
  /** Services that take part in no call at all. */
  alone: string[];
}

export function readMapQuestion(parameters: URLSearchParams): MapQuestion {
  const hops = parameters.get('hops') ?? '';
  const least = Number(parameters.get('min') ?? 0);
  return {
    // "service" is Jaeger's word, in links to its graph of deep dependencies.
    focus: parameters.get('focus') ?? parameters.get('service') ?? '',
    hops: hops === 'all' ? ALL_HOPS : /^[1-9]$/.test(hops) ? Number(hops) : null,
    least: Number.isFinite(least) && least > 0 && least <= 100 ? least : 0,
  };
}

export function viewMap(answer: MapAnswer, question: MapQuestion): MapView {
  const busiest = answer.calls.reduce((most, { count }) => Math.max(most, count), 0);
  const kept = answer.calls.filter(({ count }) => count > 0 && count * 100 >= busiest * question.least);
  const known = withCalls(answer, kept);
  const focus = chooseFocus(known, kept, question);
  const hops = question.hops ?? (focus === null ? ALL_HOPS : 1);
  const reached = focus !== null && hops !== ALL_HOPS ? within(kept, focus, hops) : null;
  const candidates = known.filter(({ name }) => reached === null || reached.has(name));
  const drawn = mostCalled(candidates, kept, reached, focus);
  const names = new Set(drawn.map(({ name }) => name));
  const between = kept.filter(({ parent, child }) => names.has(parent) && names.has(child));
  const calls = between.toSorted((a, b) => b.count - a.count).slice(0, CALLS_DRAWN_MAX);
  return {
    services: drawn,
    calls,
    focus,
    chosenHere: focus !== null && focus !== question.focus,
    hops,
    distances: reached,
    servicesLeft: candidates.length - drawn.length,
    callsLeft: between.length - calls.length,
    callsBelow: answer.calls.length - kept.length,
    alone: alone(answer),
  };
}

/** The services of the calls. One that only calls may have no spans of its own that are counted. */
function withCalls(answer: MapAnswer, calls: readonly MapCall[]): MapService[] {
  const byName = new Map(answer.services.map((service) => [service.name, service]));
  const names = new Set(calls.flatMap(({ parent, child }) => [parent, child]));
  return [...names].map(
    (name) =>
      byName.get(name) ?? {
        name,
        colour: 1,
        count: 0,
        errorCount: 0,
        p50Nano: null,
        p95Nano: null,
        p99Nano: null,
      },
  );
}

function chooseFocus(
  known: readonly MapService[],
  calls: readonly MapCall[],
  question: MapQuestion,
): string | null {
  if (known.some(({ name }) => name === question.focus)) return question.focus;
  if (known.length <= WHOLE_MAX || question.hops === ALL_HOPS) return null;
  const totals = callsOf(calls);
  return known.reduce((most, each) => (total(totals, each.name) > total(totals, most.name) ? each : most)).name;
}

/** How many calls each service makes and takes. */
function callsOf(calls: readonly MapCall[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { parent, child, count } of calls)
    for (const name of [parent, child]) totals.set(name, total(totals, name) + count);
  return totals;
}

const total = (totals: ReadonlyMap<string, number>, name: string) => totals.get(name) ?? 0;

/** The services at most so many calls away from the focus, in either direction, with their distance. */
function within(calls: readonly MapCall[], focus: string, hops: number): Map<string, number> {
  const joined = new Map<string, string[]>();
  for (const { parent, child } of calls) {
    joined.set(parent, [...(joined.get(parent) ?? []), child]);
    joined.set(child, [...(joined.get(child) ?? []), parent]);
  }
  const reached = new Map([[focus, 0]]);
  for (const [name, distance] of reached) {
    if (distance === hops) continue;
    for (const other of joined.get(name) ?? []) if (!reached.has(other)) reached.set(other, distance + 1);
  }
  return reached;
}

/** The nearest to the focus and of those the busiest, as many as can be drawn; by name, so that nothing jumps. */
function mostCalled(
  candidates: readonly MapService[],
  calls: readonly MapCall[],
  reached: ReadonlyMap<string, number> | null,
  focus: string | null,
): MapService[] {
  const totals = callsOf(calls);
  const distance = ({ name }: MapService) => (name === focus ? -1 : (reached?.get(name) ?? 0));
  return candidates
    .toSorted((a, b) => distance(a) - distance(b) || total(totals, b.name) - total(totals, a.name))
    .slice(0, DRAWN_MAX)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function alone(answer: MapAnswer): string[] {
  const names = new Set(answer.calls.flatMap(({ parent, child }) => (parent === child ? [] : [parent, child])));
  return answer.services.flatMap(({ name }) => (names.has(name) ? [] : name));
}
