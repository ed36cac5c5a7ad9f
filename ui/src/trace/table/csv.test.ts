import { expect, it } from 'vitest';
import { encodeColumns } from '../../../dev/encode_columns.mjs';
import { madeTrace, shopTrace } from '../../../dev/traces.mjs';
import { decodeColumns } from '../columns';
import { buildStructure } from '../structure';
import { Trace } from '../trace';
import { csvPieces, csvText } from './csv';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';

it.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', "'=1+1"],
  ['@SUM(A1,2)', '"\'@SUM(A1,2)"'],
  ['-x', "'-x"],
])('%j is the cell %s', (text, cell) => {
  expect(csvText(text)).toBe(cell);
});

it('writes the spans that are asked for, in that order, with exact times', () => {
  const spans = shopTrace(ID, 0n).spans;
  spans[1]!.name = 'verify, "quickly"';
  const columns = decodeColumns(encodeColumns(madeTrace(ID, 1_764_000_000_123_456_789n, spans)));
  const trace = new Trace(columns, buildStructure(columns));
  const lines = csvPieces(trace, Uint32Array.of(1, 0)).join('').split('\r\n');
  expect(lines.length).toBe(4);
  expect(lines[1]).toMatch(/^[0-9a-f]{16},[0-9a-f]{16},frontend,"verify, ""quickly""",internal,/);
  expect(lines[1]).toMatch(/,1764000000125556789,2100000,19300000,\d+,\d*,0$/);
  expect(lines[2]).toMatch(/^[0-9a-f]{16},,frontend,POST \/checkout,server,1764000000123456789,0,3120000000,/);
  expect(lines[3]).toBe('');
});
