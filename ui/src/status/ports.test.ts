import { describe, expect, it } from 'vitest';
import type { Received } from '../api/types';
import { perSecond, portsOf, queryAddress } from './ports';
import { diskUsage, usage } from './usage';

const received = (name: string, spans: string): Received => ({
  name,
  requests: spans,
  spans,
  rejectedSpans: '0',
  refusedRequests: '0',
  badRequests: '0',
  bytes: '0',
});
const endpoints = [
  { name: 'otlp-http', url: 'http://0.0.0.0:4318' },
  { name: 'query', url: 'http://0.0.0.0:16686' },
];
const sample = (spans: string, at: number) => ({
  value: { endpoints, received: [received('otlp-http', spans)] },
  at,
});

describe('ports', () => {
  const [http, grpc, jaeger] = portsOf(sample('500', 9_000), sample('100', 4_000), 'traces.example');
  it('have the address by which the page was reached, and a line that sends there', () => {
    expect(http.address).toBe('http://traces.example:4318');
    expect(http.send?.(http.address ?? '')).toBe('OTEL_EXPORTER_OTLP_ENDPOINT=http://traces.example:4318');
    expect(queryAddress(endpoints, 'traces.example')).toBe('http://traces.example:16686');
  });
  it('have a rate from two answers, and none from one', () => {
    expect(http.spansPerSecond).toBe(80);
    expect(portsOf(sample('500', 9_000), null, 'localhost')[0].spansPerSecond).toBeNull();
  });
  it('that are closed say which setting opens them', () => {
    expect([grpc.address, jaeger.address]).toEqual([null, null]);
    expect(grpc.flag).toBe('--otlp-grpc-port 4317');
  });
  it('have no rate after the server was started anew', () => {
    expect(perSecond('5', '900', 5_000)).toBeNull();
    expect(perSecond('18446744073709551615', '18446744073709551605', 5_000)).toBe(2);
    expect(perSecond('5', '5', 0)).toBeNull();
  });
});

describe('usage', () => {
  it('of the disk is of the limit, or of all there is where there is none or too high a one', () => {
    expect(diskUsage({ usedBytes: '30', freeBytes: '70', maxBytes: '40' })).toMatchObject({
      share: 0.75,
      most: 40,
    });
    expect(diskUsage({ usedBytes: '30', freeBytes: '70', maxBytes: '0' })).toMatchObject({
      share: 0.3,
      most: 100,
    });
    expect(diskUsage({ usedBytes: '30', freeBytes: '70', maxBytes: '900' }).most).toBe(100);
  });
  it('is tight from nine tenths on, and never more than all', () => {
    expect(usage('89', '100').tight).toBe(false);
    expect(usage('90', '100').tight).toBe(true);
    expect(usage('120', '100').share).toBe(1);
    expect(usage('5', '0')).toMatchObject({ share: null, tight: false });
  });
});
