import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { serviceStyle } from '../../controls/colour';
import { formatCount } from '../../format/count';
import type { Session } from '../session';
import { Pill } from './pill';

/** On a narrow screen pills are moved sideways, so that room is no limit. */
const NARROW = 720;
const SHOWN_NARROW = 7;
const SHOWN_MAX = 20;
/** Of a pill beside its text: padding, dot and gaps. */
const AROUND = 16 + 8 + 6 + 4;
const GAP = 6;
const MORE_WIDTH = 84;

interface Props {
  session: Session;
  /** Most spans first. */
  services: { index: number; count: number }[];
}

/** As many services as there is room for; the others behind "3 more". */
export function ServicePills({ session, services }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(SHOWN_NARROW);
  const chosen = session.filters.value.services;
  useLayoutEffect(() => {
    const host = place.current!;
    const widths = services
      .slice(0, SHOWN_MAX)
      .map(({ index, count }) => textWidth(host, `${session.trace.serviceName(index)}${formatCount(count)}`));
    const measure = () => setRoom(fitting(widths, services.length, host.clientWidth));
    const sizes = new ResizeObserver(measure);
    sizes.observe(host);
    return () => sizes.disconnect();
  }, [services]);
  const pill = ({ index, count }: { index: number; count: number }) => (
    <Pill
      key={index}
      pressed={chosen.has(index)}
      count={count}
      onPress={() => session.filter({ services: toggled(chosen, index) })}
    >
      <i class="dot" style={serviceStyle(session.trace.columns.serviceColour[index]!)} />
      <span class="cut">{session.trace.serviceName(index)}</span>
    </Pill>
  );
  const behind = services.slice(room);
  return (
    <div class="services" ref={place}>
      {services.slice(0, room).map(pill)}
      {behind.length > 0 && (
        <More count={behind.length} chosen={behind.some(({ index }) => chosen.has(index))}>
          {behind.map(pill)}
        </More>
      )}
    </div>
  );
}

function toggled(services: ReadonlySet<number>, index: number): ReadonlySet<number> {
  const next = new Set(services);
  if (!next.delete(index)) next.add(index);
  return next;
}

function fitting(widths: number[], all: number, width: number): number {
  if (window.innerWidth <= NARROW) return SHOWN_NARROW;
  let used = 0;
  for (let shown = 0; shown < widths.length; shown++) {
    used += widths[shown]! + GAP;
    const more = shown + 1 < all ? MORE_WIDTH : 0;
    if (used + more > width) return shown;
  }
  return widths.length;
}

let measuring: CanvasRenderingContext2D | null = null;

function textWidth(host: HTMLElement, text: string): number {
  measuring ??= document.createElement('canvas').getContext('2d');
  if (!measuring) return 0;
  const { fontFamily } = getComputedStyle(host);
  measuring.font = `500 12px ${fontFamily}`;
  return Math.min(180, measuring.measureText(text).width + AROUND);
}

/** The services for which there is no room, in a list that floats. */
function More({ count, chosen, children }: { count: number; chosen: boolean; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
    };
  }, [open]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !open) return;
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };
  return (
    <div class="more-services" ref={place} onKeyDown={onKeyDown}>
      <button
        type="button"
        class={chosen ? 'pill on' : 'pill'}
        ref={button}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {formatCount(count)} more
      </button>
      {open && (
        <div class="menu" role="group" aria-label="More services">
          {children}
        </div>
      )}
    </div>
  );
}
