import type { Status } from '../api/types';

export interface Addresses {
  /** null where the server does not listen for it. */
  http: string | null;
  grpc: string | null;
}

const LOCAL = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const WILDCARD = /^(0\.0\.0\.0|\[::\])$/;

/**
 * Where an SDK reaches this server. A server that listens everywhere does not know by which name it is reached, and one
 * behind a forwarded port knows a wrong one; the name that this page was opened by works.
 */
export function otlpAddresses(status: Pick<Status, 'endpoints'>, pageHost: string): Addresses {
  const address = (name: string): string | null => {
    const given = status.endpoints.find((endpoint) => endpoint.name === name)?.url;
    return given ? reachedAt(given, pageHost) : null;
  };
  return { http: address('otlp-http'), grpc: address('otlp-grpc') };
}

/** The address of a port as seen from the machine of the page's reader; null where it is none. */
export function reachedAt(bound: string, pageHost: string): string | null {
  if (!URL.canParse(bound)) return null;
  const url = new URL(bound);
  if (WILDCARD.test(url.hostname) || (LOCAL.test(url.hostname) && !LOCAL.test(pageHost)))
    url.hostname = pageHost;
  return url.href.replace(/\/$/, '');
}
