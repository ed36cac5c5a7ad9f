import { batch } from '@preact/signals';
import { foldLine, groupOfLine, isRest, isSpan, restLine } from './lines';
import { rowNamed, spanName } from './page_address';
import { Session } from './session';
import { NONE } from './columns';
import { isWhole } from './time_window';
import type { Trace } from './trace';

// A trace that was read again, with more spans: rows, and even the start of the trace, are others now. The reader goes
// on where they were, by the ids of spans.

/** A session on a newer reading of the same trace that shows what the one before showed. */
export function continueSession(before: Session, trace: Trace): Session {
  const { searchParams } = new URL(before.address(), 'http://any');
  const session = new Session(trace, searchParams);
  const row = (old: number | null) => (old === null ? null : rowNamed(trace, spanName(before.trace, old)));
  batch(() => {
    const { from, to } = before.window.peek();
    if (!isWhole({ from, to }, before.trace.total)) {
      const moved = Number(before.trace.columns.startNano - trace.columns.startNano);
      const units = (time: number) => (before.trace.nano(time) + moved) / trace.columns.unit;
      session.show(units(from), units(to));
    }
    session.cursor.value = sameLine(before, trace, row);
    session.topRow = row(before.topRow);
  });
  return session;
}

/** The line of the cursor: that of the same span, or of the group of which the same span is the first. */
function sameLine(
  { cursor, trace: old }: Session,
  trace: Trace,
  row: (old: number | null) => number | null,
): number | null {
  const line = cursor.peek();
  if (line === null || isSpan(old.structure, line)) return row(line);
  const first = row(old.structure.repeats.first[groupOfLine(old.structure, line)]!);
  const group = first === null ? NONE : trace.structure.repeats.groupOf[first]!;
  if (group === NONE) return first;
  return isRest(old.structure, line) ? restLine(trace.structure, group) : foldLine(trace.structure, group);
}
