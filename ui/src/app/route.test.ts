import { expect, it } from 'vitest';
import { parseRoute } from './route';

it.each([
  ['/', { page: 'search' }],
  ['/search', { page: 'search' }],
  ['/trace/4BF9', { page: 'trace', id: '4BF9' }],
  ['/trace/4bf9/', { page: 'trace', id: '4bf9' }],
  ['/zipkin/traces/4bf9', { page: 'trace', id: '4bf9' }],
  ['/trace/%zz', { page: 'trace', id: '%zz' }],
  ['/trace/', { page: 'unknown' }],
  ['/services', { page: 'services' }],
  ['/monitor', { page: 'services' }],
  ['/service/a%2Fb', { page: 'service', name: 'a/b' }],
  ['/service/', { page: 'unknown' }],
  ['/map/', { page: 'map' }],
  ['/dependencies', { page: 'map' }],
  ['/status', { page: 'status' }],
  ['/learn', { page: 'learn', slug: '' }],
  ['/learn/task_2_frontend/', { page: 'learn', slug: 'task_2_frontend' }],
  ['/learn/a/b', { page: 'unknown' }],
  ['/nowhere', { page: 'unknown' }],
])('%s', (path, route) => {
  expect(parseRoute(path)).toEqual(route);
});
