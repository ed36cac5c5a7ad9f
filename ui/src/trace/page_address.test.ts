import { expect, it } from 'vitest';
import { encodeColumns } from '../../dev/encode_columns.mjs';
import { fleetSpans, madeTrace, shopTrace } from '../../dev/traces.mjs';
import { decodeColumns } from './columns';
import { NO_FILTERS } from './filter/filters';
import { NOTHING_FOLDED, setGroup } from './folds';
import { readPageState, writePageState } from './page_address';
import { buildStructure } from './structure';
import { wholeTrace } from './time_window';
import { Trace } from './trace';

function open() {
  const spans = fleetSpans(50);
  spans[7]!.id = spans[3]!.id;
  const columns = decodeColumns(encodeColumns(madeTrace('1f'.padStart(32, '0'), 0n, spans, 2)));
  return new Trace(columns, buildStructure(columns));
}
const trace = open();
const read = (text: string) => readPageState(trace, new URLSearchParams(text));

it('writes nothing for a page as it opens', () => {
  const state = {
    view: 'waterfall' as const,
    find: '',
    open: null,
    window: wholeTrace(trace.total),
    folds: NOTHING_FOLDED,
    path: true,
    filters: NO_FILTERS,
    hideRest: false,
    options: {},
  };
  expect(writePageState(trace, state).toString()).toBe('');
  expect(read('')).toEqual(state);
});

it('reads back what it writes, also for spans that share an id', () => {
  const state = {
    view: 'table' as const,
    find: 'db & co',
    open: 7,
    window: { from: 100, to: 2500 },
    folds: { ...NOTHING_FOLDED, level: 2, turned: new Set([1, 3]) },
    path: false,
    filters: { ...NO_FILTERS, errors: true, path: true, services: new Set([0, 2]) },
    hideRest: true,
    options: { sort: '-self', service: 'a & b' },
  };
  const written = writePageState(trace, state);
  expect(written.get('span')).toBe(`${trace.spanId(3)}~1`);
  expect(readPageState(trace, written)).toEqual(state);
});

it('ignores what does not fit this trace', () => {
  expect(read('span=zz&t=5-1&fold=x.y.z&view=none&rep=q.-&show=x&svc=none&cp=2')).toEqual(read(''));
  expect(read('span=00000000000000aa').open).toBeNull();
  expect(read('t=10000-99999999999999').window).toEqual({ from: 10, to: trace.total });
});

it('reads back which similar siblings are unfolded', () => {
  const columns = decodeColumns(encodeColumns(shopTrace('1f'.padStart(32, '0'), 0n)));
  const shop = new Trace(columns, buildStructure(columns));
  for (const state of ['first', 'all'] as const) {
    const folds = setGroup(NOTHING_FOLDED, 0, state);
    const written = writePageState(shop, { ...readPageState(shop, new URLSearchParams()), folds });
    expect(readPageState(shop, written).folds).toEqual(folds);
  }
  const every = { ...setGroup({ ...NOTHING_FOLDED, everyGroup: 'all' }, 0, 'folded') };
  const written = writePageState(shop, { ...readPageState(shop, new URLSearchParams()), folds: every });
  expect(readPageState(shop, written).folds).toEqual(every);
});
