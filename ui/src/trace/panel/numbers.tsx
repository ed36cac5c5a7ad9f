import { formatDuration } from '../../format/duration';
import { KIND_SERVER, NONE } from '../columns';
import type { Trace } from '../trace';

/** The first server span of another service that a client span waits for; null for every other span. */
export function calledBy(trace: Trace, row: number): number | null {
  const { columns, structure } = trace;
  if (structure.waitBegin[row] === NONE) return null;
  for (let child = row + 1; child < structure.subtreeEnd[row]!; child = structure.subtreeEnd[child]!) {
    if (columns.kind[child] === KIND_SERVER && columns.service[child] !== columns.service[row]) return child;
  }
  return null;
}

/** What is known of a span without asking for it. */
export function Numbers({ trace, row }: { trace: Trace; row: number }) {
  const { columns, structure } = trace;
  const { timeBefore } = structure.path;
  const time = (units: number) => formatDuration(trace.nano(units));
  const onPath = timeBefore[structure.subtreeEnd[row]!]! - timeBefore[row]!;
  return (
    <dl class="nums">
      <div>
        <dt>Duration</dt>
        <dd>{time(columns.duration[row]!)}</dd>
      </div>
      <div>
        <dt>Starts at</dt>
        <dd>{time(trace.start(row))}</dd>
      </div>
      {calledBy(trace, row) === null ? (
        <div title="Time that none of its children covers">
          <dt>Self</dt>
          <dd>{time(structure.self[row]!)}</dd>
        </div>
      ) : (
        <div title="Time before and after the work of the service that it called">
          <dt>Network</dt>
          <dd>{time(networkOf(trace, row))}</dd>
        </div>
      )}
      <div title="How much of the root's time was waiting for this span, or for what is below it">
        <dt>Critical path</dt>
        <dd>{onPath > 0 ? time(onPath) : 'none'}</dd>
      </div>
    </dl>
  );
}

function networkOf(trace: Trace, row: number): number {
  const { waitBegin, waitEnd } = trace.structure;
  const [start, end] = [trace.start(row), trace.end(row)];
  const begin = Math.min(end, Math.max(start, waitBegin[row]!));
  return begin - start + end - Math.max(begin, Math.min(end, waitEnd[row]!));
}
