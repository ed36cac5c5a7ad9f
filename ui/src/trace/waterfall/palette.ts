import { serviceToken } from '../../controls/colour';

/** In forced colours the reader's own few colours stand for ours. */
const FORCED: Record<string, string> = {
  surface: 'Canvas',
  'surface-hover': 'Canvas',
  'surface-selected': 'Canvas',
  'surface-press': 'Canvas',
  'surface-frame': 'Canvas',
  veil: 'Canvas',
  grid: 'GrayText',
  hatch: 'GrayText',
  'line-strong': 'GrayText',
  accent: 'Highlight',
};

/** The tokens of the style sheet as colours for a canvas. Made anew when the theme changes. */
export class Palette {
  readonly #probe: HTMLElement;
  readonly #known = new Map<string, string>();
  readonly #forced = matchMedia('(forced-colors: active)').matches;
  readonly font: string;
  #hatch: HTMLCanvasElement | undefined;

  constructor(host: HTMLElement) {
    this.#probe = document.createElement('i');
    this.#probe.hidden = true;
    host.append(this.#probe);
    this.font = `11px ${getComputedStyle(host).fontFamily}`;
  }

  colour(token: string): string {
    let known = this.#known.get(token);
    if (known === undefined) {
      known = this.#forced ? (FORCED[token] ?? 'CanvasText') : this.#resolve(token);
      this.#known.set(token, known);
    }
    return known;
  }

  service(index: number): string {
    return this.colour(serviceToken(index));
  }

  /** The grey hatch that stands for the network. */
  hatch(context: CanvasRenderingContext2D): CanvasPattern {
    this.#hatch ??= this.#drawHatch();
    return context.createPattern(this.#hatch, 'repeat') as CanvasPattern;
  }

  release(): void {
    this.#probe.remove();
  }

  #resolve(token: string): string {
    this.#probe.style.color = `var(--${token})`;
    return getComputedStyle(this.#probe).color;
  }

  #drawHatch(): HTMLCanvasElement {
    const tile = document.createElement('canvas');
    tile.width = tile.height = 6;
    const context = tile.getContext('2d') as CanvasRenderingContext2D;
    context.strokeStyle = this.colour('hatch');
    context.lineWidth = 1.2;
    context.beginPath();
    for (const offset of [-6, 0, 6]) {
      context.moveTo(offset - 1, 7);
      context.lineTo(offset + 7, -1);
    }
    context.stroke();
    return tile;
  }
}
