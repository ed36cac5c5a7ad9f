// Paths to pages, with the paths of other tracers' UIs that people have in their notes and dashboards.

export type Route =
  | { page: 'search' }
  | { page: 'trace'; id: string }
  | { page: 'services' }
  | { page: 'service'; name: string }
  | { page: 'map' }
  | { page: 'status' }
  | { page: 'learn'; slug: string }
  | { page: 'unknown' };

const TRACE = /^\/(?:trace|zipkin\/traces)\/([^/]+)\/?$/;
const SERVICE = /^\/service\/([^/]+)\/?$/;
const LEARN = /^\/learn(?:\/([^/]*))?\/?$/;
const FIXED: Record<string, Route['page'] & ('search' | 'services' | 'map' | 'status')> = {
  '': 'search',
  '/search': 'search',
  '/services': 'services',
  '/monitor': 'services',
  '/map': 'map',
  '/dependencies': 'map',
  '/deep-dependencies': 'map',
  '/status': 'status',
};

export function parseRoute(path: string): Route {
  const page = FIXED[path.replace(/\/$/, '')];
  if (page) return { page };
  const trace = TRACE.exec(path);
  if (trace?.[1]) return { page: 'trace', id: decoded(trace[1]) };
  const service = SERVICE.exec(path);
  if (service?.[1]) return { page: 'service', name: decoded(service[1]) };
  const lesson = LEARN.exec(path);
  if (lesson) return { page: 'learn', slug: decoded(lesson[1] ?? '') };
  return { page: 'unknown' };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The place of a service's page. */
export function servicePlace(name: string): string {
  return `/service/${encodeURIComponent(name)}`;
}

/** The place of a lesson; without a slug, of the page that they all begin from. */
export function lessonPlace(slug: string): string {
  return slug ? `/learn/${encodeURIComponent(slug)}` : '/learn';
}
