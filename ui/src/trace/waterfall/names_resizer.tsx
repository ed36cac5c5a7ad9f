import { useRef, useState } from 'preact/hooks';

const DEFAULT = 348;
const MIN = 120;
const MAX_SHARE = 0.7;
const KEY_STEP = 24;

/** The line between names and bars; it moves by dragging and by arrows. */
export function NamesResizer({ onWidth }: { onWidth: (width: number) => void }) {
  const [width, setWidth] = useState(DEFAULT);
  const line = useRef<HTMLDivElement>(null);
  const resize = (wanted: number) => {
    const most = (line.current?.parentElement?.clientWidth ?? 1000) * MAX_SHARE;
    const next = Math.round(Math.min(most, Math.max(MIN, wanted)));
    setWidth(next);
    onWidth(next);
  };
  return (
    <div
      ref={line}
      class="resizer wide"
      role="separator"
      tabIndex={0}
      aria-label="Width of the names"
      aria-orientation="vertical"
      aria-valuenow={width}
      aria-valuemin={MIN}
      aria-valuemax={1000}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        const left = line.current?.parentElement?.getBoundingClientRect().left ?? 0;
        if (event.currentTarget.hasPointerCapture(event.pointerId)) resize(event.clientX - left);
      }}
      onDblClick={() => resize(DEFAULT)}
      onKeyDown={(event) => {
        const step = { ArrowLeft: -KEY_STEP, ArrowRight: KEY_STEP }[event.key];
        if (step === undefined) return;
        resize(width + step);
        event.preventDefault();
        event.stopPropagation();
      }}
    />
  );
}
