import { expect, it } from 'vitest';
import { encodeColumns } from '../../dev/encode_columns.mjs';
import { fleetSpans, madeTrace } from '../../dev/traces.mjs';
import { decodeColumns } from './columns';
import { NOTHING_FOLDED } from './folds';
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
    folds: { level: 2, turned: new Set([1, 3]) },
  };
  const written = writePageState(trace, state);
  expect(written.get('span')).toBe(`${trace.spanId(3)}~1`);
  expect(readPageState(trace, written)).toEqual(state);
});

it('ignores what does not fit this trace', () => {
  expect(read('span=zz&t=5-1&fold=x.y.z&view=none')).toEqual(read(''));
  expect(read('span=00000000000000aa').open).toBeNull();
  expect(read('t=10000-99999999999999').window).toEqual({ from: 10, to: trace.total });
});
