// The shapes of Spoor's own API, as docs/api/spoor.md fixes them. Decimal strings are nanoseconds.

export interface ServiceShare {
  name: string;
  colour: number;
  spanCount: number;
  errorCount: number;
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
}

export interface SearchAnswer {
  traces: TraceSummary[];
  complete: boolean;
  warnings?: string[];
}

export interface Service {
  name: string;
  colour: number;
}

export interface Status {
  version: string;
  spansStored: string;
  endpoints: { name: string; url: string }[];
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
