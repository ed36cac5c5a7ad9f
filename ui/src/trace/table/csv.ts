import { FLAG_ERROR, KIND_NAMES } from '../columns';
import { pathTimes } from '../path_time';
import type { Trace } from '../trace';

// Spans as RFC 4180: commas, quotes where they are needed, lines that end with CR LF. Times are exact, in nanoseconds.

const HEADS =
  'span_id,parent_span_id,service,operation,kind,start_unix_ns,start_ns,duration_ns,self_ns,critical_path_ns,error';
/** So many lines are joined to one piece of the file. */
const PIECE = 4096;

/**
 * A text as a cell. What a spreadsheet would take for a formula gets an apostrophe in front: names of spans come from
 * anywhere, and must not compute anything on the reader's machine.
 */
export function csvText(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The lines of a file, in pieces. `rows` says which spans, and in which order. */
export function csvPieces(trace: Trace, rows: Uint32Array): string[] {
  const path = pathTimes(trace);
  const pieces = [`${HEADS}\r\n`];
  for (let begin = 0; begin < rows.length; begin += PIECE) {
    const lines = Array.from(rows.subarray(begin, begin + PIECE), (row) => csvLine(trace, row, path));
    pieces.push(lines.join(''));
  }
  return pieces;
}

function csvLine(trace: Trace, row: number, path: Float64Array | null): string {
  const { columns, structure } = trace;
  const start = BigInt(columns.start[row]!) * BigInt(columns.unit);
  const parent = structure.depth[row] === 0 ? '' : trace.spanId(columns.parent[row]!);
  const cells = [
    trace.spanId(row),
    parent,
    csvText(trace.service(row)),
    csvText(trace.name(row)),
    (KIND_NAMES[columns.kind[row]!] ?? '').toLowerCase(),
    columns.startNano + start,
    start,
    trace.nano(columns.duration[row]!),
    trace.nano(structure.self[row]!),
    path ? trace.nano(path[row]!) : '',
    columns.spanFlags[row]! & FLAG_ERROR,
  ];
  return `${cells.join()}\r\n`;
}

/** Hands a file to the browser's downloads. */
export function downloadCsv(trace: Trace, rows: Uint32Array): void {
  const url = URL.createObjectURL(new Blob(csvPieces(trace, rows), { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${trace.id}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
