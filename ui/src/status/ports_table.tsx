import type { Received } from '../api/types';
import { CopyButton } from '../controls/copy_button';
import { Icon } from '../controls/icon';
import { formatBytes, formatCount } from '../format/count';
import { formatRate } from '../red/numbers';
import type { Port } from './ports';

const COUNTS: readonly (readonly [Exclude<keyof Received, 'name' | 'bytes'>, string, string])[] = [
  ['requests', 'Requests', ''],
  ['spans', 'Spans', ''],
  ['rejectedSpans', 'Rejected spans', 'their ids were not valid'],
  ['refusedRequests', 'Refused requests', 'there was no room; senders try again'],
  ['badRequests', 'Bad requests', 'they could not be understood'],
];

/** What came in through each port, and how to send to those through which nothing has come. */
export function PortsTable({ ports, tells }: { ports: Port[]; tells: boolean }) {
  return (
    <div role="table" class="tbl ports" aria-labelledby="status-received">
      <div class="tbl-row tbl-head" role="row">
        <span role="columnheader">Port</span>
        <span role="columnheader">Address</span>
        {COUNTS.map(([key, label, hint]) => (
          <span key={key} role="columnheader" class={`num c-${key}`} title={hint}>
            {label}
          </span>
        ))}
        <span role="columnheader" class="num c-bytes">
          Bytes
        </span>
        <span role="columnheader" class="num c-now">
          Spans just now
        </span>
      </div>
      {ports.map((port) => (
        <PortRow key={port.name} port={port} tells={tells} />
      ))}
    </div>
  );
}

function PortRow({ port, tells }: { port: Port; tells: boolean }) {
  const { address, received } = port;
  const quiet = address !== null && tells && (received === null || received.requests === '0');
  return (
    <>
      <div class="tbl-row tbl-data" role="row">
        <span role="cell" class="c-port">
          {port.words}
        </span>
        <span role="cell" class="c-address">
          {address === null ? (
            <span class="dim">
              closed; open it with <span class="mono">{port.flag}</span>
            </span>
          ) : (
            <>
              <span class="mono cut">{address}</span>
              <CopyButton class="btn sm icon" text={address} label={`Copy ${address}`}>
                <Icon name="copy" />
              </CopyButton>
            </>
          )}
        </span>
        {COUNTS.map(([key, label]) => (
          <Count key={key} name={key} label={label} value={received?.[key]} />
        ))}
        <span role="cell" class="num c-bytes">
          {received ? formatBytes(Number(received.bytes)) : ''}
        </span>
        <span role="cell" class={`num c-now${port.spansPerSecond === 0 ? ' none dim' : ''}`}>
          {port.spansPerSecond === null ? '' : formatRate(port.spansPerSecond)}
        </span>
      </div>
      {quiet && port.send && (
        <div class="tbl-row send-row" role="row">
          <span role="cell" class="dim">
            Nothing yet. Programs send here with
          </span>
          <span role="cell" class="mono">
            {port.send(address)}
          </span>
        </div>
      )}
    </>
  );
}

const TROUBLE = new Set(['rejectedSpans', 'refusedRequests', 'badRequests']);

function Count({ name, label, value }: { name: string; label: string; value: string | undefined }) {
  if (value === undefined) return <span role="cell" class={`num c-${name}`} />;
  const trouble = TROUBLE.has(name) && value !== '0';
  return (
    <span role="cell" class={`num c-${name}${value === '0' ? ' none' : ''}`}>
      <span class="narrow-unit">{label} </span>
      {trouble ? (
        <span class="error-share">
          <Icon name="error" />
          {formatCount(Number(value))}
        </span>
      ) : (
        <span class={value === '0' ? 'dim' : ''}>{formatCount(Number(value))}</span>
      )}
    </span>
  );
}
