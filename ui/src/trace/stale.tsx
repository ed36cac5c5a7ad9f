import type { ApiError } from '../api/client';
import { again } from '../app/location';
import { Icon } from '../controls/icon';
import { counted } from '../format/count';
import { TRACE_ROOT_MISSING } from './columns';
import type { Session } from './session';

/** Says that the trace has grown since it was opened. */
export function Stale({ session }: { session: Session }) {
  const news = (session.storedSpans.value ?? 0) - session.trace.count;
  if (news <= 0) return null;
  return (
    <div class="note" role="status">
      <Icon name="clock" />
      Still arriving: {counted(news, 'new span')} since you opened it.
      <button type="button" class="link" onClick={again}>
        Show {news === 1 ? 'it' : 'them'}
      </button>
    </div>
  );
}

/** Says why the first line is not a root, and what can be done. */
export function RootMissing({ session }: { session: Session }) {
  if (!(session.trace.columns.flags & TRACE_ROOT_MISSING)) return null;
  return (
    <div class="note">
      <Icon name="warn" />
      <span>
        The root of this trace is not here. It may still run or be on its way, its service may not have sampled
        it, may have dropped it, or sends it elsewhere.
      </span>
      <button type="button" class="link" onClick={again}>
        Look again
      </button>
    </div>
  );
}

export function NotReadAgain({ error, retry }: { error: ApiError; retry: () => void }) {
  return (
    <div class="note" role="alert">
      <Icon name="warn" />
      This is how the trace was before. Reading it again failed: {error.message}
      <button type="button" class="link" onClick={retry}>
        Try again
      </button>
    </div>
  );
}
