import type { Service } from '../../api/types';
import type { Command, CommandSet } from '../keys/command';
import { servicePlace } from '../route';
import { readTraceReference, tracePlace } from '../trace_id';
import { rank } from './rank';

/** One line of the palette. */
export interface Entry {
  id: string;
  words: string;
  /** What kind of thing it is, in a word; the group of a command. */
  kind: string;
  keys: readonly string[];
  /** The colour index of a service. */
  colour?: number;
  /** What it does, or the place where it leads. */
  does: (() => void) | string;
}

export interface Ranked {
  entry: Entry;
  /** Letters of `words` that were typed. */
  at: number[];
}

/** Of so few digits, a text is more likely a word: the trace comes after what has that name. */
const SURE_DIGITS = 16;

const ofCommand = ({ id, words, group, keys, run }: Command): Entry => ({
  id,
  words,
  kind: group,
  keys,
  does: run,
});

const ofService = ({ name, colour }: Service): Entry => ({
  id: `service ${name}`,
  words: name,
  kind: 'Service',
  keys: [],
  colour,
  does: servicePlace(name),
});

function ofTrace(text: string): Entry | null {
  const reference = readTraceReference(text, 1);
  if (!reference) return null;
  return {
    id: 'trace',
    words: `Open trace ${reference.traceId}`,
    kind: reference.spanId ? `Span ${reference.spanId}` : 'Trace',
    keys: [],
    does: tracePlace(reference),
  };
}

/** What the palette offers for a text: the page's own commands first, then everybody's, then services. */
export function offer(sets: readonly CommandSet[], services: readonly Service[], text: string): Ranked[] {
  const commands = sets.toReversed().flatMap((set) => set.commands.filter((command) => !command.onlyByKey));
  const entries = [...commands.map(ofCommand), ...services.map(ofService)];
  const ranked: Ranked[] = rank(entries, text, ({ words }) => words);
  const trace = ofTrace(text);
  if (!trace) return ranked;
  const sure = text.trim().length >= SURE_DIGITS;
  return sure ? [{ entry: trace, at: [] }, ...ranked] : [...ranked, { entry: trace, at: [] }];
}
