import { get } from '../../api/client';

export interface Start {
  text: string;
  /** Whether that is all of it. */
  whole: boolean;
}

/** The first bytes of an answer; the rest is not asked for, whatever its size. */
export async function fetchStart(path: string, bytesMax: number, signal: AbortSignal): Promise<Start> {
  const response = await get(path, signal);
  const reader = response.body?.getReader();
  // A text in the middle of which the answer is cut ends with a whole character.
  const decoder = new TextDecoder();
  let text = '';
  let left = bytesMax;
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return { text: text + decoder.decode(), whole: true };
    text += decoder.decode(part.value.subarray(0, left), { stream: true });
    left -= part.value.length;
    if (left >= 0) continue;
    await reader?.cancel();
    return { text, whole: false };
  }
}
