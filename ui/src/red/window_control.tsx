import { useEffect, useState } from 'preact/hooks';
import { useCommands } from '../app/keys/command';
import { again } from '../app/location';
import { Icon } from '../controls/icon';
import { formatMoment, formatTimeRange } from '../format/time_range';
import { CUSTOM, lookbackLabel, parseLookback } from '../search/lookback';
import { TextField } from '../search/text_field';
import { fromFieldText, toFieldText } from '../search/time_field';
import { DEFAULT_LOOKBACK, stepWindow, WINDOWS, type AskedWindow } from './asked_window';

const SHORT: Record<string, string> = { m: 'min', h: 'h', d: 'd', w: 'w' };

/** 15m is "15 min". */
function shortLabel(lookback: string): string {
  return lookback.replace(/[a-z]$/, (unit) => ` ${SHORT[unit] ?? unit}`);
}

interface Props {
  asked: AskedWindow;
  /** ms since 1970: what a lookback counts from. */
  now: number;
  onWindow: (asked: AskedWindow) => void;
}

/** How far back a page looks: five common windows, or a range by typing. Charts set the same range by dragging. */
export function WindowControl({ asked, now, onWindow }: Props) {
  const [typing, setTyping] = useState(false);
  const custom = asked.lookback === CUSTOM;
  const offered = custom || WINDOWS.includes(asked.lookback) ? WINDOWS : [...WINDOWS, asked.lookback];
  useEffect(() => setTyping(false), [asked.lookback, asked.start, asked.end]);
  return (
    <>
      <div class="seg" role="group" aria-label="Time">
        {offered.map((lookback) => (
          <button
            key={lookback}
            type="button"
            aria-pressed={asked.lookback === lookback}
            title={lookbackLabel(lookback)}
            onClick={() => onWindow({ lookback, start: 0, end: 0 })}
          >
            {shortLabel(lookback)}
          </button>
        ))}
      </div>
      {custom ? (
        <span class="choice">
          <button
            type="button"
            aria-expanded={typing}
            title="Change the range"
            onClick={() => setTyping(!typing)}
          >
            {formatTimeRange(asked.start, asked.end, now)}
          </button>
          <button
            type="button"
            aria-label="Back to the last hour"
            onClick={() => onWindow({ lookback: DEFAULT_LOOKBACK, start: 0, end: 0 })}
          >
            <Icon name="close" />
          </button>
        </span>
      ) : (
        <button type="button" class="btn sm" aria-expanded={typing} onClick={() => setTyping(!typing)}>
          <Icon name="clock" />
          Range
        </button>
      )}
      {!custom && <Refresh now={now} />}
      {typing && <RangeFields asked={asked} now={now} onWindow={onWindow} />}
    </>
  );
}

/** From then on the page says how old its numbers are. */
const STALE_MS = 2 * 60_000;
const LOOK_MS = 20_000;

/** Reads a lookback again, which then ends now; says of when the numbers are once they are old. */
function Refresh({ now }: { now: number }) {
  const [stale, setStale] = useState(false);
  useEffect(() => {
    setStale(false);
    const timer = setInterval(() => setStale(Date.now() - now > STALE_MS), LOOK_MS);
    return () => clearInterval(timer);
  }, [now]);
  useCommands(
    () => ({
      layer: 'page',
      commands: [
        { id: 'refresh', group: 'This page', words: 'Read the numbers again', keys: ['r'], run: again },
      ],
    }),
    [],
  );
  return (
    <button type="button" class="btn sm" title="Read the numbers again (r)" onClick={again}>
      Refresh
      {stale && <span class="dim">as of {formatMoment(now)}</span>}
    </button>
  );
}

function RangeFields({ asked, now, onWindow }: Props) {
  const shown = stepWindow(asked, now);
  const [from, setFrom] = useState(String(shown.start * 1000));
  const [to, setTo] = useState(
    String(Math.min(shown.end, parseLookback(asked.lookback) ? now : shown.end) * 1000),
  );
  const [wrong, setWrong] = useState<{ from?: string; to?: string }>({});
  const submit = (event: Event) => {
    event.preventDefault();
    const [start, end] = [Number(from) / 1000, Number(to) / 1000];
    if (from === '') return setWrong({ from: 'Choose a time' });
    if (to === '') return setWrong({ to: 'Choose a time' });
    if (end <= start) return setWrong({ to: 'Not after the start' });
    setWrong({});
    onWindow({ lookback: CUSTOM, start, end });
  };
  return (
    <form class="window-range" aria-label="Range" onSubmit={submit} noValidate>
      <TextField
        label="From"
        type="datetime-local"
        value={toFieldText(from)}
        error={wrong.from}
        onValue={(value) => setFrom(fromFieldText(value))}
      />
      <TextField
        label="To"
        type="datetime-local"
        value={toFieldText(to)}
        error={wrong.to}
        onValue={(value) => setTo(fromFieldText(value))}
      />
      <button type="submit" class="btn line">
        Show
      </button>
    </form>
  );
}
