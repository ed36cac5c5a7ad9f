import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MapCall, MapService } from '../api/types';
import { useCommands } from '../app/keys/command';
import { serviceStyle } from '../controls/colour';
import { Icon } from '../controls/icon';
import { counted } from '../format/count';
import { formatDuration } from '../format/duration';
import { errorShare, formatRate, formatShare, nano, rateUnit, type RateUnit } from '../red/numbers';
import { greatest } from '../red/series';
import { layoutGraph, NODE_HEIGHT, NODE_WIDTH, type Layout, type Point } from './layout';
import type { MapView } from './map_view';
import { neighbour, readingOrder, type ArrowKey } from './neighbours';
import { LINE_HEIGHT, lineWidth, placeLabels, routePath } from './route_path';
import { useViewport } from './use_viewport';
import { reveal } from './viewport';

/** With more calls than that, only those of the service under the pointer or chosen have words. */
const LABELLED_MAX = 40;
/** Below this share a call's line is not red; its words still say the share. */
const RED_SHARE = 0.01;

interface Props {
  view: MapView;
  seconds: number;
  chosen: string;
  onChoose: (name: string) => void;
}

/** Services as boxes and calls as lines between them; the boxes are buttons, which arrow keys go through. */
export function GraphView({ view, seconds, chosen, onChoose }: Props) {
  const { services, calls, focus } = view;
  const area = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<string | null>(null);
  const graph = useMemo(() => layOut(view), [view]);
  const { layout, edges, order, index } = graph;
  const middle = layout.places[index.get(focus ?? '') ?? -1] ?? { x: layout.width / 2, y: layout.height / 2 };
  const [viewport, actions, screen] = useViewport(area, layout, middle);
  const unit = rateUnit(greatest(calls.map(({ count }) => count)) / seconds);
  const lit = pointed ?? (chosen && index.has(chosen) ? chosen : null);
  const tabStop = index.get(chosen) ?? index.get(focus ?? '') ?? order[0];

  useCommands(
    () => ({
      layer: 'view',
      commands: [
        { id: 'map-in', group: 'Map', words: 'Zoom in', keys: ['+', '='], run: () => actions.zoom(1.25) },
        { id: 'map-out', group: 'Map', words: 'Zoom out', keys: ['-'], run: () => actions.zoom(0.8) },
        { id: 'map-fit', group: 'Map', words: 'Show all of it', keys: ['f'], run: actions.fit },
      ],
    }),
    [actions],
  );
  // A service that was chosen in a list may be off the screen.
  useEffect(() => {
    const place = layout.places[index.get(chosen) ?? -1];
    if (place) actions.set((now) => reveal(now, screen(), place, { width: NODE_WIDTH, height: NODE_HEIGHT }));
  }, [chosen, layout]);

  const onKeyDown = (event: KeyboardEvent) => {
    const { service } = (event.target as HTMLElement).dataset;
    if (!event.key.startsWith('Arrow') || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    if (service === undefined) return actions.panByKey(event.key as ArrowKey);
    const next = neighbour(layout.places, edges, Number(service), event.key as ArrowKey);
    if (next === null) return;
    area.current?.querySelector<HTMLElement>(`[data-service="${next}"]`)?.focus({ preventScroll: true });
    actions.set((now) =>
      reveal(now, screen(), layout.places[next], { width: NODE_WIDTH, height: NODE_HEIGHT }),
    );
  };

  return (
    <div class="graph" role="group" aria-label="Map of services">
      <div
        class="graph-area"
        ref={area}
        tabIndex={0}
        role="group"
        aria-label="Picture. Arrow keys move it, or lead from a service to those it calls and is called by."
        onKeyDown={onKeyDown}
        {...actions.pointer}
      >
        <div
          class="graph-picture"
          style={{
            width: `${layout.width}px`,
            height: `${layout.height}px`,
            transform: `translate(${viewport.x}px, ${viewport.y}px) scale(${viewport.scale})`,
          }}
        >
          <Calls graph={graph} view={view} lit={lit} seconds={seconds} unit={unit} />
          {order.map((at) => (
            <Node
              key={services[at].name}
              service={services[at]}
              calls={calls}
              at={at}
              layout={layout}
              rate={formatRate(services[at].count / seconds)}
              chosen={services[at].name === chosen}
              focused={services[at].name === focus}
              tabStop={at === tabStop}
              onChoose={onChoose}
              onPoint={setPointed}
            />
          ))}
        </div>
      </div>
      <div class="graph-zoom" role="group" aria-label="Zoom">
        <button
          type="button"
          class="btn sm icon line"
          aria-label="Zoom in"
          title="Zoom in (+)"
          onClick={() => actions.zoom(1.25)}
        >
          +
        </button>
        <button
          type="button"
          class="btn sm icon line"
          aria-label="Zoom out"
          title="Zoom out (−)"
          onClick={() => actions.zoom(0.8)}
        >
          −
        </button>
        <button
          type="button"
          class="btn sm icon line"
          aria-label="Show all of it"
          title="Show all of it (f)"
          onClick={actions.fit}
        >
          <Icon name="fit" />
        </button>
      </div>
    </div>
  );
}

function layOut(view: MapView) {
  const index = new Map(view.services.map(({ name }, at) => [name, at]));
  const at = (name: string) => index.get(name) ?? 0;
  const edges = view.calls.map(({ parent, child }) => ({ from: at(parent), to: at(child) }));
  const centre = view.hops > 0 && view.focus !== null ? at(view.focus) : null;
  const layout = layoutGraph(view.services.length, edges, centre);
  return { layout, edges, order: readingOrder(layout.places), index };
}

interface CallsProps {
  graph: ReturnType<typeof layOut>;
  view: MapView;
  lit: string | null;
  seconds: number;
  unit: RateUnit;
}

function Calls({ graph: { layout }, view, lit, seconds, unit }: CallsProps) {
  const { calls, distances } = view;
  const busiest = greatest(calls.map(({ count }) => count));
  const isLit = ({ parent, child }: MapCall) => lit === parent || lit === child;
  // With a focus, calls that lead to it or away from it are what is asked for; those beside it are there, but quiet.
  const isBeside = ({ parent, child }: MapCall) =>
    distances !== null && Math.abs((distances.get(parent) ?? 0) - (distances.get(child) ?? 0)) !== 1;
  const worded = (call: MapCall) =>
    lit === null ? calls.length <= LABELLED_MAX && !isBeside(call) : isLit(call);
  const labelled = calls.flatMap((call, at) => (worded(call) ? at : []));
  const places = placeLabels(
    labelled.map((at) => ({
      route: layout.routes[at],
      loop: calls[at].parent === calls[at].child,
      lines: isFailing(calls[at]) ? 2 : 1,
    })),
  );
  return (
    <svg width={layout.width} height={layout.height} aria-hidden="true">
      <defs>
        <Arrow name="call" />
        <Arrow name="call-failing" />
      </defs>
      {calls.map((call, at) => {
        const name = isFailing(call) ? 'call-failing' : 'call';
        const faint = lit === null ? isBeside(call) : !isLit(call);
        return (
          <path
            key={`${call.parent} ${call.child}`}
            class={`${name}${faint ? ' faint' : ''}`}
            d={routePath(layout.routes[at], call.parent === call.child)}
            stroke-width={lineWidth(call.count, busiest)}
            marker-end={`url(#arrow-${name})`}
          />
        );
      })}
      {labelled.map((at, nth) => (
        <CallLabel
          key={`${calls[at].parent} ${calls[at].child}`}
          call={calls[at]}
          place={places[nth]}
          seconds={seconds}
          unit={unit}
        />
      ))}
    </svg>
  );
}

const isFailing = (call: MapCall) => errorShare(call) >= RED_SHARE;

function Arrow({ name }: { name: string }) {
  return (
    <marker
      id={`arrow-${name}`}
      class={`arrow-${name}`}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="8"
      markerHeight="8"
      markerUnits="userSpaceOnUse"
      orient="auto"
    >
      <path d="M0 0.5 8 4 0 7.5z" />
    </marker>
  );
}

interface LabelProps {
  call: MapCall;
  place: Point;
  seconds: number;
  unit: RateUnit;
}

function CallLabel({ call, place: { x, y }, seconds, unit }: LabelProps) {
  const failing = isFailing(call);
  return (
    <text class="call-label" x={x} y={y - (failing ? LINE_HEIGHT / 2 : 0)} text-anchor="middle" dy="0.32em">
      {formatRate(call.count / seconds, unit)}
      {failing && (
        <tspan class="call-label-failing" x={x} dy={LINE_HEIGHT}>
          {formatShare(call.errorCount, call.count)} failed
        </tspan>
      )}
    </text>
  );
}

interface NodeProps {
  service: MapService;
  calls: MapCall[];
  at: number;
  layout: Layout;
  rate: string;
  chosen: boolean;
  focused: boolean;
  tabStop: boolean;
  onChoose: (name: string) => void;
  onPoint: (name: string | null) => void;
}

function Node({ service, calls, at, layout, rate, chosen, focused, tabStop, onChoose, onPoint }: NodeProps) {
  const { x, y } = layout.places[at];
  const share = errorShare(service);
  const p95 = nano(service.p95Nano);
  const callers = calls.filter(({ child, parent }) => child === service.name && parent !== child).length;
  const callees = calls.filter(({ child, parent }) => parent === service.name && parent !== child).length;
  return (
    <button
      type="button"
      class={`node${focused ? ' focused' : ''}`}
      data-service={at}
      tabIndex={tabStop ? 0 : -1}
      aria-pressed={chosen}
      style={{
        left: `${x - NODE_WIDTH / 2}px`,
        top: `${y - NODE_HEIGHT / 2}px`,
        ...serviceStyle(service.colour),
      }}
      onClick={() => onChoose(service.name)}
      onPointerEnter={() => onPoint(service.name)}
      onPointerLeave={() => onPoint(null)}
      onFocus={() => onPoint(service.name)}
      onBlur={() => onPoint(null)}
    >
      <i class="ring" style={{ '--part': `${share > 0 ? Math.max(0.03, share) * 360 : 0}deg` }} />
      <b class="cut">{service.name} </b>
      <span class="cut">
        {service.count > 0 ? rate : 'only calls'}
        {p95 !== null && <span class="dim"> p95 {formatDuration(p95)}</span>}
      </span>
      {share > 0 && (
        <span class="error-share">
          <Icon name="error" />
          {formatShare(service.errorCount, service.count)}
          <span class="sr"> failed</span>
        </span>
      )}
      <span class="sr">
        {counted(callers, 'caller')}, {counted(callees, 'callee')}
      </span>
    </button>
  );
}
