import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client';

/** An answer and when it came, ms since 1970. */
export interface Sample<T> {
  value: T;
  at: number;
}

export interface Polled<T> {
  latest: Sample<T> | null;
  /** The answer before the latest, for rates; null after a pause. */
  before: Sample<T> | null;
  /** The last question failed; `latest` is of before. */
  error: ApiError | null;
  askNow: () => void;
}

/**
 * Asks again and again, `every` ms after each answer, while the page is visible and `active`. A page that becomes
 * visible again asks at once.
 */
export function usePolled<T>(
  load: (signal: AbortSignal) => Promise<T>,
  every: number,
  active: boolean,
): Polled<T> {
  const [state, setState] = useState<Omit<Polled<T>, 'askNow'>>({ latest: null, before: null, error: null });
  const ask = useRef(() => undefined as void);
  useEffect(() => {
    let abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let rested = true;
    const askNow = async () => {
      clearTimeout(timer);
      abort.abort();
      abort = new AbortController();
      const { signal } = abort;
      try {
        const value = await load(signal);
        const sample = { value, at: Date.now() };
        const fresh = rested;
        setState(({ latest }) => ({ latest: sample, before: fresh ? null : latest, error: null }));
        rested = false;
      } catch (thrown) {
        if (signal.aborted) return;
        const error = thrown instanceof ApiError ? thrown : new ApiError(-1, String(thrown));
        setState((now) => ({ ...now, error }));
      }
      if (active && !document.hidden) timer = setTimeout(() => void askNow(), every);
    };
    const onVisibility = () => {
      if (document.hidden) {
        clearTimeout(timer);
        rested = true;
      } else if (active) void askNow();
    };
    ask.current = () => void askNow();
    // A pause keeps the first answer, and asks no more until it is over or the reader asks.
    if (active) void askNow();
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      clearTimeout(timer);
      abort.abort();
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [active]);
  return { ...state, askNow: () => ask.current() };
}
