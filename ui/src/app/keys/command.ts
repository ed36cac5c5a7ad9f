import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

// The one table of what can be done from the keyboard. What a key does (press.ts), what the sheet of keys says and
// what the palette offers are all read from here, so they cannot disagree.

export interface Command {
  /** Unlike every other of the page, for the palette's list. */
  id: string;
  /** Under which head of the sheet it stands. */
  group: string;
  /** What it does, as an order: "Collapse all". */
  words: string;
  /** Names of keys as key_name.ts gives them, any of which does it; two with a space between are pressed in turn. */
  keys: readonly string[];
  run: () => void;
  /** Moves about: the sheet tells it, but a list of commands is no place for it. */
  onlyByKey?: boolean;
  /** Works while a field has the focus as well. */
  inFields?: boolean;
}

/** Of two commands with the same key the inner one acts. */
export type Layer = 'app' | 'page' | 'view';
const LAYERS: readonly Layer[] = ['app', 'page', 'view'];

export interface CommandSet {
  layer: Layer;
  commands: readonly Command[];
  /** Where the focus goes when a key of this set is pressed while nothing has it. */
  takeFocus?: () => void;
}

/** What is on the screen now, outermost first. */
export const commandSets = signal<readonly CommandSet[]>([]);

export function addCommands(set: CommandSet): () => void {
  const sets = [...commandSets.peek(), set];
  commandSets.value = sets.sort((a, b) => LAYERS.indexOf(a.layer) - LAYERS.indexOf(b.layer));
  return () => {
    commandSets.value = commandSets.peek().filter((other) => other !== set);
  };
}

/** The commands of a page or a part of it, for as long as it is on the screen; made anew when `inputs` change. */
export function useCommands(make: () => CommandSet, inputs: readonly unknown[]): void {
  useLayoutEffect(() => addCommands(make()), inputs);
}
