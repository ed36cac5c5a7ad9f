import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { fetchChallenge, runChallengeCheck } from '../api/endpoints';
import type { ChallengeResult } from '../api/types';
import { announce } from '../app/announce';
import { newsOf, nextWaitMs } from './checks';

export interface Checks {
  /** Whether the server checks at all; unknown until it said so. */
  offered: 'unknown' | 'on' | 'off';
  /** The newest answer, kept while the next one is under way and when it does not come. */
  result: ChallengeResult | null;
  /** Why the newest answer did not come. */
  error: ApiError | null;
  checking: boolean;
  /** It was complete in this visit only just now, which is worth a word. */
  justCompleted: boolean;
  checkNow: () => void;
}

type State = Omit<Checks, 'checkNow'>;
const NOTHING: State = { offered: 'unknown', result: null, error: null, checking: false, justCompleted: false };

const NOT_FOUND = 404;

/**
 * Checks while the page is visible and not everything passes: soon after something changed, ever less often while
 * nothing does. What the reader asks for is checked at once.
 */
export function useChecks(): Checks {
  const [state, setState] = useState<State>(NOTHING);
  const ask = useRef(() => undefined as void);
  useEffect(() => {
    const loop = new CheckLoop(setState);
    ask.current = () => loop.now();
    const onVisibility = () => (document.hidden ? loop.rest() : loop.wake());
    document.addEventListener('visibilitychange', onVisibility);
    loop.wake();
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      loop.end();
    };
  }, []);
  return { ...state, checkNow: () => ask.current() };
}

class CheckLoop {
  private state = NOTHING;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly abort = new AbortController();
  private waitMs = 0;
  private running = false;

  constructor(private readonly show: (state: State) => void) {}

  /** The reader asks, and is told the outcome even where nothing changed. */
  now(): void {
    this.waitMs = 0;
    void this.run(true);
  }

  /** The page is visible again. */
  wake(): void {
    this.waitMs = 0;
    if (!document.hidden && !this.state.result?.passed) void this.run(false);
  }

  rest(): void {
    clearTimeout(this.timer);
  }

  end(): void {
    this.rest();
    this.abort.abort();
  }

  private change(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    this.show(this.state);
  }

  private async run(asked: boolean): Promise<void> {
    if (this.running) return;
    clearTimeout(this.timer);
    this.running = true;
    let changed = false;
    try {
      if (await this.isOn()) changed = await this.check(asked);
    } catch (thrown) {
      if (this.abort.signal.aborted) return;
      const error = thrown instanceof ApiError ? thrown : new ApiError(-1, String(thrown));
      changed = this.state.error === null;
      this.change({ error });
    } finally {
      this.running = false;
      if (!this.abort.signal.aborted) this.change({ checking: false });
    }
    this.waitMs = nextWaitMs(this.waitMs, changed);
    if (!document.hidden && !this.state.result?.passed)
      this.timer = setTimeout(() => void this.run(false), this.waitMs);
  }

  private async isOn(): Promise<boolean> {
    if (this.state.offered === 'on' && this.state.error === null) return true;
    try {
      const { enabled } = await fetchChallenge(this.abort.signal);
      this.change({ offered: enabled ? 'on' : 'off', error: null });
      return enabled;
    } catch (thrown) {
      // A server of before the checks does not know the question.
      if (!(thrown instanceof ApiError) || thrown.status !== NOT_FOUND) throw thrown;
      this.change({ offered: 'off', error: null });
      return false;
    }
  }

  private async check(asked: boolean): Promise<boolean> {
    this.change({ checking: true });
    const before = this.state.result;
    const result = await runChallengeCheck(this.abort.signal);
    const news = newsOf(before, result);
    const justCompleted = result.passed && (this.state.justCompleted || (before !== null && !before.passed));
    this.change({ result, error: null, justCompleted });
    if (news && before) announce(news);
    else if (asked) announce(`Nothing changed: ${result.score} of ${result.maxScore} points.`);
    return news !== '';
  }
}
