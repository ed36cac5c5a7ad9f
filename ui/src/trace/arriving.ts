import { useEffect } from 'preact/hooks';
import { fetchTrace } from '../api/endpoints';
import type { Session } from './session';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const OFTEN = 2 * SECOND;
const GIVE_UP = 15 * MINUTE;

/** How long to wait until it is asked again whether a trace of this age has grown; null: no more. In ms. */
export function askAgainIn(age: number): number | null {
  if (age > GIVE_UP) return null;
  return Math.max(OFTEN, (age / MINUTE) * OFTEN);
}

/**
 * Asks now and then whether spans have arrived since the trace was read: often while it is young, less and less later,
 * never while the page is not looked at.
 */
export function useArriving(session: Session): void {
  useEffect(() => {
    const { trace } = session;
    const end = Number(trace.columns.endNano / 1_000_000n);
    const asking = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const plan = () => {
      clearTimeout(timer);
      const wait = document.hidden ? null : askAgainIn(Date.now() - end);
      if (wait !== null) timer = setTimeout(() => void ask(), wait);
    };
    const ask = async () => {
      try {
        session.heardOf((await fetchTrace(trace.id, asking.signal)).spanCount);
      } catch {
        // What is shown stays true; the next time may go better.
      }
      if (!asking.signal.aborted) plan();
    };
    plan();
    document.addEventListener('visibilitychange', plan);
    return () => {
      asking.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', plan);
    };
  }, [session]);
}
