import { useMemo } from 'preact/hooks';
import { apiUrl } from '../../api/client';
import { useResource } from '../../api/use_resource';
import { useScreenMark } from '../../app/on_screen';
import { CopyButton } from '../../controls/copy_button';
import { Icon } from '../../controls/icon';
import { formatBytes } from '../../format/count';
import { fileName, FORMATS } from '../export_menu';
import type { Session } from '../session';
import { fetchStart } from './fetch_start';
import { prettyJson } from './pretty_json';
import '../grid/grid.css';
import './raw.css';

/** More than this of a trace is for a file, not for a page. */
const SHOWN_BYTES_MAX = 256 * 1024;
/** Lines that are laid out together; those that are not on the screen cost nothing. */
const BLOCK_LINES = 200;

/** The trace as the server's APIs give it. */
export default function RawView({ session }: { session: Session }) {
  const { trace } = session;
  const format = FORMATS.find(({ id }) => id === session.options.value.format) ?? FORMATS[0];
  const path = format.path(trace.id);
  const start = useResource(`start of ${path}`, (signal) => fetchStart(path, SHOWN_BYTES_MAX, signal), false);
  const pretty = useMemo(() => (start.data ? prettyJson(start.data.text) : ''), [start.data]);
  useScreenMark('trace-painted', start.pending ? null : path);
  const cut = start.data !== undefined && !start.data.whole;

  return (
    <div class="raw">
      <div class="table-bar">
        <div class="seg" role="group" aria-label="Format">
          {FORMATS.map(({ id, words }) => (
            <button
              key={id}
              type="button"
              aria-pressed={id === format.id}
              onClick={() => session.set({ format: id === FORMATS[0].id ? '' : id })}
            >
              {words}
            </button>
          ))}
        </div>
        <span class="acts-of-view">
          <CopyButton text={() => pretty} class="btn sm">
            <Icon name="copy" />
            {cut ? 'Copy what is shown' : 'Copy'}
          </CopyButton>
          <a class="btn sm" href={apiUrl(path)} download={fileName(trace, format)}>
            <Icon name="export" />
            Download
          </a>
        </span>
      </div>
      {cut && (
        <p class="note" role="status">
          <Icon name="warn" />
          These are the first {formatBytes(SHOWN_BYTES_MAX)}. Download has the whole trace.
        </p>
      )}
      {start.error ? (
        <div class="state" role="alert">
          <h2>
            <Icon name="error" class="erri" />
            The trace could not be read as {format.words}
          </h2>
          <p>{start.error.message}</p>
          <button type="button" class="btn sm line" onClick={start.retry}>
            Try again
          </button>
        </div>
      ) : (
        <pre class="mono" tabIndex={0} role="region" aria-label={format.words} aria-busy={start.pending}>
          {start.slow ? 'Reading' : blocks(pretty).map((block, index) => <code key={index}>{block}</code>)}
        </pre>
      )}
    </div>
  );
}

function blocks(text: string): string[] {
  const lines = text.split('\n');
  const count = Math.ceil(lines.length / BLOCK_LINES);
  return Array.from({ length: count }, (_, index) =>
    lines.slice(index * BLOCK_LINES, (index + 1) * BLOCK_LINES).join('\n'),
  );
}
