import { describe, expect, it } from 'vitest';
import { NO_BOX, boxInWords, goDuration } from './box';
import { DEFAULT_QUERY } from './query';
import {
  askAnew,
  askForOverview,
  askForTraces,
  NO_CONDITIONS,
  readPlace,
  writePlace,
  type SearchPlace,
} from './search_place';

const NOW = 1_700_000_000_000;
const place: SearchPlace = {
  query: { ...DEFAULT_QUERY, service: 'payment' },
  conditions: { errors: true, rootMissing: false, rootService: 'frontend', slowerThan: 610_000_000 },
  box: { startMin: 1_699_999_000_000_000_001n, startMax: null, durationMin: 1_204_338_112, durationMax: 6e9 },
  order: 'most-spans',
  view: 'scatter',
};
const readBack = (address: string) => readPlace(new URL(address, 'http://any').searchParams);

describe('the address of a search', () => {
  it('says all that the page shows, to the nanosecond', () => {
    expect(readBack(writePlace(place))).toEqual(place);
    expect(writePlace(place)).toContain('traceDurationMin=1.204338112s');
  });
  it('is that of the form alone where nothing else was chosen', () => {
    const plain: SearchPlace = {
      query: place.query,
      conditions: NO_CONDITIONS,
      box: NO_BOX,
      order: 'newest',
      view: 'heatmap',
    };
    expect(writePlace(plain)).toBe('/search?service=payment&lookback=1h&limit=100');
    expect(readBack(writePlace(plain))).toEqual(plain);
  });
  it('leaves out what it does not understand', () => {
    const read = readBack(
      '/search?sort=LONGEST_FIRST&view=ddg&traceStartMin=noon&traceDurationMin=9s&traceDurationMax=1s&slowerThan=x',
    );
    expect(read).toMatchObject({ order: 'newest', view: 'heatmap', box: NO_BOX, conditions: NO_CONDITIONS });
  });
});

describe('the questions to the server', () => {
  it('list what is in the box, with what the pills ask for', () => {
    expect(Object.fromEntries(askForTraces(place, NOW))).toEqual({
      service: 'payment',
      start: String(NOW * 1000 - 3600e6),
      limit: '100',
      traceErrors: 'true',
      rootService: 'frontend',
      traceStartMin: '1699999000000000001',
      traceDurationMin: '1.204338112s',
      traceDurationMax: '6s',
      order: 'most-spans',
      count: 'true',
      criticalPath: 'true',
    });
  });
  it('take the stricter of box and pill', () => {
    const shortest = (durationMin: number | null) =>
      askForTraces({ ...place, box: { ...NO_BOX, durationMin } }, NOW).get('traceDurationMin');
    // Slower than p99 means longer than it, not as long.
    expect([shortest(null), shortest(1e6), shortest(7e8)]).toEqual(['610.000001ms', '610.000001ms', '700ms']);
  });
  it('draw all that form and pills match, whatever the box and the order', () => {
    expect(Object.fromEntries(askForOverview(place, NOW, { columns: 120, rows: 36 }))).toEqual({
      service: 'payment',
      start: String(NOW * 1000 - 3600e6),
      traceErrors: 'true',
      rootService: 'frontend',
      traceDurationMin: '610.000001ms',
      columns: '120',
      rows: '36',
    });
  });
});

describe('another question by the form', () => {
  it('drops what was measured in the picture of the one before, and keeps the rest', () => {
    const anew = askAnew(place, { ...place.query, service: 'cart' });
    expect(anew).toEqual({
      ...place,
      query: { ...place.query, service: 'cart' },
      box: NO_BOX,
      conditions: { ...place.conditions, slowerThan: null },
    });
  });
  it('keeps everything where it is the same question', () => {
    expect(askAnew(place, { ...place.query })).toBe(place);
  });
});

describe('boxes in words', () => {
  it.each([
    [1.2e9, 6e9, '1.20–6.00 s'],
    [1.26e8, 6e9, '126 ms–6.00 s'],
    [1.2e9, null, '1.20 s or longer'],
    [null, 5e6, 'up to 5.00 ms'],
    [61e9, 125e9, '1 min 1 s–2 min 5 s'],
  ])('%d to %d ns', (durationMin, durationMax, words) => {
    expect(boxInWords({ ...NO_BOX, durationMin, durationMax })).toBe(words);
  });
  it.each([
    [0, '0ns'],
    [999, '999ns'],
    [1500, '1.5us'],
    [100e6, '100ms'],
    [3600e9, '3600s'],
    [1_204_338_112, '1.204338112s'],
  ])('%d ns is %s to the server', (nanoseconds, text) => {
    expect(goDuration(nanoseconds)).toBe(text);
  });
});
