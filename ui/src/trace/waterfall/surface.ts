/** A canvas that is as sharp as the screen, and its size in CSS pixels. */
export interface Surface {
  context: CanvasRenderingContext2D;
  width: number;
  height: number;
}

/** Makes a canvas fit its place and empties it. A canvas that has its size already keeps its memory. */
export function prepare(canvas: HTMLCanvasElement, width: number, height: number, font: string): Surface {
  const ratio = window.devicePixelRatio || 1;
  const [pixelsWide, pixelsHigh] = [
    Math.max(1, Math.round(width * ratio)),
    Math.max(1, Math.round(height * ratio)),
  ];
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  if (canvas.width !== pixelsWide || canvas.height !== pixelsHigh) {
    canvas.width = pixelsWide;
    canvas.height = pixelsHigh;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.globalAlpha = 1;
  context.font = font;
  context.textBaseline = 'middle';
  return { context, width, height };
}
