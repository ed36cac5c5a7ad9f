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
export function otlpAddresses(status: Status, pageHost: string): Addresses {
  const address = (name: string): string | null => {
    const given = status.endpoints.find((endpoint) => endpoint.name === name)?.url;
    if (!given || !URL.canParse(given)) return null;
    const url = new URL(given);
    if (WILDCARD.test(url.hostname) || (LOCAL.test(url.hostname) && !LOCAL.test(pageHost)))
      url.hostname = pageHost;
    return url.href.replace(/\/$/, '');
  };
  return { http: address('otlp-http'), grpc: address('otlp-grpc') };
}
