import { ApiError, get } from '../api/client';
import { columnsPath } from '../api/endpoints';
import type { DecodeAnswer } from './decode_worker';
import { Trace } from './trace';

interface Waiting {
  resolve: (trace: Trace) => void;
  reject: (error: ApiError) => void;
}

let worker: Worker | undefined;
let lastRequest = 0;
const waiting = new Map<number, Waiting>();

function startWorker(): Worker {
  const started = new Worker(new URL('./decode_worker.ts', import.meta.url), { type: 'module' });
  started.addEventListener('message', ({ data }: MessageEvent<DecodeAnswer>) => {
    const asked = waiting.get(data.request);
    waiting.delete(data.request);
    if ('problem' in data) asked?.reject(new ApiError(-1, data.problem));
    else asked?.resolve(new Trace(data.columns, data.structure));
  });
  started.addEventListener('error', () => {
    // Whatever went wrong, nobody waits for ever, and the next trace gets a new worker.
    for (const { reject } of waiting.values())
      reject(new ApiError(-1, 'The trace cannot be read: its reader failed.'));
    waiting.clear();
    worker = undefined;
  });
  return started;
}

/** Fetches a trace and has it read beside the page. */
export async function loadTrace(traceId: string, signal: AbortSignal): Promise<Trace> {
  worker ??= startWorker(); // It starts while the bytes are on their way.
  const response = await get(columnsPath(traceId), signal);
  const buffer = await response.arrayBuffer();
  const request = ++lastRequest;
  return new Promise((resolve, reject) => {
    waiting.set(request, { resolve, reject });
    worker ??= startWorker();
    worker.postMessage({ request, buffer }, [buffer]);
  });
}
