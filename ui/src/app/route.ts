// Paths to pages, with the paths of other tracers' UIs that people have in their notes and dashboards.

export type Route = { page: 'search' } | { page: 'trace'; id: string } | { page: 'unknown' };

const TRACE = /^\/(?:trace|zipkin\/traces)\/([^/]+)\/?$/;

export function parseRoute(path: string): Route {
  if (path === '/' || path === '/search' || path === '/search/') return { page: 'search' };
  const trace = TRACE.exec(path);
  if (!trace?.[1]) return { page: 'unknown' };
  try {
    return { page: 'trace', id: decodeURIComponent(trace[1]) };
  } catch {
    return { page: 'trace', id: trace[1] };
  }
}
