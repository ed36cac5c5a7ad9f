import { describe, expect, it } from 'vitest';
import { readTraceId, readTraceReference, tracePlace } from './trace_id';

const ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('readTraceId', () => {
  it.each([
    [ID, ID],
    [ID.toUpperCase(), ID],
    ['a3ce929d0e0e4736', `${'0'.repeat(16)}a3ce929d0e0e4736`],
    ['1f', `${'0'.repeat(30)}1f`],
  ])('reads %s', (text, id) => {
    expect(readTraceId(text)).toBe(id);
  });
  it.each(['', '0', '0'.repeat(32), `${ID}0`, 'xyz', '../status', ' 1f'])('refuses %j', (text) => {
    expect(readTraceId(text)).toBeNull();
  });
});

describe('readTraceReference', () => {
  it('reads a traceparent with its span', () => {
    expect(readTraceReference(` traceparent: 00-${ID}-${SPAN}-01\n`, 16)).toEqual({
      traceId: ID,
      spanId: SPAN,
      find: null,
    });
  });
  it('reads links of Jaeger, Zipkin and Spoor', () => {
    expect(readTraceReference(`http://jaeger:16686/prefix/trace/${ID}?uiFind=redis`, 16)?.find).toBe('redis');
    expect(readTraceReference(`http://zipkin/zipkin/traces/${ID}`, 16)?.traceId).toBe(ID);
    expect(readTraceReference(`https://spoor/trace/1f?span=${SPAN}`, 16)?.spanId).toBe(SPAN);
  });
  it('reads an X-Ray id', () => {
    expect(readTraceReference('1-5759e988-bd862e3fe1be46a994272793', 16)?.traceId).toBe(
      '5759e988bd862e3fe1be46a994272793',
    );
  });
  it('takes short digits for an id only where one was asked for', () => {
    expect(readTraceReference('cafe', 16)).toBeNull();
    expect(readTraceReference('cafe', 1)?.traceId).toBe('cafe'.padStart(32, '0'));
  });
  it.each(['', 'error=true', 'https://example.com/', 'http://x/trace/', 'SELECT 1'])('refuses %j', (text) => {
    expect(readTraceReference(text, 1)).toBeNull();
  });
});

it('makes the place of a trace', () => {
  expect(tracePlace({ traceId: ID, spanId: SPAN, find: 'a b' })).toBe(`/trace/${ID}?uiFind=a+b&span=${SPAN}`);
  expect(tracePlace({ traceId: ID, spanId: null, find: null })).toBe(`/trace/${ID}`);
});
