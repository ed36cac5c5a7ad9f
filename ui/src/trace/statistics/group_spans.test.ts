import { describe, expect, it } from 'vitest';
import { encodeColumns, type PlainSpan } from '../../../dev/encode_columns.mjs';
import { fleetSpans, madeTrace } from '../../../dev/traces.mjs';
import { decodeColumns, NONE } from '../columns';
import { finish } from '../slices';
import { buildStructure } from '../structure';
import { Trace } from '../trace';
import { groupSpans } from './group_spans';

function open(spans: PlainSpan[]): Trace {
  const columns = decodeColumns(encodeColumns(madeTrace('1'.repeat(32), 0n, spans)));
  return new Trace(columns, buildStructure(columns));
}

/** A small generator of numbers, the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Spans that start before, overlap, outlive and miss their parents: what clocks and asynchronous work make. */
function randomSpans(seed: number, count: number): PlainSpan[] {
  const next = numbers(seed);
  const spans: PlainSpan[] = [];
  const open = [-1];
  while (spans.length < count) {
    while (open.length > 1 && next(3) === 0) open.pop();
    const parent = open.at(-1)!;
    const row = spans.length;
    spans.push({
      id: BigInt(row + 1),
      parent,
      start: next(60),
      duration: next(40),
      name: `operation ${next(5)}`,
      service: `service ${next(3)}`,
      kind: 1,
      flags: next(4) === 0 ? 1 : 0,
    });
    open.push(row);
  }
  return inOrder(spans);
}

/** In preorder with siblings by their start, as a trace is sent. */
function inOrder(spans: PlainSpan[]): PlainSpan[] {
  const placed: PlainSpan[] = [];
  const place = (parent: number, placedParent: number) => {
    const children = spans.map((span, row) => ({ span, row })).filter(({ span }) => span.parent === parent);
    for (const { span, row } of children.sort((a, b) => a.span.start - b.span.start)) {
      placed.push({ ...span, parent: placedParent });
      place(row, placed.length - 1);
    }
  };
  place(-1, -1);
  return placed;
}

/** Unit by unit: whether any child is at work then. */
function selfSlowly(spans: PlainSpan[], row: number): number {
  const { start, duration } = spans[row]!;
  const children = spans.filter(({ parent }) => parent === row);
  let own = 0;
  for (let unit = start; unit < start + duration; unit++) {
    if (!children.some((child) => child.start <= unit && unit < child.start + child.duration)) own++;
  }
  return own;
}

function slowly(spans: PlainSpan[], members: number[]) {
  const durations = members.map((row) => spans[row]!.duration).sort((a, b) => a - b);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return {
    count: members.length,
    errors: members.filter((row) => spans[row]!.flags & 1).length,
    total: sum(durations),
    self: sum(members.map((row) => selfSlowly(spans, row))),
    min: durations[0],
    max: durations.at(-1),
    p50: durations[Math.ceil(durations.length * 0.5) - 1],
    p95: durations[Math.ceil(durations.length * 0.95) - 1],
  };
}

describe('groupSpans', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('agrees with the obvious way on random trace %d', (seed) => {
    const spans = randomSpans(seed, 60);
    const trace = open(spans);
    for (const by of ['service', 'operation'] as const) {
      const groups = finish(groupSpans(trace, by));
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(spans.length);
      for (const group of groups) {
        const members = [...spans.keys()].filter(
          (row) =>
            spans[row]!.service === trace.service(group.longest) &&
            (by === 'service' || spans[row]!.name === trace.strings.at(group.name)),
        );
        expect(group).toMatchObject(slowly(spans, members));
        expect(group.longest).toBe(members.find((row) => spans[row]!.duration === group.max));
        expect(group.name === NONE).toBe(by === 'service');
      }
    }
  });

  it('counts the own time of each span once, however many groups there are', () => {
    const trace = open(fleetSpans(5000));
    const sums = (['service', 'operation'] as const).map((by) =>
      finish(groupSpans(trace, by)).reduce((sum, { self }) => sum + self, 0),
    );
    expect(sums[0]).toBe(sums[1]);
  });

  it('is quick for 100,000 spans', () => {
    const trace = open(fleetSpans(100_000));
    // Of the processor: other tests run beside this one.
    const begun = process.cpuUsage();
    finish(groupSpans(trace, 'operation'));
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1000).toBeLessThan(250);
  });
});
