import { FLAG_ERROR } from '../columns';
import { radixOrder } from '../grid/radix_order';
import type { Sort } from '../grid/sort';
import type { Steps } from '../slices';
import type { Trace } from '../trace';

export const COLUMNS = ['service', 'operation', 'duration', 'self', 'path', 'start', 'kind', 'error'] as const;
export type Column = (typeof COLUMNS)[number];

/** What a table shows of a trace. */
export interface Choice {
  /** In service or operation, without regard to case; empty for any. */
  text: string;
  /** Exactly this service, this operation; undefined for any. */
  service: string | undefined;
  operation: string | undefined;
  failed: boolean;
  /** A byte for each row: 1 where it matches something else that is looked for. */
  marks: Uint8Array | null;
}

const STEP = 1 << 15;

/** The rows that are wanted, in order; equal ones in the order of the waterfall. Linear in spans. */
export function* chooseRows(
  trace: Trace,
  choice: Choice,
  sort: Sort,
  path: Float64Array | null,
): Steps<Uint32Array> {
  const rows = yield* filterRows(trace, choice);
  const keys = yield* sortKeys(trace, sort.column as Column, path);
  yield;
  return radixOrder(rows, keys, sort.descending);
}

function* filterRows(trace: Trace, { text, service, operation, failed, marks }: Choice): Steps<Uint32Array> {
  const { columns, strings } = trace;
  const wanted = text.trim().toLowerCase();
  const services = [...columns.serviceName].map((index) => strings.at(index));
  const ofService = services.map((name) => service === undefined || name === service);
  const serviceHas = services.map((name) => name.toLowerCase().includes(wanted));
  /** What is known of each operation: whether it is the wanted one, and whether it has the text. */
  const [UNKNOWN, IS, HAS] = [0, 2, 4];
  const known = new Uint8Array(columns.stringEnd.length);
  const lookUp = (index: number) => {
    const name = strings.at(index);
    const is = operation === undefined || name === operation;
    return 1 | (is ? IS : 0) | (name.toLowerCase().includes(wanted) ? HAS : 0);
  };
  const nameIsWanted = (row: number) => {
    const index = columns.name[row]!;
    if (known[index] === UNKNOWN) known[index] = lookUp(index);
    return (known[index]! & IS) !== 0 && ((known[index]! & HAS) !== 0 || serviceHas[columns.service[row]!]);
  };
  const anyName = wanted === '' && operation === undefined;
  const rows = new Uint32Array(trace.count);
  let count = 0;
  for (let row = 0; row < trace.count; row++) {
    if (row % STEP === STEP - 1) yield;
    if (!ofService[columns.service[row]!]) continue;
    if (failed && !(columns.spanFlags[row]! & FLAG_ERROR)) continue;
    if (marks && marks[row] === 0) continue;
    if (!anyName && !nameIsWanted(row)) continue;
    rows[count++] = row;
  }
  return rows.subarray(0, count);
}

/** A number for each row that stands for its cell in the order. */
function* sortKeys(trace: Trace, column: Column, path: Float64Array | null): Steps<Uint32Array> {
  const { columns, structure } = trace;
  switch (column) {
    case 'service': {
      const ranks = yield* rankTexts(trace, columns.serviceName);
      return columns.service.map((index) => ranks[columns.serviceName[index]!]!);
    }
    case 'operation': {
      const ranks = yield* rankTexts(trace, columns.name);
      return columns.name.map((index) => ranks[index]!);
    }
    case 'duration':
      return columns.duration;
    case 'self':
      return structure.self;
    case 'path':
      return Uint32Array.from(path ?? new Float64Array(trace.count));
    case 'start':
      return columns.start;
    case 'kind':
      return Uint32Array.from(columns.kind);
    case 'error':
      return Uint32Array.from(columns.spanFlags, (flags) => flags & FLAG_ERROR);
  }
}

/** The place of each text that is used, in the order of the alphabet without regard to case. */
function* rankTexts({ strings, columns }: Trace, used: Uint32Array): Steps<Uint32Array> {
  const texts: { index: number; text: string }[] = [];
  const seen = new Uint8Array(columns.stringEnd.length);
  for (const index of used) {
    if (seen[index]) continue;
    seen[index] = 1;
    texts.push({ index, text: strings.at(index).toLowerCase() });
    if (texts.length % 4096 === 0) yield;
  }
  texts.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const ranks = new Uint32Array(columns.stringEnd.length);
  for (const [rank, { index }] of texts.entries()) ranks[index] = rank;
  return ranks;
}
