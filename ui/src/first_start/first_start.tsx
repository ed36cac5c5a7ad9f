import { useEffect, useRef, useState } from 'preact/hooks';
import { fetchStatus } from '../api/endpoints';
import type { Status } from '../api/types';
import { href } from '../app/location';
import { lessonPlace } from '../app/route';
import { CopyButton } from '../controls/copy_button';
import { Icon } from '../controls/icon';
import { otlpAddresses } from './addresses';
import { waysToConnect, type Snippet } from './snippets';

const POLL = 1000;

interface Props {
  status: Status;
  /** The first span is stored. */
  onArrival: () => void;
}

/** What stands in place of results while nothing has ever been stored: how to send the first span. */
export function FirstStart({ status, onArrival }: Props) {
  const reached = useArrival(onArrival);
  const addresses = otlpAddresses(status, location.hostname);
  const [chosen, setChosen] = useState(0);
  const tabs = useRef<HTMLDivElement>(null);
  if (!addresses.http && !addresses.grpc) return <NothingListens />;
  const ways = waysToConnect(addresses);

  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const next = (chosen + step + ways.length) % ways.length;
    setChosen(next);
    tabs.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
    event.preventDefault();
  };

  return (
    <section class="first" aria-labelledby="first-title">
      <h2 id="first-title">Send the first trace</h2>
      <p>Spoor runs and nothing has been sent to it yet. Connect a program in one of these ways.</p>
      <p>
        New to tracing?{' '}
        <a class="link" href={href(lessonPlace(''))}>
          Learn it here
        </a>
        , with three small services to try it on.
      </p>
      <div class="seg" role="tablist" aria-label="Ways to connect" ref={tabs} onKeyDown={move}>
        {ways.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`way-${index}`}
            aria-controls="way"
            aria-selected={index === chosen}
            tabIndex={index === chosen ? 0 : -1}
            onClick={() => setChosen(index)}
          >
            {name}
          </button>
        ))}
      </div>
      <ol id="way" role="tabpanel" aria-labelledby={`way-${chosen}`}>
        {ways[chosen]?.steps.map((step) => (
          <Step key={step.text} step={step} />
        ))}
      </ol>
      <p class="waiting" role="status">
        {reached ? (
          <>
            <i class="pulse" />
            Waiting for the first span. It shows up here by itself.
          </>
        ) : (
          <>
            <Icon name="error" class="erri" />
            The server does not answer. Waiting for it.
          </>
        )}
      </p>
    </section>
  );
}

function Step({ step }: { step: Snippet }) {
  return (
    <li>
      <p>{step.text}</p>
      {step.lines && (
        <div class="lines">
          <pre class="mono" tabIndex={0}>
            {step.lines}
          </pre>
          <CopyButton class="btn sm line" text={step.lines}>
            <Icon name="copy" />
            Copy
          </CopyButton>
        </div>
      )}
    </li>
  );
}

function NothingListens() {
  return (
    <section class="state">
      <h2>
        <Icon name="warn" class="warni" />
        This server takes no spans
      </h2>
      <p>
        It was started without an OTLP port. Start it with <span class="mono">--otlp-http-port 4318</span> or{' '}
        <span class="mono">--otlp-grpc-port 4317</span>.
      </p>
    </section>
  );
}

/** Asks every second whether something is stored; says whether the server answers. */
function useArrival(onArrival: () => void): boolean {
  const [reached, setReached] = useState(true);
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const ask = async () => {
      try {
        const { spansStored } = await fetchStatus(abort.signal);
        setReached(true);
        if (spansStored !== '0') return onArrival();
      } catch {
        if (abort.signal.aborted) return;
        setReached(false);
      }
      timer = setTimeout(() => void ask(), POLL);
    };
    timer = setTimeout(() => void ask(), POLL);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, []);
  return reached;
}
