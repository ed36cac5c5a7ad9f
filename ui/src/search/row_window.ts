import { useEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

/** Rows above and below the screen that are kept, so that a quick scroll shows no gap. */
const OVERSCAN = 4;

/** So many rows are put on paper: some dozen pages. */
const PRINTED_MAX = 500;

/** The rows of a long list that are on the screen, of a list that scrolls with the page; on paper the first of all. */
export function useRowWindow(list: RefObject<HTMLElement>, count: number, rowHeight: number): [number, number] {
  const [range, setRange] = useState<[number, number]>([0, Math.min(count, 40)]);
  useEffect(() => {
    let frame = 0;
    const paper = matchMedia('print');
    const measure = () => {
      frame = 0;
      if (paper.matches) return setRange([0, Math.min(count, PRINTED_MAX)]);
      const top = list.current?.getBoundingClientRect().top ?? 0;
      const first = Math.max(0, Math.floor(-top / rowHeight) - OVERSCAN);
      const last = Math.min(count, Math.ceil((window.innerHeight - top) / rowHeight) + OVERSCAN);
      setRange((before) =>
        before[0] === first && before[1] === last ? before : [first, Math.max(first, last)],
      );
    };
    const later = () => {
      frame ||= requestAnimationFrame(measure);
    };
    measure();
    window.addEventListener('scroll', later, { passive: true });
    window.addEventListener('resize', later);
    paper.addEventListener('change', measure);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', later);
      window.removeEventListener('resize', later);
      paper.removeEventListener('change', measure);
    };
  }, [count, rowHeight]);
  return range;
}
