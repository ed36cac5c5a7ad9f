import { useLayoutEffect, useState } from 'preact/hooks';

/** So long the page may stand still for a computation at a time: half a frame. */
const SLICE_MS = 8;

/** Work that says, by yielding, where it may be interrupted; every few thousand spans. */
export type Steps<T> = Generator<undefined, T>;

/** Runs a computation in slices, the first one at once; null where nobody wants its outcome any more. */
export async function inSlices<T>(steps: Steps<T>, signal: AbortSignal): Promise<T | null> {
  for (let outcome = slice(steps); !signal.aborted; outcome = slice(steps)) {
    if (outcome.done) return outcome.value;
    await new Promise((resume) => setTimeout(resume));
  }
  return null;
}

function slice<T>(steps: Steps<T>): IteratorResult<undefined, T> {
  const until = performance.now() + SLICE_MS;
  for (;;) {
    const outcome = steps.next();
    if (outcome.done || performance.now() > until) return outcome;
  }
}

/** All of a computation at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const outcome = steps.next();
    if (outcome.done) return outcome.value;
  }
}

/**
 * The outcome of a computation, done anew when `inputs` change; until then the one before, undefined at first. What
 * fits into one slice is there before the page is painted.
 */
export function useSlices<T>(make: () => Steps<T>, inputs: readonly unknown[]): T | undefined {
  const [outcome, setOutcome] = useState<T>();
  useLayoutEffect(() => {
    const steps = make();
    const first = slice(steps);
    if (first.done) {
      setOutcome(() => first.value);
      return;
    }
    const abort = new AbortController();
    void inSlices(steps, abort.signal).then((value) => value !== null && setOutcome(() => value));
    return () => abort.abort();
  }, inputs);
  return outcome;
}
