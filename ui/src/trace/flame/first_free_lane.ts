/**
 * Until when each lane is taken, and which is the first free one from a lane on: a tree of minima, so that both take
 * O(log n), also where thousands of calls run at once.
 */
export class FirstFreeLane {
  readonly #leaves: number;
  /** #until[1] is the root; the leaves are the lanes. */
  readonly #until: Float64Array;

  /** There are always as many free lanes as `lanesMax` says. */
  constructor(lanesMax: number) {
    this.#leaves = 2 ** Math.ceil(Math.log2(lanesMax + 2));
    this.#until = new Float64Array(2 * this.#leaves).fill(-Infinity);
  }

  /** The first lane, not before `first`, that is free at `time`. */
  find(first: number, time: number): number {
    let node = this.#leaves + first;
    while (this.#until[node]! > time) {
      while (node % 2 === 1) node >>>= 1; // Nothing right of it under the same parent.
      node++;
    }
    while (node < this.#leaves) {
      node *= 2;
      if (this.#until[node]! > time) node++;
    }
    return node - this.#leaves;
  }

  take(lane: number, until: number): void {
    let node = this.#leaves + lane;
    this.#until[node] = until;
    for (node >>>= 1; node >= 1; node >>>= 1)
      this.#until[node] = Math.min(this.#until[2 * node]!, this.#until[2 * node + 1]!);
  }
}
