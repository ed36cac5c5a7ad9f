import { describe, expect, it } from 'vitest';
import { encodeColumns, type PlainSpan } from '../../../dev/encode_columns.mjs';
import { deepSpans, flatSpans, fleetSpans, madeTrace, shopTrace } from '../../../dev/traces.mjs';
import { decodeColumns, NONE } from '../columns';
import { finish } from '../slices';
import { buildStructure } from '../structure';
import { Trace } from '../trace';
import { boxAt, markedBoxes, type Boxes } from './boxes';
import { FirstFreeLane } from './first_free_lane';
import { leftHeavy } from './left_heavy';
import { drawnOf, SLIVER } from './slivers';
import { timeOrder } from './time_order';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';

function open(spans: PlainSpan[]): Trace {
  const columns = decodeColumns(encodeColumns(madeTrace(ID, 0n, spans)));
  return new Trace(columns, buildStructure(columns));
}
const shapes: [string, () => PlainSpan[]][] = [
  ['a checkout', () => shopTrace(ID, 0n).spans],
  ['a fleet', () => fleetSpans(500)],
  ['children at the same time', () => flatSpans(300)],
  ['a chain', () => deepSpans(200)],
];

/** What holds for any flame graph. */
function expectSound(boxes: Boxes): void {
  expect(boxes.laneBegin[0]).toBe(0);
  expect(boxes.laneBegin.at(-1)).toBe(boxes.row.length);
  for (let box = 0; box < boxes.row.length; box++) {
    const lane = boxes.lane[box]!;
    expect(box).toBeGreaterThanOrEqual(boxes.laneBegin[lane]!);
    expect(box).toBeLessThan(boxes.laneBegin[lane + 1]!);
    if (box > boxes.laneBegin[lane]!) expect(boxes.from[box]).toBeGreaterThanOrEqual(boxes.to[box - 1]!);
    const parent = boxes.parent[box]!;
    if (parent !== NONE) expect(lane).toBeGreaterThan(boxes.lane[parent]!);
    const child = boxes.child[box]!;
    if (child !== NONE) expect(boxes.parent[child]).toBe(box);
  }
}

describe.each(shapes)('%s', (_, make) => {
  it('in time order has every span at its time, below its parent and beside nothing else', () => {
    const trace = open(make());
    const boxes = finish(timeOrder(trace));
    expectSound(boxes);
    expect(boxes.row.length).toBe(trace.count);
    for (let row = 0; row < trace.count; row++) {
      const box = boxes.boxOf[row]!;
      expect(boxes.row[box]).toBe(row);
      expect([boxes.from[box], boxes.to[box]]).toEqual([
        trace.start(row),
        Math.max(trace.end(row), trace.start(row) + 1),
      ]);
      const parent = trace.columns.parent[row]!;
      expect(boxes.parent[box]).toBe(parent === NONE ? NONE : boxes.boxOf[parent]);
    }
  });

  it('left heavy puts the same paths together, adds up their work, and has the most on the left', () => {
    const trace = open(make());
    const boxes = finish(leftHeavy(trace));
    expectSound(boxes);
    const path = (row: number): string => {
      const above = trace.columns.parent[row]!;
      return `${above === NONE ? '' : path(above)}/${trace.service(row)} ${trace.name(row)}`;
    };
    const slow = new Map<string, number[]>();
    for (let row = 0; row < trace.count; row++) slow.set(path(row), [...(slow.get(path(row)) ?? []), row]);
    expect(boxes.row.length).toBe(slow.size);
    for (let box = 0; box < boxes.row.length; box++) {
      const name = path(boxes.row[box]!);
      expect(boxes.spans[box]).toBe(slow.get(name)!.length);
      const work = [...slow]
        .filter(([other]) => other === name || other.startsWith(`${name}/`))
        .reduce((sum, [, rows]) => sum + rows.reduce((own, row) => own + trace.structure.self[row]!, 0), 0);
      expect(boxes.to[box]! - boxes.from[box]!).toBe(work);
      for (const row of slow.get(name)!) expect(boxes.boxOf[row]).toBe(box);
      const before = box - 1;
      if (before >= 0 && boxes.lane[before] === boxes.lane[box] && boxes.parent[before] === boxes.parent[box]) {
        const workBefore = boxes.to[before]! - boxes.from[before]!;
        expect(workBefore).toBeGreaterThanOrEqual(work - boxes.total / 2 ** 32);
      }
    }
  });
});

describe('drawing', () => {
  const boxes = finish(timeOrder(open(fleetSpans(3000))));
  const whole = (width: number) => ({ from: 0, to: boxes.total, pixelsPerUnit: width / boxes.total });

  it('keeps each place of a lane that has a box, with the widest that begins there', () => {
    const scale = whole(400);
    for (let lane = 0; lane < boxes.laneBegin.length - 1; lane++) {
      const drawn = drawnOf(boxes, lane, scale);
      expect(drawn.length).toBeLessThanOrEqual(400 / SLIVER + 1);
      const slivers = new Map(drawn.filter(({ width }) => width === SLIVER).map(({ x, box }) => [x, box]));
      for (let box = boxes.laneBegin[lane]!; box < boxes.laneBegin[lane + 1]!; box++) {
        const width = boxes.to[box]! - boxes.from[box]!;
        if (width * scale.pixelsPerUnit >= SLIVER) {
          expect(drawn.some((other) => other.box === box)).toBe(true);
          continue;
        }
        const shown = slivers.get(Math.floor((boxes.from[box]! * scale.pixelsPerUnit) / SLIVER) * SLIVER)!;
        expect(boxes.to[shown]! - boxes.from[shown]!).toBeGreaterThanOrEqual(width);
      }
    }
  });

  it('draws only what is in the window', () => {
    const [from, to] = [boxes.total * 0.4, boxes.total * 0.41];
    for (const { box } of drawnOf(boxes, 5, { from, to, pixelsPerUnit: 400 / (to - from) })) {
      expect(boxes.to[box]).toBeGreaterThan(from);
      expect(boxes.from[box]).toBeLessThan(to);
    }
  });

  it('finds the box under a point, and none beside', () => {
    for (const box of [0, 7, 700, 2999]) {
      const middle = (boxes.from[box]! + boxes.to[box]!) / 2;
      expect(boxAt(boxes, boxes.lane[box]!, middle)).toBe(box);
    }
    expect(boxAt(boxes, 0, boxes.total * 2)).toBeUndefined();
    expect(boxAt(boxes, -1, 0)).toBeUndefined();
    expect(boxAt(boxes, boxes.laneBegin.length, 0)).toBeUndefined();
  });

  it('marks boxes that hold a marked span', () => {
    const trace = open(shopTrace(ID, 0n).spans);
    const heavy = finish(leftHeavy(trace));
    const marks = new Uint8Array(trace.count);
    marks[40] = 1;
    const marked = markedBoxes(heavy, marks)!;
    expect(marked.reduce((sum, mark) => sum + mark, 0)).toBe(1);
    expect(marked[heavy.boxOf[40]!]).toBe(1);
    expect(markedBoxes(heavy, null)).toBeNull();
  });
});

describe('FirstFreeLane', () => {
  it('agrees with looking at one lane after the other', () => {
    const free = new FirstFreeLane(50);
    const until = new Array<number>(60).fill(-Infinity);
    for (let step = 0; step < 400; step++) {
      const time = step;
      const first = (step * 7) % 5;
      let lane = first;
      while (until[lane]! > time) lane++;
      expect(free.find(first, time)).toBe(lane);
      until[lane] = time + ((step * 31) % 40);
      free.take(lane, until[lane]!);
    }
  });
});

it.each([
  ['100,000 spans', () => fleetSpans(100_000)],
  ['20,000 children', () => flatSpans(20_000)],
  ['a chain of 5,000', () => deepSpans(5_000)],
])('is quick for %s', (_, make) => {
  const trace = open(make());
  // Of the processor: other tests run beside this one.
  const begun = process.cpuUsage();
  for (const boxes of [finish(timeOrder(trace)), finish(leftHeavy(trace))]) {
    const scale = { from: 0, to: boxes.total, pixelsPerUnit: 1000 / boxes.total };
    for (let lane = 0; lane < Math.min(40, boxes.laneBegin.length - 1); lane++) drawnOf(boxes, lane, scale);
  }
  const { user, system } = process.cpuUsage(begun);
  expect((user + system) / 1000).toBeLessThan(600);
});
