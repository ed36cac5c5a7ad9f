import { apiUrl } from '../api/client';
import { jaegerPath, otlpPath } from '../api/endpoints';
import { Icon } from '../controls/icon';
import { MenuButton } from '../controls/menu_button';
import type { Trace } from './trace';

/** The forms in which a trace can be taken along as the server sends it. */
export const FORMATS = [
  { id: 'otlp', words: 'OTLP JSON', path: otlpPath },
  { id: 'jaeger', words: 'Jaeger JSON', path: jaegerPath },
] as const;
export type Format = (typeof FORMATS)[number];

export const fileName = (trace: Trace, { id }: Format) => `${trace.id}.${id}.json`;

/** Downloads of the whole trace. */
export function ExportMenu({ trace }: { trace: Trace }) {
  return (
    <MenuButton
      label="Export"
      class="btn sm wide"
      button={
        <>
          <Icon name="export" />
          Export
        </>
      }
      items={(close) => (
        <>
          {FORMATS.map((format) => (
            <a
              key={format.id}
              role="menuitem"
              tabIndex={-1}
              href={apiUrl(format.path(trace.id))}
              download={fileName(trace, format)}
              onClick={() => setTimeout(close)}
            >
              {format.words}
            </a>
          ))}
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            onClick={() => {
              void import('./table/csv').then(({ downloadCsv }) => downloadCsv(trace, allRows(trace)));
              close();
            }}
          >
            Spans as CSV
          </button>
        </>
      )}
    />
  );
}

const allRows = (trace: Trace) => Uint32Array.from({ length: trace.count }, (_, row) => row);
