// How each language of questions is asked over HTTP, and how its answer is told as lines. A further language is one
// more entry of LANGUAGES: (question, words) => lines, where question is {server, names, memory}: the server, the
// traces' names, and what one question of a script leaves for the next.
import { decodeColumns, NO_PARENT } from '../../harness/columns.mjs';
import { formatDuration, formatTime, parseTime, shortSpanId, spanId, word, ZERO_NS } from './words.mjs';

const DAY_NS = 86_400_000_000_000n;

// Columns below a header, two spaces apart; a header alone says that there is nothing.
export function table(header, rows) {
  const all = [header, ...rows.map((row) => row.map(String))];
  const widths = header.map((_, column) => Math.max(...all.map((row) => [...row[column]].length)));
  return all.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(widths[column] - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
}

const microseconds = (ns) => String(ns / 1_000n);
const FUNCTIONS = {
  us: (text) => microseconds(parseTime(text)),
  ns: (text) => String(parseTime(text)),
  ms: (text) => String(parseTime(text) / 1_000_000n),
  rfc3339: (text) => {
    const ns = parseTime(text);
    const seconds = new Date(Number(ns / 1_000_000_000n) * 1_000).toISOString().slice(0, -5);
    return `${seconds}.${String(ns % 1_000_000_000n).padStart(9, '0')}Z`;
  },
};

// [name, value] of each word. us(5ms), ns(…), ms(…) and rfc3339(…) are moments, id(NAME) is a trace's id.
function parametersOf(words, names) {
  return words.map(({ text }) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text ?? '') ?? [];
    if (name === undefined) throw new Error(`'${text}' is no name=value`);
    const [, call, argument] = /^(us|ns|ms|rfc3339|id)\((.*)\)$/.exec(value) ?? [];
    if (!call) return [name, value];
    return [name, call === 'id' ? names.id(argument) : FUNCTIONS[call](argument)];
  });
}

async function get({ server }, path, parameters = []) {
  const query = new URLSearchParams(parameters).toString();
  return server.get(query ? `${path}?${query}` : path);
}

// Adds the parameter where none of `unless` is there.
const byDefault = (parameters, name, value, unless = [name]) =>
  parameters.some(([given]) => unless.includes(given)) ? parameters : [...parameters, [name, value]];

const reason = ({ json, text }) => json?.error?.message ?? json?.errors?.[0]?.msg ?? text;
const refused = (answer) => [`${answer.status} ${reason(answer)}`];

// Without a word about time, all time is meant. Jaeger's own default counts from now.
const WHEN = ['start', 'end', 'lookback', 'traceID'];

async function jaeger(question, words) {
  const parameters = byDefault(parametersOf(words, question.names), 'start', '0', WHEN);
  const answer = await get(question, '/api/traces', parameters);
  if (answer.status !== 200) return refused(answer);
  const rows = answer.json.data.map((trace) => [
    word(question.names.name(trace.traceID)),
    trace.spans.map((span) => shortSpanId(span.spanID)).join(' '),
  ]);
  const missing = (answer.json.errors ?? []).map(
    (error) => `${question.names.name(error.traceID)}: ${error.msg}`,
  );
  return [...table(['trace', 'spans'], rows), ...missing];
}

async function jaegerV3(question, words) {
  let parameters = byDefault(
    parametersOf(words, question.names),
    'query.start_time_min',
    FUNCTIONS.rfc3339('-24h'),
  );
  parameters = byDefault(parameters, 'query.start_time_max', FUNCTIONS.rfc3339('24h'));
  const answer = await get(question, '/api/v3/traces', parameters);
  if (answer.status === 404) return table(['trace', 'spans'], []);
  if (answer.status !== 200) return refused(answer);
  const traces = new Map();
  for (const resource of answer.json.result.resourceSpans) {
    for (const span of resource.scopeSpans.flatMap((scope) => scope.spans)) {
      traces.set(span.traceId, [...(traces.get(span.traceId) ?? []), shortSpanId(span.spanId)]);
    }
  }
  const rows = [...traces].map(([id, spans]) => [word(question.names.name(id)), spans.sort().join(' ')]);
  return table(['trace', 'spans'], rows);
}

const ofErrors = (count) => (count > 0 ? `(${count})` : '');

async function spoor(question, words) {
  const { names, memory } = question;
  const parameters = byDefault(parametersOf(words, names), 'start', '0', WHEN).map(([name, value]) =>
    name === 'after' && value === 'next' ? [name, memory.next] : [name, value],
  );
  const answer = await get(question, '/api/spoor/v1/search', parameters);
  if (answer.status !== 200) return refused(answer);
  const { traces, traceCount, next, complete, warnings } = answer.json;
  const rows = traces.map((trace) => [
    word(names.name(trace.traceID)),
    `${word(trace.rootService)} ${word(trace.rootName)}${trace.rootMissing ? ' (missing)' : ''}`,
    formatTime(trace.startTimeUnixNano),
    formatDuration(BigInt(trace.durationNano)),
    trace.spanCount,
    trace.errorCount,
    trace.services.map((one) => `${word(one.name)}=${one.spanCount}${ofErrors(one.errorCount)}`).join(' '),
  ]);
  memory.next = next;
  return [
    ...table(['trace', 'root', 'start', 'duration', 'spans', 'errors', 'services'], rows),
    ...(traceCount === undefined ? [] : [`count ${traceCount}`]),
    ...(next === undefined ? [] : ['and more']),
    ...(complete ? [] : [`not complete: ${warnings}`]),
  ];
}

const quantile = (ns) => (ns === null ? '-' : formatDuration(BigInt(ns)));

async function overview(question, words) {
  const parameters = byDefault(parametersOf(words, question.names), 'start', '0', WHEN);
  const answer = await get(question, '/api/spoor/v1/overview', parameters);
  if (answer.status !== 200) return refused(answer);
  const { json } = answer;
  const { errors, slow, rootMissing } = json.counts;
  const lines = [
    `traces ${json.traceCount}, with errors ${errors}, slow ${slow}, root missing ${rootMissing}`,
    `start ${formatTime(json.startTimeUnixNano)} to ${formatTime(json.endTimeUnixNano)}`,
    `duration ${quantile(json.durationMinNano)} to ${quantile(json.durationMaxNano)}, p50 ${quantile(json.p50Nano)}, ` +
      `p99 ${quantile(json.p99Nano)}`,
    `roots${json.rootServices.map((root) => ` ${word(root.name)}=${root.traceCount}`).join('')}`,
  ];
  return [...lines, ...table(['column', 'row', 'traces', 'errors'], json.cells)];
}

const spansOf = (question, trace) => `/api/spoor/v1/traces/${question.names.id(trace)}/spans`;

// The tree of a trace, as assembled. Times come from the spans themselves: the columns round those of long traces.
async function trace(question, [name]) {
  const answer = await get(question, `/api/spoor/v1/traces/${question.names.id(name.text)}/columns`);
  if (answer.status !== 200) return refused(answer);
  const seen = new Map();
  const depths = [];
  const rows = [];
  for (const row of decodeColumns(answer.bytes).rows) {
    const nth = seen.get(row.spanId) ?? 0;
    seen.set(row.spanId, nth + 1);
    const { json } = await get(question, `${spansOf(question, name.text)}/${row.spanId}`, { nth });
    depths.push(row.parent === NO_PARENT ? 0 : depths[row.parent] + 1);
    rows.push([
      '  '.repeat(depths.at(-1)) + shortSpanId(row.spanId),
      word(json.service),
      word(json.name),
      formatTime(json.startTimeUnixNano),
      formatDuration(BigInt(json.durationNano)),
      [...(json.status.code === 'error' ? ['error'] : []), ...json.warnings].join('; '),
    ]);
  }
  return table(['span', 'service', 'name', 'start', 'duration', 'remarks'], rows);
}

// Everything that one span carries, typed: `TRACE/ID`, and which of several of that id.
async function values(question, [span, ...words]) {
  const [name, id] = span.text.split('/');
  const path = `${spansOf(question, name)}/${spanId(id)}`;
  const answer = await get(question, path, parametersOf(words, question.names));
  if (answer.status !== 200) return refused(answer);
  const { json } = answer;
  const rows = [];
  const add = (owner, attributes) => {
    for (const { key, type, value } of attributes) rows.push([owner, word(key), type, JSON.stringify(value)]);
  };
  add('span', json.attributes);
  for (const event of json.events) {
    rows.push(['event', word(event.name), 'at', formatTime(event.timeUnixNano)]);
    add('event', event.attributes);
  }
  for (const link of json.links) {
    rows.push(['link', `${word(question.names.name(link.traceID))}/${shortSpanId(link.spanID)}`, '', '']);
    add('link', link.attributes);
  }
  add('scope', json.scope.attributes);
  add('resource', json.resource.attributes);
  const status = json.status.message ? `${json.status.code} ${word(json.status.message)}` : json.status.code;
  const end = formatTime(json.endTimeUnixNano);
  return [
    `kind ${json.kind || '-'}, status ${status}, ${formatTime(json.startTimeUnixNano)} to ${end}`,
    ...table(['of', 'key', 'type', 'value'], rows),
  ];
}

async function services(question) {
  const { json } = await get(question, '/api/services');
  return table(
    ['service'],
    json.data.map((name) => [word(name)]),
  );
}

async function operations(question, words) {
  const answer = await get(question, '/api/operations', parametersOf(words, question.names));
  if (answer.status !== 200) return refused(answer);
  return table(
    ['name', 'kind'],
    answer.json.data.map((one) => [word(one.name), one.spanKind || '-']),
  );
}

async function dependencies(question, words) {
  let parameters = byDefault(
    parametersOf(words, question.names),
    'endTs',
    String((ZERO_NS + DAY_NS) / 1_000_000n),
  );
  parameters = byDefault(parameters, 'lookback', String((2n * DAY_NS) / 1_000_000n));
  const answer = await get(question, '/api/dependencies', parameters);
  if (answer.status !== 200) return refused(answer);
  const rows = answer.json.data.map((one) => [word(one.parent), word(one.child), one.callCount]);
  return table(['parent', 'child', 'calls'], rows.sort());
}

async function red(question, words) {
  let parameters = byDefault(parametersOf(words, question.names), 'start', FUNCTIONS.us('0'));
  parameters = byDefault(parameters, 'end', FUNCTIONS.us('9m'));
  const answer = await get(question, '/api/spoor/v1/red', byDefault(parameters, 'step', '60'));
  if (answer.status !== 200) return refused(answer);
  const rows = answer.json.groups.map((group) => [
    word(group.service),
    group.operation === undefined ? '-' : word(group.operation),
    group.kind ?? group.counted,
    group.count,
    group.errorCount,
    formatDuration(BigInt(group.durationSumNano)),
    group.points?.count.join(' ') ?? '-',
  ]);
  return table(['service', 'operation', 'kind', 'spans', 'errors', 'time', 'by step'], rows);
}

export const LANGUAGES = {
  jaeger,
  'jaeger-v3': jaegerV3,
  spoor,
  overview,
  trace,
  values,
  services,
  operations,
  dependencies,
  red,
};
