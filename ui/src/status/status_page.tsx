import '../table/table.css';
import './status.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { fetchStatus } from '../api/endpoints';
import type { Status } from '../api/types';
import { useCommands } from '../app/keys/command';
import { useScreenMark } from '../app/on_screen';
import { TopBar } from '../app/top_bar';
import { Icon } from '../controls/icon';
import { counted, formatBytes, formatCount } from '../format/count';
import { formatDuration } from '../format/duration';
import { formatAgo, formatTime } from '../format/time';
import { formatRate } from '../red/numbers';
import { portsOf, queryAddress, perSecond } from './ports';
import { PortsTable } from './ports_table';
import { diskUsage, usage, type Usage } from './usage';
import { usePolled, type Sample } from './use_polled';

const EVERY_MS = 5000;

/** A server of another version may tell less. */
type Told = Pick<Status, 'version' | 'endpoints' | 'spansStored'> & Partial<Status>;

const at = (nanoseconds: string) => Number(BigInt(nanoseconds) / 1_000_000n);

export default function StatusPage() {
  const [active, setActive] = useState(true);
  const { latest, before, error, askNow } = usePolled<Told>(fetchStatus, EVERY_MS, active);
  useEffect(() => {
    document.title = 'Status · Spoor';
  }, []);
  useScreenMark('status-ready', latest || error ? 'ready' : null);
  useCommands(
    () => ({
      layer: 'page',
      commands: [
        {
          id: 'status-pause',
          group: 'Status',
          words: active ? 'Pause refreshing' : 'Refresh again',
          keys: ['p'],
          run: () => setActive(!active),
        },
      ],
    }),
    [active],
  );
  return (
    <>
      <TopBar
        actions={
          <button type="button" class="btn sm" aria-pressed={!active} onClick={() => setActive(!active)}>
            <Icon name="clock" />
            {active ? 'Pause' : 'Paused'}
          </button>
        }
      >
        <h1>Status</h1>
        <span class="dim wide">
          {active ? 'refreshes every 5 s' : latest && `as of ${formatTime(latest.at)}`}
        </span>
      </TopBar>
      {error && (
        <div class="note" role="alert">
          <Icon name="warn" />
          {error.message} {latest ? `What stands below is of ${formatAgo(latest.at, Date.now())}.` : ''}{' '}
          {active ? 'It is asked again every 5 s.' : ''}
          <button type="button" class="link" onClick={askNow}>
            Ask now
          </button>
        </div>
      )}
      {latest && <Told latest={latest} before={before} old={error !== null} />}
    </>
  );
}

interface ToldProps {
  latest: Sample<Told>;
  before: Sample<Told> | null;
  old: boolean;
}

function Told({ latest, before, old }: ToldProps) {
  const status = latest.value;
  const { stored, disk, retention, memory } = status;
  const ports = portsOf(latest, before, location.hostname);
  return (
    <div class={old ? 'status old-answer' : 'status'}>
      <Opening latest={latest} before={before} />
      {stored && Number(stored.damage) > 0 && <Damage count={Number(stored.damage)} />}
      <section aria-labelledby="status-received">
        <h2 id="status-received">Received since the start</h2>
        <PortsTable ports={ports} tells={status.received !== undefined} />
      </section>
      <div class="status-columns">
        {stored && (
          <Facts title="Stored">
            <Fact name="Spans">{formatCount(Number(status.spansStored))}</Fact>
            <Fact name="Of these live" hint="in memory and in the log, not yet in a block">
              {formatCount(Number(stored.spansLive))}, {formatBytes(Number(stored.liveBytes))}
            </Fact>
            <Fact name="Blocks">
              {formatCount(Number(stored.blocks))}
              {Number(stored.sealing) > 0 && `, ${formatCount(Number(stored.sealing))} being written`}
              {status.compaction?.running && ', some being merged'}
            </Fact>
            {status.compaction && Number(status.compaction.merges) > 0 && (
              <Fact name="Merged since the start" hint="small blocks become large ones in the background">
                {formatCount(Number(status.compaction.blocksMerged))} blocks into{' '}
                {formatCount(Number(status.compaction.merges))}
              </Fact>
            )}
            <Arrival name="Oldest came" nanoseconds={stored.oldestUnixNano} now={latest.at} />
            <Arrival name="Newest came" nanoseconds={stored.newestUnixNano} now={latest.at} />
          </Facts>
        )}
        {disk && (
          <Facts
            title="Disk"
            before={<Bar usage={diskUsage(disk)} name="Disk" />}
            after={diskUsage(disk).tight && <TightDisk limited={Number(disk.maxBytes) > 0} />}
          >
            <Fact name="Used">
              {formatBytes(Number(disk.usedBytes))}
              {Number(disk.maxBytes) > 0 && ` of at most ${formatBytes(Number(disk.maxBytes))}`}
            </Fact>
            <Fact name="Free on the disk">{formatBytes(Number(disk.freeBytes))}</Fact>
            {stored && (
              <>
                <Fact name="Blocks and log">
                  {formatBytes(Number(stored.blockBytes))} and {formatBytes(Number(stored.walBytes))}
                </Fact>
                {stored.rollupBytes && (
                  <Fact name="Numbers of services">{formatBytes(Number(stored.rollupBytes))}</Fact>
                )}
              </>
            )}
            <Fact name="Folder">
              <span class="mono">{disk.folder}</span>
            </Fact>
          </Facts>
        )}
        {retention && (
          <Facts
            title="Kept for"
            after={
              <p class="dim">
                {disk && Number(disk.maxBytes) > 0
                  ? 'The oldest blocks go earlier where the limit of the disk is reached.'
                  : 'Nothing else removes what was stored: --max-disk sets no limit.'}
              </p>
            }
          >
            <Fact name="Spans">{keptFor(retention.spansNano)}</Fact>
            {retention.rollupsNano && (
              <Fact name="Numbers of services" hint="rates, errors and durations by the minute">
                {keptFor(retention.rollupsNano)}
              </Fact>
            )}
          </Facts>
        )}
        {memory && (
          <Facts
            title="Memory"
            before={<Bar usage={usage(memory.usedBytes, memory.budgetBytes)} name="Memory budget" />}
          >
            <Fact name="Of the budget">
              {formatBytes(Number(memory.usedBytes))} of {formatBytes(Number(memory.budgetBytes))}
            </Fact>
            <Fact name="Resident">{formatBytes(Number(memory.residentBytes))}</Fact>
          </Facts>
        )}
        <Facts title="This server">
          <Fact name="Version">
            {status.version}
            {status.commit && (
              <>
                {' '}
                <span class="mono dim">{status.commit.slice(0, 12)}</span>
              </>
            )}
          </Fact>
          {status.startedUnixNano && (
            <Fact name="Started">
              {formatAgo(at(status.startedUnixNano), latest.at)}{' '}
              <span class="dim">{formatTime(at(status.startedUnixNano))}</span>
            </Fact>
          )}
          <Fact name="Pages and API">
            <span class="mono">{queryAddress(status.endpoints, location.hostname) ?? document.baseURI}</span>
          </Fact>
          <Fact name="For Prometheus">
            <a class="link" href={new URL('metrics', document.baseURI).href} target="_blank" rel="noreferrer">
              /metrics
            </a>
          </Fact>
        </Facts>
      </div>
    </div>
  );
}

/** The state in one line: is it ready, how much is there, how much comes. */
function Opening({ latest, before }: Omit<ToldProps, 'old'>) {
  const status = latest.value;
  const stored = Number(status.spansStored);
  const arriving =
    before && status.spansReceived !== undefined && before.value.spansReceived !== undefined
      ? perSecond(status.spansReceived, before.value.spansReceived, latest.at - before.at)
      : null;
  return (
    <section class="opening" aria-label="In short">
      <p role="status">
        <span class="big">{stored === 0 ? 'No spans yet' : counted(stored, 'span')}</span>{' '}
        <span class="dim">
          {stored > 0 && 'stored. '}
          {status.ready === false
            ? 'The server is starting: it reads what it had stored.'
            : arriving === null
              ? 'The server is ready.'
              : arriving === 0
                ? 'The server is ready; nothing arrives just now.'
                : `The server is ready; ${formatRate(arriving)} arrive.`}
        </span>
      </p>
    </section>
  );
}

function Damage({ count }: { count: number }) {
  return (
    <div class="note damage" role="alert">
      <Icon name="error" class="erri" />
      <span>
        <b>{counted(count, 'damaged part')} on the disk.</b> Everything else is served, and nothing wrong is
        shown. The log names file and offset, under “damage”: restore that file from a backup, or remove it
        while the server is stopped.
      </span>
    </div>
  );
}

function TightDisk({ limited }: { limited: boolean }) {
  return (
    <p class="tight">
      <Icon name="warn" class="warni" />
      {limited
        ? 'Nearly at its limit: the oldest blocks go to make room. Raise --max-disk to keep more.'
        : 'The disk is nearly full: with less than 64 MiB free, spans are refused. Make room, or set --max-disk.'}
    </p>
  );
}

function keptFor(nanoseconds: string): string {
  return nanoseconds === '0' ? 'as long as there is room' : formatDuration(Number(nanoseconds));
}

function Arrival({ name, nanoseconds, now }: { name: string; nanoseconds: string | null; now: number }) {
  return (
    <Fact name={name}>
      {nanoseconds === null ? (
        <span class="dim">nothing yet</span>
      ) : (
        <>
          {formatAgo(at(nanoseconds), now)} <span class="dim">{formatTime(at(nanoseconds))}</span>
        </>
      )}
    </Fact>
  );
}

interface FactsProps {
  title: string;
  before?: ComponentChildren;
  after?: ComponentChildren;
  children: ComponentChildren;
}

function Facts({ title, before, after, children }: FactsProps) {
  return (
    <section class="facts-list" aria-label={title}>
      <h2>{title}</h2>
      {before}
      <dl>{children}</dl>
      {after}
    </section>
  );
}

function Fact({ name, hint, children }: { name: string; hint?: string; children: ComponentChildren }) {
  return (
    <div>
      <dt title={hint}>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A bar with its share as a word: the numbers stand below it. */
function Bar({ usage: { used, most, share, tight }, name }: { usage: Usage; name: string }) {
  if (share === null) return null;
  const percent = share > 0 && share < 0.01 ? '<1 %' : `${Math.round(share * 100)} %`;
  return (
    <div class="usage">
      <span
        class={tight ? 'usage-bar tight' : 'usage-bar'}
        role="meter"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={most}
        aria-valuenow={Math.min(used, most)}
        aria-valuetext={`${percent} used`}
      >
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <span>{percent} used</span>
    </div>
  );
}
