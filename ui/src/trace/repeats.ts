import { NONE, type Columns } from './columns';

// Similar siblings. A loop that asks a database once for each row makes hundreds of spans that say the same; they are
// folded into one line. Siblings belong together where they follow each other (in order of start) and have the same
// shape: the same service, name and kind, and, in order, children of the same shapes, where equal neighbours count
// once. So one query or five of them is the same shape, another query is not. Durations, errors and attributes do not
// matter.

/** Fewer than these are shown as they are. */
export const REPEATS_MIN = 10;
/** Members that overlap by less than this share of their time ran one after the other. */
const OVERLAP_MAX = 0.05;

/** Groups of similar siblings. */
export interface Repeats {
  /** For each row the group that it is a member of, or NONE. */
  groupOf: Uint32Array;
  /** For each group its first row, the number of its members, and the row after the last one's subtree. */
  first: Uint32Array;
  size: Uint32Array;
  end: Uint32Array;
  /** In units: when the last member ended, and the sum of the members' durations. */
  endTime: Float64Array;
  busy: Float64Array;
  /** 1 where members ran side by side, 0 where they ran one after the other. */
  parallel: Uint8Array;
}

/** Finds the groups. Linear: each row is compared with the sibling before it. */
export function findRepeats(columns: Columns, subtreeEnd: Uint32Array): Repeats {
  const count = columns.parent.length;
  const shape = shapes(columns);
  const groupOf = new Uint32Array(count).fill(NONE);
  const first: number[] = [];
  const size: number[] = [];
  const alike = (a: number, b: number) =>
    shape[a] === shape[b] &&
    columns.name[a] === columns.name[b] &&
    columns.service[a] === columns.service[b] &&
    columns.kind[a] === columns.kind[b];
  const family = (begin: number, end: number) => {
    let runFirst = begin;
    let length = 0;
    for (let row = begin; row < end; row = subtreeEnd[row]!) {
      if (length > 0 && alike(row, runFirst)) {
        length++;
      } else {
        runFirst = row;
        length = 1;
      }
      if (length === REPEATS_MIN) {
        for (let member = runFirst; member < row; member = subtreeEnd[member]!) groupOf[member] = first.length;
        first.push(runFirst);
        size.push(length);
      }
      if (length >= REPEATS_MIN) {
        groupOf[row] = first.length - 1;
        size[first.length - 1] = length;
      }
    }
  };
  family(0, count);
  for (let row = 0; row < count; row++) if (subtreeEnd[row]! > row + 1) family(row + 1, subtreeEnd[row]!);
  return { groupOf, ...measure(columns, subtreeEnd, first, size) };
}

/** When the members of each group ran, and whether side by side. */
function measure(
  { start, duration }: Columns,
  subtreeEnd: Uint32Array,
  first: number[],
  size: number[],
): Omit<Repeats, 'groupOf'> {
  const end = new Uint32Array(first.length);
  const endTime = new Float64Array(first.length);
  const busy = new Float64Array(first.length);
  const parallel = new Uint8Array(first.length);
  for (let group = 0; group < first.length; group++) {
    let covered = 0;
    let row = first[group]!;
    let last = start[row]!;
    for (let member = 0; member < size[group]!; member++) {
      const done = start[row]! + duration[row]!;
      covered += Math.max(0, done - Math.max(last, start[row]!));
      last = Math.max(last, done);
      busy[group]! += duration[row]!;
      row = subtreeEnd[row]!;
    }
    end[group] = row;
    endTime[group] = last;
    parallel[group] = busy[group]! - covered > busy[group]! * OVERLAP_MAX ? 1 : 0;
  }
  return { first: Uint32Array.from(first), size: Uint32Array.from(size), end, endTime, busy, parallel };
}

/** A number for the shape of each row's subtree. Backwards, so that every row is done before its parent asks. */
function shapes({ parent, service, name, kind }: Columns): Uint32Array {
  const shape = new Uint32Array(parent.length);
  const nextSibling = new Uint32Array(parent.length); // Of each parent: the shape of the child that was seen last.
  for (let row = parent.length - 1; row >= 0; row--) {
    // What its children have left here is mixed with what the row is itself.
    let own = mix(shape[row]!, name[row]!);
    own = mix(own, service[row]!);
    own = mix(own, kind[row]! + 1);
    shape[row] = own;
    const above = parent[row]!;
    if (above === NONE || nextSibling[above] === own) continue;
    nextSibling[above] = own;
    shape[above] = mix(shape[above]!, own);
  }
  return shape;
}

/** A step of MurmurHash3 (Austin Appleby, public domain). */
function mix(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) >>> 0;
}
