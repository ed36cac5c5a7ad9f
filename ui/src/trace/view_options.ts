// How the views other than the waterfall show a trace: short texts, each with its own name in the address.

export const VIEW_OPTIONS = [
  /** Table: the column that it is sorted by, with a minus for the other direction. */
  'sort',
  /** Table: what service or operation contains; exactly which service and operation; errors; what was found. */
  'text',
  'service',
  'operation',
  'failed',
  'matches',
  /** Statistics: what is grouped by, the column of the order, and the services that are unfolded. */
  'by',
  'order',
  'unfold',
  /** Flame graph: its order, and what is zoomed to. */
  'flame',
  'into',
  /** Raw: in which format. */
  'format',
] as const;
export type ViewOption = (typeof VIEW_OPTIONS)[number];
export type ViewOptions = Partial<Record<ViewOption, string>>;

export function readOptions(parameters: URLSearchParams): ViewOptions {
  const options: ViewOptions = {};
  for (const name of VIEW_OPTIONS) {
    const value = parameters.get(name);
    if (value) options[name] = value;
  }
  return options;
}

export function writeOptions(options: ViewOptions, parameters: URLSearchParams): void {
  for (const name of VIEW_OPTIONS) if (options[name]) parameters.set(name, options[name]);
}
