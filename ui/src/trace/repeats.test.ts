import { describe, expect, it } from 'vitest';
import { encodeColumns, type PlainSpan } from '../../dev/encode_columns.mjs';
import { deepSpans, flatSpans, fleetSpans, madeTrace, shopTrace } from '../../dev/traces.mjs';
import { decodeColumns, NONE } from './columns';
import { REPEATS_MIN } from './repeats';
import { buildStructure } from './structure';

const ID = '1f'.padStart(32, '0');
function open(spans: PlainSpan[]) {
  return buildStructure(decodeColumns(encodeColumns(madeTrace(ID, 0n, spans))));
}

/** The shapes of all subtrees, spelled out. */
function spelled(spans: PlainSpan[]): string[] {
  const shapes = spans.map(() => '');
  for (let row = spans.length - 1; row >= 0; row--) {
    const { service, name, kind } = spans[row]!;
    const children = spans.flatMap((span, child) => (span.parent === row ? [shapes[child]!] : []));
    const different = children.filter((shape, index) => shape !== children[index - 1]);
    shapes[row] = `(${service}/${name}/${kind}${different.join('')})`;
  }
  return shapes;
}

/** The obvious way: of every parent the list of its children, and in it runs of equal shapes. */
function slowly(spans: PlainSpan[]): number[][] {
  const groups: number[][] = [];
  const shapes = spelled(spans);
  for (let parent = -1; parent < spans.length; parent++) {
    const children = spans.flatMap((span, row) => (span.parent === parent ? [row] : []));
    let run: number[] = [];
    for (const child of [...children, -1]) {
      const fits = child >= 0 && run.length > 0 && shapes[child] === shapes[run[0]!];
      if (fits) run.push(child);
      else {
        if (run.length >= REPEATS_MIN) groups.push(run);
        run = [child];
      }
    }
  }
  return groups;
}

function membersOf(spans: PlainSpan[]): number[][] {
  const { repeats } = open(spans);
  const groups = [...repeats.first].map((): number[] => []);
  repeats.groupOf.forEach((group, row) => group !== NONE && groups[group]!.push(row));
  return groups;
}

/** Small random trees of few names, so that runs of equal siblings are frequent. */
function randomSpans(seed: number): PlainSpan[] {
  let state = seed;
  const random = (limit: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const spans: PlainSpan[] = [];
  const grow = (parent: number, depth: number, name: string) => {
    const row = spans.length;
    spans.push({
      ...{ id: BigInt(row + 1), parent, start: row * 10, duration: 1 + random(20) },
      ...{ name, service: 'shop', kind: 3, flags: 0 },
    });
    if (depth === 3) return;
    for (let run = random(3); run > 0; run--) {
      const same = `n${random(2)}`;
      for (let times = 1 + random(14); times > 0 && spans.length < 80; times--) grow(row, depth + 1, same);
    }
  };
  for (let root = 0; root < 3; root++) grow(-1, 0, 'root');
  return spans;
}

describe('findRepeats', () => {
  it('finds the same groups as the obvious way, in random trees', () => {
    let found = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const spans = randomSpans(seed);
      const expected = slowly(spans);
      found += expected.length;
      expect(membersOf(spans)).toEqual(expected);
    }
    expect(found).toBeGreaterThan(20);
  });

  it('folds the loop of the checkout and says how long it took', () => {
    const { repeats } = buildStructure(decodeColumns(encodeColumns(shopTrace(ID, 0n))));
    expect([...repeats.size]).toEqual([214]);
    expect(repeats.parallel[0]).toBe(0);
    expect(repeats.busy[0]! / 214 / 1000).toBeCloseTo(8.21, 2);
    expect(repeats.end[0]).toBe(repeats.first[0]! + 214);
  });

  it('tells siblings that ran side by side', () => {
    const spans = flatSpans(13).map((span) => ({ ...span, name: 'call', service: 'shop', kind: 3 }));
    expect([...open(spans).repeats.parallel]).toEqual([1]);
  });

  it('leaves nine, and siblings whose children differ, as they are', () => {
    const alike = (count: number) =>
      flatSpans(count + 1).map((span) => ({ ...span, name: 'call', service: 'shop', kind: 3 }));
    expect(open(alike(9)).repeats.size).toHaveLength(0);
    expect(open(alike(10)).repeats.size).toHaveLength(1);
    const spans = alike(10);
    spans.splice(6, 0, { ...spans[5]!, parent: 5, id: 99n });
    expect(open(spans).repeats.size).toHaveLength(0);
  });

  it.each([
    ['100,000 spans', () => fleetSpans(100_000)],
    [
      '20,000 equal children',
      () => flatSpans(20_000).map((span) => ({ ...span, name: 'a', service: 'b', kind: 3 })),
    ],
    ['a chain of 5,000', () => deepSpans(5_000)],
  ])('is quick for %s', (_, make) => {
    const columns = decodeColumns(encodeColumns(madeTrace(ID, 0n, make())));
    const begun = performance.now();
    buildStructure(columns);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});
