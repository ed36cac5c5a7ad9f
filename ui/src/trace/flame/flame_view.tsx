import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useCommands } from '../../app/keys/command';
import { Icon } from '../../controls/icon';
import { closeOrClear, focusRows, group, openOrEnter } from '../keys';
import type { Session } from '../session';
import { useSlices } from '../slices';
import { FlameCanvas } from './flame_canvas';
import { FlameState, type Order } from './flame_state';
import { inWords } from './flame_words';
import { leftHeavy } from './left_heavy';
import { timeOrder } from './time_order';
import '../grid/grid.css';
import './flame.css';

const ORDERS: readonly [Order, string][] = [
  ['time', 'In time'],
  ['left', 'Left heavy'],
];
const ZOOM = 0.7;
const PAN = 0.2;

/** The trace as a flame graph. */
export default function FlameView({ session }: { session: Session }) {
  const order: Order = session.options.value.flame === 'left' ? 'left' : 'time';
  const made = useSlices(
    function* () {
      return { order, boxes: yield* order === 'left' ? leftHeavy(session.trace) : timeOrder(session.trace) };
    },
    [session, order],
  );
  const state = useMemo(
    () => (made && made.order === order ? new FlameState(session, made.boxes, order) : undefined),
    [session, made, order],
  );
  return (
    <div class="table-view flame">
      <div class="table-bar">
        <div class="seg" role="group" aria-label="Order">
          {ORDERS.map(([choice, words]) => (
            <button
              key={choice}
              type="button"
              aria-pressed={order === choice}
              onClick={() => session.set({ flame: choice === 'time' ? '' : choice, into: '' })}
            >
              {words}
            </button>
          ))}
        </div>
        <span>
          {order === 'left'
            ? 'Same paths put together. Width is work: time that no child covers, added up.'
            : 'Each span at its time, below its parent.'}
        </span>
        {state && <Buttons state={state} />}
      </div>
      {state ? <Flames state={state} /> : <p class="state">Laying it out</p>}
    </div>
  );
}

function Buttons({ state }: { state: FlameState }) {
  const box = state.focused.value;
  return (
    <span class="acts-of-view">
      <button
        type="button"
        class="btn sm"
        disabled={box === null}
        onClick={() => box !== null && state.open(box)}
      >
        Open span
      </button>
      <button
        type="button"
        class="btn sm icon"
        aria-label="Show all"
        title="Show all (F)"
        disabled={!state.zoomed}
        onClick={() => state.fit()}
      >
        <Icon name="fit" />
      </button>
    </span>
  );
}

function Flames({ state }: { state: FlameState }) {
  const scroller = useRef<HTMLDivElement>(null);
  const spacer = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const view = new FlameCanvas(
      { scroller: scroller.current!, spacer: spacer.current!, canvas: canvas.current! },
      state,
      () => performance.mark('trace-painted'),
    );
    return () => view.release();
  }, [state]);
  useFlameKeys(state);
  return (
    <>
      <div
        ref={scroller}
        class="lanes"
        role="application"
        aria-roledescription="flame graph"
        aria-label="Spans"
        aria-describedby="flame-said"
        tabIndex={0}
      >
        <canvas ref={canvas} aria-hidden="true" />
        <div ref={spacer} />
      </div>
      <Said state={state} />
    </>
  );
}

/** What has the focus and, for those who see it, what is under the pointer. */
function Said({ state }: { state: FlameState }) {
  const { focused, hovered } = state;
  const words = (box: number | null) =>
    box === null ? '' : inWords(state.trace, state.boxes, box, state.order);
  return (
    <div class="said">
      <p id="flame-said" role="status" class={hovered.value === null ? 'cut' : 'sr'}>
        {words(focused.value) || 'Click or Enter zooms, Space opens the span, arrows go from box to box.'}
      </p>
      {hovered.value !== null && (
        <p class="cut" aria-hidden="true">
          {words(hovered.value)}
        </p>
      )}
    </div>
  );
}

function useFlameKeys(state: FlameState): void {
  useCommands(() => {
    const { session } = state;
    const atFocus = (act: (box: number) => void) => () => {
      if (state.focused.value !== null) act(state.focused.value);
    };
    const back = () => {
      if (session.open.value === null && state.zoomed) state.fit();
      else closeOrClear(session);
    };
    return {
      layer: 'view',
      takeFocus: focusRows,
      commands: [
        ...group('Boxes', [
          ['To the caller', ['ArrowUp', 'k'], () => state.step('up'), 'move'],
          ['To the widest call', ['ArrowDown', 'j'], () => state.step('down'), 'move'],
          ['To the box on the left', ['ArrowLeft'], () => state.step('left'), 'move'],
          ['To the box on the right', ['ArrowRight'], () => state.step('right'), 'move'],
          ['To the first box', ['Home'], () => state.focus(0), 'move'],
          ['Zoom to the box', ['Enter'], atFocus((box) => state.zoomTo(box)), 'move'],
          [
            'Open the span; once more, go into it',
            [' '],
            atFocus((box) => {
              state.focus(box);
              openOrEnter(session);
            }),
            'move',
          ],
          ['Close the span, or show all', ['Escape'], back, 'move'],
        ]),
        ...group('Width', [
          ['Zoom in', ['w'], () => state.zoom(ZOOM)],
          ['Zoom out', ['s'], () => state.zoom(1 / ZOOM)],
          ['Move left', ['a'], () => state.pan(-PAN), 'move'],
          ['Move right', ['d'], () => state.pan(PAN), 'move'],
          ['Show all', ['f'], () => state.fit()],
        ]),
      ],
    };
  }, [state]);
}
