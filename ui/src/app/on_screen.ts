import { useEffect } from 'preact/hooks';

/** Calls back when what is in the document now has been painted. */
export function afterPaint(done: () => void): () => void {
  let frame = requestAnimationFrame(() => {
    frame = requestAnimationFrame(done);
  });
  return () => cancelAnimationFrame(frame);
}

/** Sets a performance mark when what a page shows is on the screen; again for every new `what`, not for null. */
export function useScreenMark(name: string, what: unknown): void {
  useEffect(() => (what === null ? undefined : afterPaint(() => performance.mark(name))), [name, what]);
}
