import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../../controls/icon';
import { formatDuration } from '../../format/duration';
import type { Session } from '../session';
import { isWhole } from '../time_window';
import { NamesResizer } from './names_resizer';
import { WaterfallView } from './waterfall_view';

/** The places of the waterfall; a view draws into them. */
export function Waterfall({ session }: { session: Session }) {
  const scroller = useRef<HTMLDivElement>(null);
  const names = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const bars = useRef<HTMLCanvasElement>(null);
  const ruler = useRef<HTMLCanvasElement>(null);
  const minimap = useRef<HTMLCanvasElement>(null);
  const [namesWidth, setNamesWidth] = useState<number | null>(null);

  useEffect(() => {
    const view = new WaterfallView(
      {
        scroller: scroller.current!,
        names: names.current!,
        spacer: spacer.current!,
        bars: bars.current!,
        ruler: ruler.current!,
        minimap: minimap.current!,
      },
      session,
      () => performance.mark('trace-painted'),
    );
    return () => view.release();
  }, [session]);

  return (
    <div class="left" style={namesWidth === null ? {} : { '--names': `${namesWidth}px` }}>
      <div class="over">
        <div class="info">
          <Range session={session} />
          <button
            type="button"
            class="btn sm icon push"
            aria-label="Show the whole trace"
            title="Show the whole trace (F)"
            onClick={() => session.fit()}
          >
            <Icon name="fit" />
          </button>
        </div>
        <div class="mm">
          <canvas
            ref={minimap}
            role="slider"
            tabIndex={0}
            aria-label="Time window"
            aria-valuemin={0}
            aria-valuemax={100}
            aria-orientation="horizontal"
          />
        </div>
      </div>
      <div class="ruler">
        <div class="h">
          <span class="cut">Service and operation</span>
          <button
            type="button"
            class="btn push"
            aria-label="Collapse all"
            title="Collapse all ( [ )"
            onClick={() => session.collapseAll()}
          >
            <Icon name="right" />
          </button>
          <button
            type="button"
            class="btn"
            aria-label="Expand all"
            title="Expand all ( ] )"
            onClick={() => session.expandAll()}
          >
            <Icon name="down" />
          </button>
        </div>
        <div class="rr">
          <canvas ref={ruler} aria-hidden="true" />
        </div>
      </div>
      <div class="wf" ref={scroller} tabIndex={0} role="treegrid" aria-label="Spans" aria-readonly="true">
        <div class="view" role="presentation">
          <div class="names" ref={names} role="presentation" />
          <canvas class="bars" ref={bars} aria-hidden="true" />
        </div>
        <div class="spacer" ref={spacer} role="presentation" />
      </div>
      {session.lines.value.line.length === 0 && <NothingMatches session={session} />}
      <NamesResizer onWidth={setNamesWidth} />
    </div>
  );
}

/** Everything is filtered away. */
function NothingMatches({ session }: { session: Session }) {
  return (
    <div class="state nothing" role="status">
      <h2>No span matches all of this</h2>
      <p>The spans that do not match are hidden.</p>
      <button type="button" class="btn sm line" onClick={() => session.hide(false)}>
        Show them dimmed
      </button>
    </div>
  );
}

/** Which part of the time is shown, in words. */
function Range({ session }: { session: Session }) {
  const { from, to } = session.window.value;
  const { trace } = session;
  const share = ((to - from) / trace.total) * 100;
  const whole = isWhole({ from, to }, trace.total);
  if (trace.durationNano === 0) return <span class="cut">No time passed</span>;
  return (
    <span class="cut">
      {from === 0 ? '0' : formatDuration(trace.nano(from))} <span class="dim">to</span>{' '}
      {formatDuration(trace.nano(to))}
      <span class="dim">
        , {whole ? 'whole trace' : `${share < 1 ? share.toPrecision(2) : Math.round(share)} %`}
      </span>
    </span>
  );
}
