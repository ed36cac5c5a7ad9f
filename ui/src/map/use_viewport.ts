import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Layout, Point } from './layout';
import type { ArrowKey } from './neighbours';
import { fit, panBy, zoomAt, type Size, type Viewport } from './viewport';

/** One press of an arrow key. */
const KEY_PIXELS = 64;
/** A drag that moved less than this is a click on what lies there. */
const CLICK_PIXELS = 4;
/** How much one pixel of the wheel zooms. */
const WHEEL_ZOOM = 1.0015;

const ARROWS: Record<ArrowKey, [number, number]> = {
  ArrowLeft: [KEY_PIXELS, 0],
  ArrowRight: [-KEY_PIXELS, 0],
  ArrowUp: [0, KEY_PIXELS],
  ArrowDown: [0, -KEY_PIXELS],
};

export interface ViewportActions {
  set: (change: (now: Viewport) => Viewport) => void;
  /** About the middle of the screen. */
  zoom: (factor: number) => void;
  fit: () => void;
  panByKey: (arrow: ArrowKey) => void;
  /** Handlers of the element that shows the picture: dragging moves it, two fingers zoom. */
  pointer: {
    onPointerDown: (event: PointerEvent) => void;
    onPointerMove: (event: PointerEvent) => void;
    onPointerUp: (event: PointerEvent) => void;
    onPointerCancel: (event: PointerEvent) => void;
    onClickCapture: (event: MouseEvent) => void;
  };
}

/** Moves and zooms a picture in its area: by wheel, drag, two fingers, keys and buttons. A new layout is fitted. */
export function useViewport(
  area: RefObject<HTMLElement>,
  layout: Layout,
  centre: Point,
): [Viewport, ViewportActions, () => Size] {
  const [viewport, setViewport] = useState<Viewport>({ x: 0, y: 0, scale: 1 });
  const screen = useCallback(
    (): Size => ({ width: area.current?.clientWidth ?? 1, height: area.current?.clientHeight ?? 1 }),
    [],
  );
  const fitted = useRef(() => undefined as void);
  fitted.current = () => setViewport(fit(layout, screen(), centre));
  useLayoutEffect(() => fitted.current(), [layout]);

  useEffect(() => {
    const element = area.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const factor = WHEEL_ZOOM ** (-event.deltaY * lines * (event.ctrlKey ? 4 : 1));
      setViewport((now) => zoomAt(now, { x: event.clientX - left, y: event.clientY - top }, factor));
    };
    // Only a listener that is not passive keeps the page from scrolling.
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, []);

  const pointer = usePointers(area, setViewport);
  const actions = useMemo<ViewportActions>(
    () => ({
      set: setViewport,
      zoom: (factor) => {
        const { width, height } = screen();
        setViewport((now) => zoomAt(now, { x: width / 2, y: height / 2 }, factor));
      },
      fit: () => fitted.current(),
      panByKey: (arrow) => setViewport((now) => panBy(now, ...ARROWS[arrow])),
      pointer,
    }),
    [],
  );
  return [viewport, actions, screen];
}

function usePointers(
  area: RefObject<HTMLElement>,
  setViewport: (change: (now: Viewport) => Viewport) => void,
): ViewportActions['pointer'] {
  const down = useRef(new Map<number, Point>());
  const moved = useRef(0);
  return useMemo(() => {
    const at = (event: PointerEvent): Point => ({ x: event.clientX, y: event.clientY });
    const release = (event: PointerEvent) => void down.current.delete(event.pointerId);
    return {
      onPointerDown: (event) => {
        if (event.button !== 0) return;
        if (down.current.size === 0) moved.current = 0;
        down.current.set(event.pointerId, at(event));
      },
      onPointerMove: (event) => {
        const before = down.current.get(event.pointerId);
        if (!before) return;
        const now = at(event);
        moved.current += Math.hypot(now.x - before.x, now.y - before.y);
        // Captured only once it is a drag: a captured pointer's click would not reach the service below it.
        if (moved.current >= CLICK_PIXELS) area.current?.setPointerCapture(event.pointerId);
        const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
        down.current.set(event.pointerId, now);
        if (!other) return setViewport((view) => panBy(view, now.x - before.x, now.y - before.y));
        const { left = 0, top = 0 } = area.current?.getBoundingClientRect() ?? {};
        const factor =
          Math.hypot(now.x - other.x, now.y - other.y) /
          Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
        const middle = { x: (now.x + other.x) / 2 - left, y: (now.y + other.y) / 2 - top };
        setViewport((view) => zoomAt(view, middle, factor));
      },
      onPointerUp: release,
      onPointerCancel: release,
      onClickCapture: (event) => {
        // A click without detail comes from a key.
        if (moved.current < CLICK_PIXELS || event.detail === 0) return;
        moved.current = 0;
        event.stopPropagation();
        event.preventDefault();
      },
    };
  }, []);
}
