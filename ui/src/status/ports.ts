import type { Endpoint, Received, Status } from '../api/types';
import { reachedAt } from '../first_start/addresses';
import type { Sample } from './use_polled';

// The ports of a server: what each speaks, where it is reached, what came in through it.

interface Speaks {
  name: string;
  /** What it is called on the page. */
  words: string;
  /** The setting that opens it. */
  flag: string;
  /** The line that makes a program send to it; null for what programs do not send to. */
  send: ((address: string) => string) | null;
}

const PORTS: readonly Speaks[] = [
  {
    name: 'otlp-http',
    words: 'OTLP over HTTP',
    flag: '--otlp-http-port 4318',
    send: (address) => `OTEL_EXPORTER_OTLP_ENDPOINT=${address}`,
  },
  {
    name: 'otlp-grpc',
    words: 'OTLP over gRPC',
    flag: '--otlp-grpc-port 4317',
    send: (address) => `OTEL_EXPORTER_OTLP_PROTOCOL=grpc OTEL_EXPORTER_OTLP_ENDPOINT=${address}`,
  },
  {
    name: 'jaeger-http',
    words: 'Jaeger Thrift over HTTP',
    flag: '--jaeger-http-port 14268',
    send: (address) => `JAEGER_ENDPOINT=${address}/api/traces`,
  },
];

export interface Port extends Speaks {
  /** As this page's reader reaches it; null where the port is closed. */
  address: string | null;
  /** What came in since the start; null where the server does not tell. */
  received: Received | null;
  /** Per second, from the difference to the answer before; null where there is none yet. */
  spansPerSecond: number | null;
}

type Told = Pick<Status, 'endpoints'> & Partial<Pick<Status, 'received'>>;

/** Every port that takes spans, open or not, with what came in through it. */
export function portsOf(latest: Sample<Told>, before: Sample<Told> | null, pageHost: string): Port[] {
  const received = (told: Told, name: string) => told.received?.find((each) => each.name === name) ?? null;
  return PORTS.map((port) => {
    const given = latest.value.endpoints.find(({ name }) => name === port.name)?.url;
    const now = received(latest.value, port.name);
    const then = before && received(before.value, port.name);
    return {
      ...port,
      address: given === undefined ? null : reachedAt(given, pageHost),
      received: now,
      spansPerSecond: now && then && before ? perSecond(now.spans, then.spans, latest.at - before.at) : null,
    };
  });
}

/** The rate between two counts; null where the counter went back, because the server has been started anew. */
export function perSecond(now: string, then: string, milliseconds: number): number | null {
  const difference = Number(BigInt(now) - BigInt(then));
  return difference < 0 || milliseconds <= 0 ? null : difference / (milliseconds / 1000);
}

/** The address of the pages and the API. */
export function queryAddress(endpoints: readonly Endpoint[], pageHost: string): string | null {
  const given = endpoints.find(({ name }) => name === 'query')?.url;
  return given === undefined ? null : reachedAt(given, pageHost);
}
