import type { Point } from './layout';

/** How the picture lies on the screen: a point p of it is drawn at p * scale + (x, y). */
export interface Viewport {
  x: number;
  y: number;
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

export const SCALE_MIN = 0.2;
export const SCALE_MAX = 2;
/** What is fitted stays readable: below this the reader pans. */
const FIT_MIN = 0.45;
const MARGIN = 24;

/** All of it in the middle, at most in its own size; `centre` where all of it would be too small to read. */
export function fit(content: Size, screen: Size, centre: Point): Viewport {
  const room = { width: screen.width - 2 * MARGIN, height: screen.height - 2 * MARGIN };
  const whole = Math.min(1, room.width / Math.max(1, content.width), room.height / Math.max(1, content.height));
  if (whole >= FIT_MIN) {
    return {
      scale: whole,
      x: (screen.width - content.width * whole) / 2,
      y: (screen.height - content.height * whole) / 2,
    };
  }
  return centred({ x: 0, y: 0, scale: FIT_MIN }, screen, centre);
}

/** The same size, with a point of the picture in the middle of the screen. */
export function centred({ scale }: Viewport, screen: Size, point: Point): Viewport {
  return { scale, x: screen.width / 2 - point.x * scale, y: screen.height / 2 - point.y * scale };
}

/** Larger or smaller, with what lies under a point of the screen staying there. */
export function zoomAt({ x, y, scale }: Viewport, point: Point, factor: number): Viewport {
  const next = Math.min(SCALE_MAX, Math.max(SCALE_MIN, scale * factor));
  const ratio = next / scale;
  return { scale: next, x: point.x - (point.x - x) * ratio, y: point.y - (point.y - y) * ratio };
}

export function panBy(viewport: Viewport, dx: number, dy: number): Viewport {
  return { ...viewport, x: viewport.x + dx, y: viewport.y + dy };
}

/** Moved just as far that a box of the picture is on the screen. */
export function reveal(viewport: Viewport, screen: Size, middle: Point, size: Size): Viewport {
  const { scale } = viewport;
  const shift = (centre: number, half: number, offset: number, room: number) => {
    const [low, high] = [(centre - half) * scale + offset - MARGIN, (centre + half) * scale + offset + MARGIN];
    return low < 0 ? -low : high > room ? room - high : 0;
  };
  return panBy(
    viewport,
    shift(middle.x, size.width / 2, viewport.x, screen.width),
    shift(middle.y, size.height / 2, viewport.y, screen.height),
  );
}
