import type { ApiError } from '../api/client';
import { again } from '../app/location';
import { Icon } from '../controls/icon';
import { counted } from '../format/count';
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
