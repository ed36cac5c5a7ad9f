import type { Columns } from './columns';

/** The texts of a trace, decoded when they are first looked at: most are never on the screen. */
export class Strings {
  readonly #end: Uint32Array;
  readonly #text: Uint8Array;
  readonly #decoded: (string | undefined)[];
  readonly #decoder = new TextDecoder();

  constructor(columns: Pick<Columns, 'stringEnd' | 'text'>) {
    this.#end = columns.stringEnd;
    this.#text = columns.text;
    this.#decoded = new Array<string | undefined>(columns.stringEnd.length);
  }

  at(index: number): string {
    const known = this.#decoded[index];
    if (known !== undefined) return known;
    const begin = index === 0 ? 0 : this.#end[index - 1]!;
    const text = this.#decoder.decode(this.#text.subarray(begin, this.#end[index]));
    this.#decoded[index] = text;
    return text;
  }
}
