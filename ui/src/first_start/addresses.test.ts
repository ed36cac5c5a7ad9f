import { expect, it } from 'vitest';
import type { Status } from '../api/types';
import { otlpAddresses } from './addresses';

const status = (http: string, grpc?: string): Pick<Status, 'endpoints'> => ({
  endpoints: [{ name: 'otlp-http', url: http }, ...(grpc ? [{ name: 'otlp-grpc', url: grpc }] : [])],
});

it.each([
  ['http://127.0.0.1:4318', 'localhost', 'http://127.0.0.1:4318'],
  ['http://127.0.0.1:4318', 'traces.example', 'http://traces.example:4318'],
  ['http://0.0.0.0:14318', 'traces.example', 'http://traces.example:14318'],
  ['http://0.0.0.0:4318', '127.0.0.1', 'http://127.0.0.1:4318'],
  ['http://[::]:4318', '[::1]', 'http://[::1]:4318'],
  ['http://10.1.2.3:4318', 'traces.example', 'http://10.1.2.3:4318'],
])('%s seen from %s is %s', (bound, pageHost, address) => {
  expect(otlpAddresses(status(bound), pageHost).http).toBe(address);
});

it('knows what is closed', () => {
  expect(otlpAddresses(status('http://127.0.0.1:4318'), 'localhost').grpc).toBeNull();
  expect(otlpAddresses({ endpoints: [] }, 'localhost')).toEqual({ http: null, grpc: null });
});
