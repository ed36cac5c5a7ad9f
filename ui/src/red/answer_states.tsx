import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api/client';
import { CANCELLED } from '../api/use_resource';
import { Icon } from '../controls/icon';
import { lookbackLabel } from '../search/lookback';
import { CancelSearch } from '../search/search_states';
import { stepWindow, WINDOWS, type AskedWindow } from './asked_window';

// What stands in place of numbers, or above them: an error, an answer that is not everything, nothing at all.

export function AnswerError({ error, retry }: { error: ApiError; retry: () => void }) {
  const cancelled = error.status === CANCELLED;
  return (
    <section class="state" role="alert">
      <h2>
        <Icon name="error" class="erri" />
        {cancelled ? 'Reading the numbers was cancelled' : 'The numbers could not be read'}
      </h2>
      <p>{error.message}</p>
      {error.status === 0 && <p>See whether the server is running, then try again.</p>}
      <div class="acts">
        <button class="btn sm line" type="button" onClick={retry}>
          Try again
        </button>
      </div>
    </section>
  );
}

/** Says that an answer takes its time, and offers to stop waiting for it. */
export function Reading({ cancel }: { cancel: () => void }) {
  return (
    <p class="reading" role="status">
      Reading the numbers
      <CancelSearch cancel={cancel} />
    </p>
  );
}

/** Says that what stands below is of before, because reading it again failed. */
export function OldAnswer({ error, retry }: { error: ApiError; retry: () => void }) {
  return (
    <div class="note" role="alert">
      <Icon name="warn" />
      These are the numbers of before. Reading them again failed: {error.message}
      <button type="button" class="link" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/** Says that something is missing from the numbers, and why. */
export function Partial({ complete, warnings }: { complete: boolean; warnings?: string[] }) {
  if (complete) return null;
  return (
    <div class="note" role="status">
      <Icon name="warn" />
      This is not everything: {warnings?.join(' ') || 'the server stopped early.'}
    </div>
  );
}

interface NoSpansProps {
  title: string;
  asked: AskedWindow;
  now: number;
  onWindow: (asked: AskedWindow) => void;
  children: ComponentChildren;
}

/** Why a window may hold nothing, and the wider ones that one click leads to. */
export function NoSpans({ title, asked, now, onWindow, children }: NoSpansProps) {
  const { start, end } = stepWindow(asked, now);
  const wider = WINDOWS.filter((lookback) => {
    const window = stepWindow({ lookback, start: 0, end: 0 }, now);
    return window.start < start || window.end - window.start > end - start;
  });
  return (
    <section class="state" role="status">
      <h2>{title}</h2>
      {children}
      <div class="acts">
        {wider.map((lookback) => (
          <button
            key={lookback}
            type="button"
            class="btn sm line"
            onClick={() => onWindow({ lookback, start: 0, end: 0 })}
          >
            {lookbackLabel(lookback)}
          </button>
        ))}
      </div>
    </section>
  );
}
