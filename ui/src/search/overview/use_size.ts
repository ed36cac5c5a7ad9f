import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

export interface Size {
  width: number;
  height: number;
  /** Device pixels in a CSS pixel. */
  ratio: number;
}

/** The size of an element, followed as it changes, also from one screen to a sharper one. */
export function useSize(element: RefObject<HTMLElement>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0, ratio: 1 });
  useLayoutEffect(() => {
    const measure = () => {
      const { clientWidth: width = 0, clientHeight: height = 0 } = element.current ?? {};
      const ratio = window.devicePixelRatio;
      setSize((before) =>
        before.width === width && before.height === height && before.ratio === ratio
          ? before
          : { width, height, ratio },
      );
    };
    measure();
    const observer = new ResizeObserver(measure);
    if (element.current) observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(() => {
    const screen = matchMedia(`(resolution: ${size.ratio}dppx)`);
    const changed = () => setSize((before) => ({ ...before, ratio: window.devicePixelRatio }));
    screen.addEventListener('change', changed);
    return () => screen.removeEventListener('change', changed);
  }, [size.ratio]);
  return size;
}
