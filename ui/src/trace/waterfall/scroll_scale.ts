/** Browsers limit how high an element can be; Firefox first, at about 17 million pixels. */
const HEIGHT_MAX = 8_000_000;

/**
 * Between the height of all rows and the height that the scroll bar is given. They are the same until the limit;
 * beyond it a pixel of the scroll bar stands for more than one of the rows.
 */
export class ScrollScale {
  readonly spacer: number;
  readonly #factor: number;

  constructor(
    readonly content: number,
    readonly viewport: number,
  ) {
    this.spacer = Math.min(content, HEIGHT_MAX);
    const [scrollable, shown] = [Math.max(0, content - viewport), Math.max(1, this.spacer - viewport)];
    this.#factor = content <= HEIGHT_MAX ? 1 : scrollable / shown;
  }

  get scaled(): boolean {
    return this.#factor !== 1;
  }

  /** Pixels of rows above the screen. */
  offset(scrollTop: number): number {
    return this.clamp(scrollTop * this.#factor);
  }

  scrollTop(offset: number): number {
    return this.clamp(offset) / this.#factor;
  }

  clamp(offset: number): number {
    return Math.min(Math.max(0, this.content - this.viewport), Math.max(0, offset));
  }
}
