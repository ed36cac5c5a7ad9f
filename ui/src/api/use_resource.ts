import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from './client';

export interface Resource<T> {
  /** The newest answer; while the next one is under way it is that of the question before. */
  data: T | undefined;
  error: ApiError | undefined;
  /** An answer is under way. */
  pending: boolean;
  /** An answer has been under way for so long that the page should say so. */
  slow: boolean;
  retry: () => void;
  /** Stops waiting for the answer. */
  cancel: () => void;
}

const SKELETON_DELAY = 150;
/** The status of an error that the reader caused by cancelling. */
export const CANCELLED = -2;
const CACHE_MAX = 30;
const cache = new Map<string, unknown>();

function remember(key: string, value: unknown): void {
  cache.delete(key);
  cache.set(key, value);
  if (cache.size > CACHE_MAX) cache.delete(cache.keys().next().value as string);
}

interface State<T> {
  key: string | null;
  data: T | undefined;
  error: ApiError | undefined;
  pending: boolean;
  slow: boolean;
}

/**
 * Asks for what `key` names, again when the key changes, and stops asking for what is no longer wanted. An answer
 * that was given before is shown at once, unless it is too big to be kept. A null key asks for nothing.
 */
export function useResource<T>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<T>,
  keep = true,
): Resource<T> {
  const [attempt, setAttempt] = useState(0);
  const stop = useRef<() => void>(() => undefined);
  const [state, setState] = useState<State<T>>(() => begin<T>(key, undefined));

  // In the layout phase: an effect would wait for a paint before it asks.
  useLayoutEffect(() => {
    if (key === null) {
      setState(begin<T>(null, undefined));
      return;
    }
    const known = attempt === 0 || state.key !== key ? (cache.get(key) as T | undefined) : undefined;
    if (known !== undefined) {
      setState({ key, data: known, error: undefined, pending: false, slow: false });
      return;
    }
    const abort = new AbortController();
    setState((before) => begin(key, before.data));
    stop.current = () => {
      abort.abort();
      const error = new ApiError(CANCELLED, 'It was cancelled before the answer came.');
      setState((before) => ({ ...before, error, pending: false, slow: false }));
    };
    const timer = setTimeout(() => setState((before) => ({ ...before, slow: true })), SKELETON_DELAY);
    load(abort.signal)
      .then((data) => {
        if (keep) remember(key, data);
        if (!abort.signal.aborted) setState({ key, data, error: undefined, pending: false, slow: false });
      })
      .catch((thrown: unknown) => {
        if (abort.signal.aborted) return;
        const error = thrown instanceof ApiError ? thrown : new ApiError(-1, String(thrown));
        setState((before) => ({ ...before, error, pending: false, slow: false }));
      })
      .finally(() => clearTimeout(timer));
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [key, attempt]);

  // A key that changed in this very render has no state of its own yet.
  const current = state.key === key ? state : begin(key, state.data);
  return { ...current, retry: () => setAttempt((count) => count + 1), cancel: () => stop.current() };
}

function begin<T>(key: string | null, data: T | undefined): State<T> {
  const known = key === null ? undefined : (cache.get(key) as T | undefined);
  if (known !== undefined) return { key, data: known, error: undefined, pending: false, slow: false };
  return { key, data, error: undefined, pending: key !== null, slow: false };
}
