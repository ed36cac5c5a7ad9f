// The critical path of a made-up trace told as parts, in the shape of docs/api/spoor.md and by the definition in
// src/analyze/path_parts.h, as far as made-up traces need it.

import { criticalPath, GAP, NETWORK, OUTSIDE } from './critical_path.mjs';

const REPEATS_MIN = 10;
const FINDINGS_MAX = 4;
const ROWS_MAX = 1000;
const TARGET = /[a-z0-9-]+(?:\.[a-z0-9-]+)+/;

/**
 * @typedef {{kind: string, time: number, rows: Set<number>, service?: string, name?: string, target?: string}}
 * Finding
 */

/** @param {import('./encode_columns.mjs').PlainTrace} trace */
export function pathParts(trace) {
  const { spans } = trace;
  const path = criticalPath(trace);
  const nano = (/** @type {number} */ units) => String(Math.round(units * trace.unit));
  const loops = similarSiblings(trace);
  /** @type {Map<string, Finding>} */
  const findings = new Map();
  /** @type {Map<string, number>} */
  const ways = new Map();
  const services = new Map();
  /** @type {Map<number, string>} of a client's row, the service that it called */
  const servers = new Map();
  for (const { parent, service } of spans) {
    if (spans[parent]?.service !== service && !servers.has(parent)) servers.set(parent, service);
  }
  for (const { row, kind, start, end } of path) {
    const span = spans[row];
    const at = span?.service ?? '';
    services.set(at, (services.get(at) ?? 0) + end - start);
    const finding = findingOf(row, kind);
    const key = `${finding.kind} ${finding.service ?? ''} ${finding.target ?? finding.name ?? ''}`;
    const known = findings.get(key) ?? { ...finding, time: 0, rows: new Set() };
    known.time += end - start;
    known.rows.add(loops.get(row)?.member ?? row);
    findings.set(key, known);
    if (kind !== NETWORK) continue;
    const server = servers.get(row) ?? '';
    ways.set(`${at} ${server}`, (ways.get(`${at} ${server}`) ?? 0) + end - start);
  }

  /** @param {number} row @param {number} kind @returns {Omit<Finding, 'time' | 'rows'>} */
  function findingOf(row, kind) {
    const loop = loops.get(row);
    const span = spans[loop?.member ?? row];
    if (kind === GAP || !span) return { kind: 'gap' };
    if (loop) return { kind: loop.failed ? 'retry' : 'repeats', service: span.service, name: span.name };
    if (kind === NETWORK) return { kind: 'network' };
    const { service, name } = span;
    if (kind !== OUTSIDE) return { kind: 'operation', service, name };
    const target = TARGET.exec(name)?.[0] ?? '';
    return { kind: 'outside', service, name, ...(target ? { target } : {}) };
  }

  const total = path.reduce((sum, { start, end }) => sum + end - start, 0);
  const sorted = [...findings.values()].sort((a, b) => b.time - a.time);
  const told = sorted.filter(({ time }) => time >= total / 100).slice(0, FINDINGS_MAX);
  const rest = sorted.filter((finding) => !told.includes(finding));
  const [way, wayTime] = [...ways].sort((a, b) => b[1] - a[1])[0] ?? [' ', 0];
  const [from, to] = way.split(' ');
  const parts = told.map(({ kind, time, rows, service, name, target }) => ({
    kind,
    ...(service === undefined ? {} : { service, colour: trace.colours[service] ?? 1, name }),
    ...(target === undefined ? {} : { target }),
    durationNano: nano(time),
    spanCount: kind === 'gap' ? 0 : rows.size,
    ...(kind === 'repeats' ? { eachNano: nano(time / rows.size) } : {}),
    ...(kind === 'network' ? { from, to, fromToNano: nano(wayTime) } : {}),
    rows: kind === 'gap' ? [] : [...rows].sort((a, b) => a - b).slice(0, ROWS_MAX),
  }));
  if (rest.length > 0) {
    const spanCount = rest.reduce((sum, { rows }) => sum + rows.size, 0);
    const time = rest.reduce((sum, finding) => sum + finding.time, 0);
    parts.push({ kind: 'rest', durationNano: nano(time), spanCount, rows: [] });
  }
  return {
    spanCount: spans.length,
    startTimeUnixNano: String(trace.startNano),
    durationNano: nano(total),
    rootMissing: trace.flags === 1,
    parts,
    services: [...services].map(([service, time]) => ({
      service,
      colour: trace.colours[service] ?? 0,
      durationNano: nano(time),
    })),
  };
}

/**
 * Of each row that is in a loop or a retry, or below it: the topmost such sibling above it, and whether one failed.
 * @param {import('./encode_columns.mjs').PlainTrace} trace
 */
function similarSiblings({ spans }) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  spans.forEach(({ parent, service, name, kind }, row) => {
    const key = `${parent} ${kind} ${service} ${name}`;
    const group = groups.get(key) ?? [];
    group.push(row);
    groups.set(key, group);
  });
  /** @type {Map<number, {member: number, failed: boolean}>} */
  const members = new Map();
  for (const rows of groups.values()) {
    const failed = rows.length > 1 && rows.slice(0, -1).some((row) => (spans[row]?.flags ?? 0) & 1);
    if (rows.length >= REPEATS_MIN || failed)
      for (const row of rows) members.set(row, { member: row, failed: failed && rows.length < REPEATS_MIN });
  }
  spans.forEach(({ parent }, row) => {
    const above = members.get(parent);
    if (above) members.set(row, above);
  });
  return members;
}
