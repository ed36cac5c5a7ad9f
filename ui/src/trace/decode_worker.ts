import { ColumnsError, decodeColumns, type Columns } from './columns';
import { buildStructure, type Structure } from './structure';

// Reads and checks a trace beside the page, so that the page stays quick while a big one is opened.

export type DecodeAnswer =
  { request: number; columns: Columns; structure: Structure } | { request: number; problem: string };

addEventListener('message', (event: MessageEvent<{ request: number; buffer: ArrayBuffer }>) => {
  const { request, buffer } = event.data;
  try {
    const columns = decodeColumns(buffer);
    const structure = buildStructure(columns);
    const answer: DecodeAnswer = { request, columns, structure };
    postMessage(answer, { transfer: [...new Set([buffer, ...buffersOf(structure)])] });
  } catch (error) {
    const problem =
      error instanceof ColumnsError ? error.message : `The trace cannot be shown: ${String(error)}`;
    const answer: DecodeAnswer = { request, problem };
    postMessage(answer);
  }
});

/** The memory of everything that was computed: it is handed over, not copied. */
function buffersOf(part: object): ArrayBuffer[] {
  return Object.values(part).flatMap((value: unknown) => {
    if (ArrayBuffer.isView(value)) return value.buffer as ArrayBuffer;
    return typeof value === 'object' && value !== null ? buffersOf(value) : [];
  });
}
