import { describe, expect, it } from 'vitest';
import type { MapAnswer, MapCall, MapService } from '../api/types';
import { CALLS_DRAWN_MAX, DRAWN_MAX, readMapQuestion, viewMap, type MapQuestion } from './map_view';

const service = (name: string): MapService => ({
  name,
  colour: 1,
  count: 10,
  errorCount: 0,
  p50Nano: '1',
  p95Nano: '2',
  p99Nano: '3',
});
const call = (parent: string, child: string, count = 10): MapCall => ({ ...service(''), parent, child, count });
const answer = (calls: MapCall[], services: string[] = []): MapAnswer => ({
  startTimeUnixNano: '0',
  endTimeUnixNano: '0',
  services: [...new Set([...services, ...calls.flatMap(({ parent, child }) => [parent, child])])].map(service),
  calls,
  complete: true,
});
const ask = (query = ''): MapQuestion => readMapQuestion(new URLSearchParams(query));
const names = (given: MapAnswer, query = '') => viewMap(given, ask(query)).services.map(({ name }) => name);

const CHAIN = answer([call('a', 'b'), call('b', 'c'), call('c', 'd', 1000), call('x', 'c', 1)], ['lonely']);

/** A ring of many services, each calling the next three. */
function ring(count: number): MapAnswer {
  const name = (at: number) => `s${String(at % count).padStart(3, '0')}`;
  const calls = Array.from({ length: count }, (_, at) =>
    [1, 2, 3].map((step) => call(name(at), name(at + step), 1000 - at)),
  );
  return answer(calls.flat());
}

describe('the question in the address', () => {
  it('is read, Jaeger’s word for the focus too, and nonsense is not', () => {
    expect(ask('focus=a&hops=2&min=5')).toEqual({ focus: 'a', hops: 2, least: 5 });
    expect(ask('service=a&hops=all')).toEqual({ focus: 'a', hops: 0, least: 0 });
    expect(ask('hops=99&min=many')).toEqual({ focus: '', hops: null, least: 0 });
  });
});

describe('what is drawn', () => {
  it('is everything that calls, where that can be read, and who stands alone is named', () => {
    const view = viewMap(CHAIN, ask());
    expect(view.services.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd', 'x']);
    expect(view).toMatchObject({ focus: null, alone: ['lonely'], servicesLeft: 0, callsLeft: 0 });
  });
  it('is what lies within reach of the focus, in either direction', () => {
    expect(names(CHAIN, 'focus=b')).toEqual(['a', 'b', 'c']);
    expect(names(CHAIN, 'focus=b&hops=2')).toEqual(['a', 'b', 'c', 'd', 'x']);
    expect(names(CHAIN, 'focus=nobody')).toEqual(['a', 'b', 'c', 'd', 'x']);
  });
  it('leaves out calls below a share of the busiest, and says how many', () => {
    const view = viewMap(CHAIN, ask('min=1'));
    expect(view.calls.map(({ parent }) => parent)).toEqual(['c', 'a', 'b']);
    expect(view.callsBelow).toBe(1);
  });
  it('has the busiest service in the middle where there are too many', () => {
    const view = viewMap(ring(60), ask());
    expect(view).toMatchObject({ focus: 's003', chosenHere: true, hops: 1 });
    expect(view.services).toHaveLength(7);
    expect(view.distances?.get('s003')).toBe(0);
  });
  it('is never more than can be drawn, the nearest and busiest, and says what is left out', () => {
    const view = viewMap(ring(500), ask('hops=all'));
    expect(view.services).toHaveLength(DRAWN_MAX);
    expect(view.servicesLeft).toBe(500 - DRAWN_MAX);
    expect(view.calls.length).toBeLessThanOrEqual(CALLS_DRAWN_MAX);
    expect(view.callsLeft).toBeGreaterThan(0);
    expect(names(ring(500), 'focus=s400&hops=9')).toContain('s400');
  });
  it('has a service that is not counted, because it only calls', () => {
    const given = { ...CHAIN, services: CHAIN.services.filter(({ name }) => name !== 'a') };
    expect(viewMap(given, ask()).services[0]).toMatchObject({ name: 'a', count: 0, p95Nano: null });
  });
  it('is quick for 500 services with 3,000 calls', () => {
    const name = (at: number) => `s${at % 500}`;
    const many = answer(
      Array.from({ length: 3000 }, (_, at) => call(name(at), name(at * 7 + 1), (at % 99) + 1)),
    );
    const begun = performance.now();
    viewMap(many, ask());
    viewMap(many, ask('hops=all'));
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
