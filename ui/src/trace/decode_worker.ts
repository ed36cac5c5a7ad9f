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
    const computed = Object.values(structure).filter((part) => ArrayBuffer.isView(part)) as Uint32Array[];
    const answer: DecodeAnswer = { request, columns, structure };
    postMessage(answer, { transfer: [buffer, ...computed.map((part) => part.buffer)] });
  } catch (error) {
    const problem =
      error instanceof ColumnsError ? error.message : `The trace cannot be shown: ${String(error)}`;
    const answer: DecodeAnswer = { request, problem };
    postMessage(answer);
  }
});
