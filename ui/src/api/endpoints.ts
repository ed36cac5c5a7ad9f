import { getJson, postJson } from './client';
import type {
  Challenge,
  ChallengeResult,
  CriticalPath,
  Distribution,
  FindAnswer,
  MapAnswer,
  Overview,
  RedAnswer,
  SearchAnswer,
  Service,
  Span,
  Status,
  TraceSummary,
} from './types';

const OWN = 'api/spoor/v1';

export function fetchStatus(signal: AbortSignal): Promise<Status> {
  return getJson(`${OWN}/status`, signal);
}

export async function fetchServices(signal: AbortSignal): Promise<Service[]> {
  return (await getJson<{ services: Service[] }>(`${OWN}/services`, signal)).services;
}

/** The operations of a service; Jaeger's API has them, so ours does not repeat it. */
export async function fetchOperations(service: string, signal: AbortSignal): Promise<string[]> {
  const path = `api/services/${encodeURIComponent(service)}/operations`;
  return (await getJson<{ data: string[] | null }>(path, signal)).data ?? [];
}

export function fetchSearch(parameters: URLSearchParams, signal: AbortSignal): Promise<SearchAnswer> {
  return getJson(`${OWN}/search`, signal, parameters);
}

export function fetchOverview(parameters: URLSearchParams, signal: AbortSignal): Promise<Overview> {
  return getJson(`${OWN}/overview`, signal, parameters);
}

export function columnsPath(traceId: string): string {
  return `${OWN}/traces/${traceId}/columns`;
}

export function fetchSpan(traceId: string, spanId: string, nth: number, signal: AbortSignal): Promise<Span> {
  const parameters = new URLSearchParams(nth > 0 ? { nth: String(nth) } : {});
  return getJson(`${OWN}/traces/${traceId}/spans/${spanId}`, signal, parameters);
}

/** One trace as a search lists it: whether it has grown. */
export function fetchTrace(traceId: string, signal: AbortSignal): Promise<TraceSummary> {
  return getJson(`${OWN}/traces/${traceId}`, signal);
}

export function fetchCriticalPath(traceId: string, signal: AbortSignal): Promise<CriticalPath> {
  return getJson(`${OWN}/traces/${traceId}/critical-path`, signal);
}

export function fetchDistribution(parameters: URLSearchParams, signal: AbortSignal): Promise<Distribution> {
  return getJson(`${OWN}/distribution`, signal, parameters);
}

export function fetchFind(traceId: string, text: string, signal: AbortSignal): Promise<FindAnswer> {
  return getJson(`${OWN}/traces/${traceId}/find`, signal, new URLSearchParams({ q: text }));
}

export function fetchRed(parameters: URLSearchParams, signal: AbortSignal): Promise<RedAnswer> {
  return getJson(`${OWN}/red`, signal, parameters);
}

export function fetchMap(parameters: URLSearchParams, signal: AbortSignal): Promise<MapAnswer> {
  return getJson(`${OWN}/map`, signal, parameters);
}

/** The whole trace as it was sent: docs of OpenTelemetry's TracesData, one JSON object. */
export function otlpPath(traceId: string): string {
  return `api/v3/traces/${traceId}`;
}

/** The trace in the JSON of Jaeger's own viewer. */
export function jaegerPath(traceId: string): string {
  return `api/traces/${traceId}`;
}

/** Whether this server checks the services of somebody who learns, and where it looks for them. */
export function fetchChallenge(signal: AbortSignal): Promise<Challenge> {
  return getJson(`${OWN}/challenge`, signal);
}

/** Sends requests to these services and looks for their traces: takes up to some seconds. */
export function runChallengeCheck(signal: AbortSignal): Promise<ChallengeResult> {
  return postJson(`${OWN}/challenge/check`, signal);
}
