// The lines below `load` as an OTLP request: a span a line, with lines of its own for what else it has.
import * as otlp from '../../harness/otlp.mjs';
import { parseDuration, parseTime, spanId, wordsOf } from './words.mjs';

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUSES = ['unset', 'ok', 'error'];

// A JSON value as OTLP has it; what JSON cannot say is {"$bytes": base64}, {"$double": 1}, {"$int": "9…"}.
function anyValue(json) {
  const keys = json !== null && typeof json === 'object' ? Object.keys(json) : [];
  if (keys.length === 1 && keys[0] === '$bytes') return { bytesValue: json.$bytes };
  if (keys.length === 1 && keys[0] === '$double') return { doubleValue: json.$double };
  if (keys.length === 1 && keys[0] === '$int') return { intValue: json.$int };
  if (Array.isArray(json)) return { arrayValue: { values: json.map(anyValue) } };
  if (json !== null && typeof json === 'object') return { kvlistValue: { values: pairs(json) } };
  return otlp.value(json);
}
const pairs = (json) => Object.entries(json).map(([key, value]) => ({ key, value: anyValue(value) }));
// Of all objects in the words: a key may repeat from one to the next.
const attributesIn = (words) => words.filter((one) => one.json).flatMap((one) => pairs(one.json));

function setOption(span, text) {
  const [name, ...rest] = text.split(':');
  const said = rest.length > 0 ? rest.join(':') : undefined;
  if (KINDS.includes(name)) span.kind = KINDS.indexOf(name);
  else if (name === 'kind') span.kind = Number(said);
  else if (STATUSES.includes(name)) span.status = { code: STATUSES.indexOf(name), message: said };
  else if (name === 'state') span.traceState = said;
  else throw new Error(`'${text}' is no kind, status (error:'why') or state:'a=b'`);
}

function parseSpan(words, names) {
  const [ids, service, name, start, duration, ...rest] = words;
  const match = /^(.+)\/([0-9a-f]{1,16})(?:<([0-9a-f]{1,16}))?$/.exec(ids?.text ?? '');
  if (!match || duration?.text === undefined) {
    throw new Error('a span is TRACE/ID<PARENT SERVICE NAME START DURATION and what else it has');
  }
  const startNs = parseTime(start.text);
  const span = {
    traceId: names.id(match[1]),
    spanId: spanId(match[2]),
    ...(match[3] && { parentSpanId: spanId(match[3]) }),
    name: name.text,
    kind: 1,
    startTimeUnixNano: String(startNs),
    endTimeUnixNano: String(BigInt.asUintN(64, startNs + parseDuration(duration.text))),
    attributes: attributesIn(rest),
    events: [],
    links: [],
  };
  for (const { text } of rest) if (text !== undefined) setOption(span, text);
  const resource = {
    attributes: service.text === '-' ? [] : otlp.attributes({ 'service.name': service.text }),
  };
  return { resource, scope: {}, span };
}

// One of the lines below a span's.
function addDetail(one, [what, ...words], names) {
  const attributes = attributesIn(words);
  const texts = words.filter(({ text }) => text !== undefined).map(({ text }) => text);
  if (what.text === 'resource') one.resource.attributes.push(...attributes);
  else if (what.text === 'scope') Object.assign(one.scope, { name: texts[0], version: texts[1], attributes });
  else if (what.text === 'event') {
    one.span.events.push({ name: texts[0], timeUnixNano: String(parseTime(texts[1])), attributes });
  } else if (what.text === 'link') {
    const [trace, id] = texts[0].split('/');
    one.span.links.push({ traceId: names.id(trace), spanId: spanId(id), attributes });
  } else throw new Error(`'${what.text}' is no event, link, resource or scope`);
}

// `lines` as they stand in the file, indented. A resource a span, in the order of the lines.
export function parseLoad(lines, names) {
  const spans = [];
  for (const line of lines) {
    const words = wordsOf(line);
    if (/^ {4}/.test(line)) addDetail(spans.at(-1), words, names);
    else spans.push(parseSpan(words, names));
  }
  return {
    resourceSpans: spans.map(({ resource, scope, span }) => ({
      resource,
      scopeSpans: [{ scope, spans: [span] }],
    })),
  };
}
