// The shapes of Spoor's own API, as docs/api/spoor.md fixes them. Decimal strings are nanoseconds.

export interface ServiceShare {
  name: string;
  colour: number;
  spanCount: number;
  errorCount: number;
}

/** Time on the critical path of a root; time that no span covers has the service "". */
export interface PathShare {
  service: string;
  colour: number;
  durationNano: string;
}

export interface TraceSummary {
  traceID: string;
  rootService: string;
  rootName: string;
  rootMissing: boolean;
  startTimeUnixNano: string;
  durationNano: string;
  spanCount: number;
  errorCount: number;
  services: ServiceShare[];
  /** Where the root's time went, most first; only where it was asked for. */
  criticalPath?: PathShare[];
}

export interface SearchAnswer {
  traces: TraceSummary[];
  traceCount?: number;
  next?: string;
  complete: boolean;
  warnings?: string[];
}

/** `[column, row, traces, traces with an error]` */
export type OverviewCell = [number, number, number, number];
/** `[start, duration, spans, spans with an error, trace id, root service]` */
export type OverviewPoint = [string, string, number, number, string, string];

/** All that a search matches at a glance. Without a match there are no durations. */
export interface Overview {
  traceCount: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  durationMinNano: string;
  durationMaxNano: string;
  columns: number;
  rows: number;
  cells: OverviewCell[];
  columnP50Nano: (string | null)[];
  columnP99Nano: (string | null)[];
  p50Nano: string | null;
  p99Nano: string | null;
  points: OverviewPoint[];
  counts: { errors: number; slow: number; rootMissing: number };
  rootServices: { name: string; colour: number; traceCount: number }[];
  rootServiceCount: number;
  complete: boolean;
  warnings?: string[];
}

export interface Service {
  name: string;
  colour: number;
}

export interface Endpoint {
  name: string;
  url: string;
}

/** What came in through one port since the start. */
export interface Received {
  name: string;
  requests: string;
  spans: string;
  /** Had bad ids; what came with them was stored. */
  rejectedSpans: string;
  /** Came while there was no room. */
  refusedRequests: string;
  /** Could not be understood. */
  badRequests: string;
  bytes: string;
}

export interface Status {
  version: string;
  commit: string;
  startedUnixNano: string;
  ready: boolean;
  spansReceived: string;
  spansStored: string;
  endpoints: Endpoint[];
  received: Received[];
  stored: {
    spansLive: string;
    blocks: string;
    liveBytes: string;
    /** Arrival of the oldest and newest stored span; null without any. */
    oldestUnixNano: string | null;
    newestUnixNano: string | null;
    sealing: string;
    damage: string;
    walBytes: string;
    blockBytes: string;
    rollupBytes: string;
  };
  /** Since the start; bytes are of blocks. */
  compaction?: {
    running: boolean;
    merges: string;
    blocksMerged: string;
    failures: string;
    readBytes: string;
    writtenBytes: string;
    sealedBytes: string;
  };
  /** A limit of "0" is none. */
  disk: { folder: string; usedBytes: string; freeBytes: string; maxBytes: string };
  /** "0" keeps for ever. */
  retention: { spansNano: string; rollupsNano: string };
  memory: { residentBytes: string; budgetBytes: string; usedBytes: string };
}

/** Values of one group over time; value i is of the time from the start of the window + i steps. */
export interface RedPoints {
  count: number[];
  errorCount: number[];
  p50Nano: (string | null)[];
  p95Nano: (string | null)[];
  p99Nano: (string | null)[];
}

/** How many, how many of them failed, and how long they took. Quantiles are null where there is nothing. */
export interface RedNumbers {
  count: number;
  errorCount: number;
  p50Nano: string | null;
  p95Nano: string | null;
  p99Nano: string | null;
}

export interface RedGroup extends RedNumbers {
  service: string;
  colour: number;
  /** With groupBy=operation only, as is the kind. */
  operation?: string;
  kind?: string;
  /** Entry spans are server and consumer spans; a service that has none is counted by all its spans. */
  counted: 'entry' | 'all';
  durationSumNano: string;
  points?: RedPoints;
}

export interface RedAnswer {
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  stepNano: string;
  groups: RedGroup[];
  complete: boolean;
  warnings?: string[];
}

export interface MapService extends RedNumbers {
  name: string;
  colour: number;
}

/** A span whose parent is of another service: its numbers are the child's. */
export interface MapCall extends RedNumbers {
  parent: string;
  child: string;
}

export interface MapAnswer {
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  services: MapService[];
  calls: MapCall[];
  complete: boolean;
  warnings?: string[];
}

/** One of the few things that took the time of a trace's root. The times of all of them add up to it. */
export interface PathPart {
  kind: 'repeats' | 'retry' | 'network' | 'outside' | 'gap' | 'operation' | 'rest';
  durationNano: string;
  spanCount: number;
  /** Rows of the columns, the first 1,000. */
  rows: number[];
  service?: string;
  colour?: number;
  name?: string;
  eachNano?: string;
  target?: string;
  from?: string;
  to?: string;
  fromToNano?: string;
}

export interface CriticalPath {
  spanCount: number;
  /** When the root began. */
  startTimeUnixNano: string;
  durationNano: string;
  rootMissing: boolean;
  parts: PathPart[];
}

/** How long an operation usually takes: `[from, to, spans]`, ascending. */
export interface Distribution {
  count: number;
  p50Nano: string;
  p95Nano: string;
  p99Nano: string;
  buckets: [from: string, to: string, count: number][];
}

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

export interface Attribute {
  key: string;
  type: 'string' | 'bool' | 'int' | 'double' | 'bytes' | 'array' | 'map' | 'empty';
  value: Json;
}

export interface SpanEvent {
  name: string;
  timeUnixNano: string;
  attributes: Attribute[];
  droppedAttributesCount: number;
}

export interface SpanLink {
  traceID: string;
  spanID: string;
  traceState: string;
  flags: number;
  attributes: Attribute[];
  droppedAttributesCount: number;
}

export interface Span {
  traceID: string;
  spanID: string;
  parentSpanID: string;
  name: string;
  service: string;
  kind: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  durationNano: string;
  status: { code: string; message: string };
  traceState: string;
  flags: number;
  attributes: Attribute[];
  droppedAttributesCount: number;
  events: SpanEvent[];
  droppedEventsCount: number;
  links: SpanLink[];
  droppedLinksCount: number;
  resource: { attributes: Attribute[]; droppedAttributesCount: number; schemaUrl: string };
  scope: {
    name: string;
    version: string;
    attributes: Attribute[];
    droppedAttributesCount: number;
    schemaUrl: string;
  };
  warnings: string[];
}

export interface FindAnswer {
  rows: number[];
  spanCount: number;
}

/** GET challenge */
export interface Challenge {
  enabled: boolean;
  frontendUrl?: string;
  backendUrl?: string;
  databaseUrl?: string;
}

/** One check of POST challenge/check. */
export interface ChallengeTask {
  task: number;
  title: string;
  points: number;
  passed: boolean;
  /** The trace that was found; empty or left out where none was. */
  traceID?: string;
  /** What is not as it should be; empty where it passed. */
  missing?: string;
  causes?: string[];
  fix?: string;
}

/** POST challenge/check */
export interface ChallengeResult {
  score: number;
  maxScore: number;
  percent: number;
  passed: boolean;
  tasks: ChallengeTask[];
}
