import { useEffect, useState } from 'preact/hooks';
import type { RefObject } from 'preact';

/** Rows above and below the screen that are kept, so that a quick scroll shows no gap. */
const OVERSCAN = 4;

/** The rows of a long list that are on the screen, of a list that scrolls with the page. */
export function useRowWindow(list: RefObject<HTMLElement>, count: number, rowHeight: number): [number, number] {
  const [range, setRange] = useState<[number, number]>([0, Math.min(count, 40)]);
  useEffect(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
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
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener('scroll', later);
      window.removeEventListener('resize', later);
    };
  }, [count, rowHeight]);
  return range;
}
