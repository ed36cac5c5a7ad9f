// The critical path of a made-up trace, by the definition in src/analyze/critical_path.h. Times are in units of the
// trace.

/** @typedef {{row: number, kind: number, start: number, end: number}} Segment row -1: a gap */

const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5];
const PARENT_MISSING = 16;
export const [WORK, NETWORK, GAP, OUTSIDE] = [0, 1, 2, 3];

/**
 * @param {import('./encode_columns.mjs').PlainTrace} trace
 * @returns {Segment[]} ascending, each beginning where the one before ends
 */
export function criticalPath({ spans, unit }) {
  const microsecond = 1000 / unit;
  /** @type {number[][]} the last is the imagined root's */
  const children = Array.from({ length: spans.length + 1 }, () => []);
  spans.forEach(({ parent }, row) => children.at(parent < 0 ? -1 : parent)?.push(row));
  const at = (/** @type {number} */ row) => {
    const span = spans[row];
    if (!span) throw new Error(`There is no row ${row}.`);
    return span;
  };
  const endOf = (/** @type {import('./encode_columns.mjs').PlainSpan} */ span) => span.start + span.duration;

  const isMessage = (/** @type {number} */ row, /** @type {number} */ parent) =>
    parent >= 0 &&
    at(parent).kind === PRODUCER &&
    at(row).kind === CONSUMER &&
    endOf(at(row)) > endOf(at(parent));

  // Work of the same process, of which more than a quarter lies behind the parent's end.
  const isLeftBehind = (/** @type {number} */ row, /** @type {number} */ parent) => {
    if (parent < 0 || at(row).service !== at(parent).service) return false;
    if (at(row).kind === SERVER || at(row).kind === CONSUMER) return false;
    return 4 * (endOf(at(row)) - endOf(at(parent))) > at(row).duration;
  };

  const kindOf = (/** @type {number} */ row) => {
    if (row < 0) return GAP;
    const span = at(row);
    const { kind, service } = span;
    if (kind !== CLIENT && kind !== PRODUCER) return WORK;
    const below = (children[row] ?? []).filter((child) => !isMessage(child, row));
    const called = below
      .map(at)
      .some(
        (child) =>
          (child.kind === SERVER || child.kind === CONSUMER) &&
          child.service !== service &&
          child.start <= endOf(span) &&
          endOf(child) >= span.start,
      );
    return called ? NETWORK : below.length > 0 ? WORK : OUTSIDE;
  };

  // The children that count, the one that goes first at the end.
  const candidates = (/** @type {number} */ row, /** @type {number} */ start, /** @type {number} */ end) =>
    (children.at(row) ?? [])
      .filter((child) => !isMessage(child, row) && !isLeftBehind(child, row))
      .map((child) => ({
        row: child,
        ownEnd: endOf(at(child)),
        start: Math.max(start, at(child).start),
        end: Math.min(end, endOf(at(child))),
      }))
      .filter((child) => child.start < child.end)
      .sort((a, b) => a.end - b.end || b.ownEnd - a.ownEnd || b.start - a.start || b.row - a.row);

  const enter = (/** @type {number} */ row, /** @type {number} */ start, /** @type {number} */ end) => ({
    row,
    kind: kindOf(row),
    start,
    time: end,
    after: 0,
    left: candidates(row, start, end),
  });

  /** @type {Segment[]} */
  const backwards = [];
  const root = spans.findIndex(({ parent, flags }) => parent < 0 && !(flags & PARENT_MISSING));
  const end = spans.reduce((last, span) => Math.max(last, endOf(span)), 0);
  const open = [root < 0 ? enter(-1, 0, end) : enter(root, at(root).start, endOf(at(root)))];
  for (let span = open.at(-1); span; span = open.at(-1)) {
    const child = span.left.pop();
    const until = child ? Math.min(child.end, span.time) : span.start;
    if (child && child.end > span.time) {
      const overlap = child.end - span.time;
      const shorter = Math.min(child.end - child.start, span.after);
      if (overlap * 16 > shorter && (overlap > microsecond || overlap * 4 > shorter)) continue;
    }
    if (until < span.time) backwards.push({ row: span.row, kind: span.kind, start: until, end: span.time });
    if (!child) {
      open.pop();
      continue;
    }
    span.time = child.start;
    span.after = child.end - child.start;
    open.push(enter(child.row, child.start, until));
  }
  return backwards.reverse();
}
