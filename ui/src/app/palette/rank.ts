// How well a short text that was typed fits a longer one: its letters must occur in order, and count more where a word
// begins and where they follow each other. Linear in both, for texts of at most TEXT_MAX letters.

const TEXT_MAX = 120;
const AT_WORD = 8;
const IN_A_ROW = 8;
const ANY = 1;
/** Of equal fits the shorter text is meant. */
const PER_LETTER = 0.02;

export interface Fit {
  score: number;
  /** Which letters of the text were hit, ascending. */
  at: number[];
}

const beginsWord = (text: string, index: number) =>
  index === 0 ||
  /[^\p{L}\p{N}]/u.test(text[index - 1]!) ||
  /\p{Ll}\p{Lu}/u.test(text.slice(index - 1, index + 1));

/** The best fit, or null where the letters do not occur in order. An empty wish fits everything alike. */
export function fit(text: string, wished: string): Fit | null {
  const inside = text.slice(0, TEXT_MAX);
  const lower = inside.toLowerCase();
  const letters = [...wished.toLowerCase()].filter((letter) => letter.trim() !== '');
  if (letters.length === 0) return { score: 0, at: [] };
  if (lower.length !== inside.length) return null; // A letter that grows in lower case: positions would not agree.

  const width = inside.length;
  /** best[i][j]: of the first i+1 letters, with the last one at j. from[i][j]: where the one before it was. */
  const best: Float64Array[] = [];
  const from: Int32Array[] = [];
  for (const [i, letter] of letters.entries()) {
    const row = new Float64Array(width).fill(-Infinity);
    const origin = new Int32Array(width).fill(-1);
    let before = i === 0 ? 0 : -Infinity;
    let beforeAt = -1;
    for (let j = 0; j < width; j++) {
      if (lower[j] === letter) {
        const here = beginsWord(inside, j) ? AT_WORD : ANY;
        const running = i > 0 && j > 0 ? best[i - 1]![j - 1]! + IN_A_ROW : -Infinity;
        row[j] = Math.max(before, running) + here;
        origin[j] = running >= before ? j - 1 : beforeAt;
      }
      if (i > 0 && best[i - 1]![j]! > before) {
        before = best[i - 1]![j]!;
        beforeAt = j;
      }
    }
    best.push(row);
    from.push(origin);
  }
  return trace(best, from, width);
}

function trace(best: Float64Array[], from: Int32Array[], width: number): Fit | null {
  const last = best.at(-1)!;
  let at = last.indexOf(Math.max(...last));
  const score = last[at];
  if (score === undefined || score === -Infinity) return null;
  const hits: number[] = [];
  for (let i = best.length - 1; i >= 0; i--) {
    hits.push(at);
    at = from[i]![at]!;
  }
  return { score: score - width * PER_LETTER, at: hits.reverse() };
}

/** What fits, best first; equal ones in the order in which they came. */
export function rank<T>(
  entries: readonly T[],
  wished: string,
  words: (entry: T) => string,
): { entry: T; at: number[] }[] {
  return entries
    .flatMap((entry) => {
      const found = fit(words(entry), wished);
      return found ? [{ entry, at: found.at, score: found.score }] : [];
    })
    .sort((a, b) => b.score - a.score);
}
