import { useMemo } from 'preact/hooks';
import { useCommands, type Command } from '../app/keys/command';
import { here, href, lastSearch, navigate } from '../app/location';
import { tracePlace } from '../app/trace_id';
import { Icon } from '../controls/icon';
import { formatCount } from '../format/count';
import { positionInResults, type ResultPosition } from '../search/last_results';

/** The way back to the results, and to the traces before and after this one in them. */
export function ResultsWay({ id }: { id: string | null }) {
  const position = useMemo(() => (id === null ? null : positionInResults(id)), [id]);
  return (
    <div class="crumb">
      <BackToResults to={position?.at ?? lastSearch.value} />
      {position && <Steps position={position} />}
      <i class="divider" />
    </div>
  );
}

/** Really back, to the same place in the list, where this page was opened from it. */
function BackToResults({ to }: { to: string }) {
  return (
    <a
      class="btn sm"
      href={href(to)}
      onClick={(event) => {
        if (!here.value.from.startsWith('/search') || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        history.back();
      }}
    >
      <Icon name="left" size={12} />
      Results
    </a>
  );
}

const place = (traceId: string) => tracePlace({ traceId, spanId: null, find: null });

/** "6 of 312" between the links to the neighbours. The list may go on where the reader did not load it further. */
function Steps({ position: { number, count, previous, next } }: { position: ResultPosition }) {
  useCommands(() => {
    const step = (words: string, key: string, to: string | undefined): Command[] =>
      to === undefined
        ? []
        : [{ id: words, group: 'Results', words, keys: [key], run: () => navigate(place(to)) }];
    return {
      layer: 'page',
      commands: [
        ...step('Open the previous result', 'K', previous),
        ...step('Open the next result', 'J', next),
      ],
    };
  }, [previous, next]);
  return (
    <span class="steps" role="group" aria-label="Results">
      <Step to={previous} words="Previous result" letter="K" icon="up" />
      <span title={`Number ${formatCount(number)} of the ${formatCount(count)} traces that the list showed`}>
        {formatCount(number)} of {formatCount(count)}
      </span>
      <Step to={next} words="Next result" letter="J" icon="down" />
    </span>
  );
}

interface StepProps {
  to: string | undefined;
  words: string;
  letter: string;
  icon: 'up' | 'down';
}

function Step({ to, words, letter, icon }: StepProps) {
  return (
    <a
      class="btn sm"
      href={to === undefined ? undefined : href(place(to))}
      role="link"
      aria-disabled={to === undefined}
      aria-label={words}
      aria-keyshortcuts={`Shift+${letter}`}
      title={`${words} (${letter})`}
    >
      <Icon name={icon} size={14} />
    </a>
  );
}
