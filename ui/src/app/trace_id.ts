// Trace ids as people hold them: in logs, headers, links of other tools.

/** The 32 digits of an id that may be 16 long, in upper case or without its leading zeros; null where it is none. */
export function readTraceId(text: string): string | null {
  if (!/^[0-9a-f]{1,32}$/i.test(text) || /^0+$/.test(text)) return null;
  return text.toLowerCase().padStart(32, '0');
}

export interface TraceReference {
  traceId: string;
  spanId: string | null;
  find: string | null;
}

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}/i;
const XRAY = /^(?:Root=)?1-([0-9a-f]{8})-([0-9a-f]{24})/i;
const IN_PATH = /\/traces?\/([0-9a-f]{1,32})\/?(?:$|[?#])/i;

/**
 * What a text refers to: a traceparent header, a link to a trace, an id. Ids of fewer digits than `shortest` are
 * taken for something else.
 */
export function readTraceReference(text: string, shortest: number): TraceReference | null {
  const given = text.trim().replace(/^traceparent:\s*/i, '');
  const parent = TRACEPARENT.exec(given);
  if (parent) return reference(parent[1], parent[2]);
  const xray = XRAY.exec(given);
  if (xray) return reference(`${xray[1]}${xray[2]}`);
  if (/^https?:\/\/\S+$/i.test(given)) return fromLink(given);
  const digits = given.replace(/^0x/i, '');
  return digits.length >= shortest ? reference(digits) : null;
}

function reference(
  traceDigits = '',
  spanId: string | null = null,
  find: string | null = null,
): TraceReference | null {
  const traceId = readTraceId(traceDigits);
  return traceId === null ? null : { traceId, spanId: spanId?.toLowerCase() ?? null, find };
}

function fromLink(link: string): TraceReference | null {
  const found = IN_PATH.exec(link);
  if (!found || !URL.canParse(link)) return null;
  const parameters = new URL(link).searchParams;
  const span = parameters.get('span');
  return reference(found[1], /^[0-9a-f]{16}$/i.test(span ?? '') ? span : null, parameters.get('uiFind'));
}

/** The place of a trace in this app. */
export function tracePlace(to: TraceReference): string {
  const parameters = new URLSearchParams();
  if (to.find) parameters.set('uiFind', to.find);
  if (to.spanId) parameters.set('span', to.spanId);
  const query = parameters.toString();
  return `/trace/${to.traceId}${query ? `?${query}` : ''}`;
}
