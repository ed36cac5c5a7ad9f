import { useState } from 'preact/hooks';
import type { ApiError } from '../api/client';
import { href } from '../app/location';
import { lessonPlace } from '../app/route';
import { tracePlace } from '../app/trace_id';
import { Icon, Mark } from '../controls/icon';
import { rowsOf, type Row } from './checks';
import type { Checks } from './use_checks';

/** The six checks, live: score, rows, and what each that does not pass is missing. */
export function ChecksPanel({ checks }: { checks: Checks }) {
  const { offered, result, error } = checks;
  return (
    <section class="checks" aria-labelledby="checks-title">
      <h2 id="checks-title">Your progress</h2>
      {offered === 'off' ? (
        <NotOffered />
      ) : (
        <>
          <Score checks={checks} />
          {error && <Unanswered error={error} old={result !== null} />}
          {checks.justCompleted && <Complete />}
          <Rows rows={rowsOf(result)} />
        </>
      )}
    </section>
  );
}

function Score({ checks: { result, checking, offered, checkNow } }: { checks: Checks }) {
  const [score, most] = [result?.score ?? 0, result?.maxScore ?? 100];
  return (
    <div class="checks-score">
      <p>
        <b>{result ? score : '–'}</b> <span class="dim">of {most} points</span>
      </p>
      <button
        type="button"
        class="btn sm line"
        aria-disabled={checking}
        onClick={() => !checking && checkNow()}
      >
        <Icon name="check" />
        {checking ? 'Checking…' : 'Check now'}
      </button>
      <progress value={score} max={most} aria-label="Points" />
      <p class="dim checks-how">
        {offered === 'unknown'
          ? 'Asking the server whether it checks…'
          : result?.passed
            ? 'Everything passes. “Check now” looks again.'
            : 'Checked by itself while this page is open: real requests to your services, and their traces.'}
      </p>
    </div>
  );
}

function Rows({ rows }: { rows: Row[] }) {
  const first = rows.find(({ state }) => state === 'failed')?.task;
  return (
    <ol class="checks-rows">
      {rows.map((row) => (
        <CheckRow key={row.task} row={row} opensItself={row.task === first} />
      ))}
    </ol>
  );
}

const STATE_WORDS = { unknown: 'not checked yet', passed: 'passed', failed: 'not yet' };

/** A row; one that does not pass unfolds, the first of them by itself until the reader decides. */
function CheckRow({ row, opensItself }: { row: Row; opensItself: boolean }) {
  const { state, told, task, title, points } = row;
  const [chosen, choose] = useState<boolean | null>(null);
  const open = chosen ?? (opensItself && state === 'failed');
  const inside = `check-${task}`;
  const head = (
    <>
      <span class="check-mark">
        {state === 'passed' && <Icon name="check" />}
        {state === 'failed' && <Icon name="close" />}
      </span>
      <span class="check-title">{title}</span>
      <span class="sr">, {STATE_WORDS[state]},</span>
      <span class="check-points">
        {state === 'passed' ? `${points}/${points}` : `0/${points}`}
        <span class="sr"> points</span>
      </span>
    </>
  );
  if (!told) {
    return (
      <li class="check is-unknown">
        <div class="check-head">{head}</div>
      </li>
    );
  }
  return (
    <li class={`check is-${state}`}>
      <button
        type="button"
        class="check-head"
        aria-expanded={open}
        aria-controls={inside}
        onClick={() => choose(!open)}
      >
        {head}
        <Icon name={open ? 'up' : 'down'} class="check-fold" />
      </button>
      <div id={inside} class="check-inside" hidden={!open}>
        <Told row={row} />
      </div>
    </li>
  );
}

function Told({ row: { told, state, lesson } }: { row: Row }) {
  const causes = told?.causes ?? [];
  return (
    <>
      {state === 'passed' && <p>This is as it should be.</p>}
      {told?.missing && <p>{told.missing}</p>}
      {state === 'failed' && causes.length > 0 && (
        <>
          <p class="check-label">Likely {causes.length === 1 ? 'cause' : 'causes'}</p>
          <ul>
            {causes.map((cause) => (
              <li key={cause}>{cause}</li>
            ))}
          </ul>
        </>
      )}
      {state === 'failed' && told?.fix && (
        <>
          <p class="check-label">What to do</p>
          <p>{told.fix}</p>
        </>
      )}
      <p class="check-links">
        <a class="link" href={href(lessonPlace(lesson))}>
          The lesson
        </a>
        {told?.traceID && (
          <a class="link" href={href(tracePlace({ traceId: told.traceID, spanId: null, find: null }))}>
            The trace that was found
          </a>
        )}
      </p>
    </>
  );
}

function Unanswered({ error, old }: { error: ApiError; old: boolean }) {
  return (
    <p class="checks-note">
      <Icon name="warn" class="warni" />
      <span>
        {error.message} {old && 'What stands below was true a moment ago.'} Checking goes on by itself.
      </span>
    </p>
  );
}

function NotOffered() {
  return (
    <div class="checks-off">
      <p>
        This server does not check: it was started without <code>--challenge on</code>. The lessons can be read
        all the same.
      </p>
      <p>
        <code>./challenge up</code> starts one that does. So does <code>spoor serve --challenge on</code>, and
        then six checks stand here and turn green while you work.
      </p>
      <p>
        In a terminal, <code>spoor check</code> tells the same.{' '}
        <a href={href(lessonPlace('get_started'))}>Get started</a> shows how.
      </p>
    </div>
  );
}

function Complete() {
  return (
    <div class="checks-complete">
      <Mark />
      <p>
        <b>All six pass.</b> Each request now leaves a spoor through all three services. Go on with{' '}
        <a href={href(lessonPlace('task_5_custom_spans'))}>spans of your own</a>, or with what they tell:{' '}
        <a href={href(lessonPlace('task_7_slowest'))}>find the slowest</a>.
      </p>
    </div>
  );
}
