import { describe, expect, it } from 'vitest';
import { askServer, checkQuery, DEFAULT_QUERY, pinQuery, readQuery, writeQuery } from './query';

const read = (text: string) => readQuery(new URLSearchParams(text));
const NOW = 1_764_000_000_000;

describe('readQuery', () => {
  it('has defaults for an empty address', () => {
    expect(read('')).toEqual(DEFAULT_QUERY);
  });
  it('reads a link of Jaeger: its range counts, not its lookback', () => {
    const query = read(
      'end=1764000000000000&limit=20&lookback=1h&maxDuration=1.2s&minDuration=100ms&operation=GET%20%2F' +
        '&service=frontend&start=1763996400000000&tags=%7B%22error%22%3A%22true%22%2C%22a%20b%22%3A%22c%22%7D',
    );
    expect(query).toMatchObject({
      service: 'frontend',
      operation: 'GET /',
      tags: '{"error":"true","a b":"c"}',
      minDuration: '100ms',
      maxDuration: '1.2s',
      lookback: 'custom',
      start: '1763996400000000',
      end: '1764000000000000',
      limit: '20',
    });
  });
  it('reads repeated tag parameters, whose values may hold colons', () => {
    expect(read('tag=http.url:http://x&tag=error:true').tags).toBe('http.url=http://x error=true');
  });
  it('leaves what it cannot read at its default, tags excepted, which are shown', () => {
    expect(read('lookback=soon&start=now&operation=all&tags={"a"')).toMatchObject({
      lookback: '1h',
      start: '',
      operation: '',
      tags: '{"a"',
    });
  });
});

describe('checkQuery', () => {
  const wrong = (change: object) => Object.keys(checkQuery({ ...DEFAULT_QUERY, ...change }));
  it('accepts the default and a full form', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ tags: 'a=1', minDuration: '1ms', maxDuration: '1ms', limit: '10000' })).toEqual([]);
  });
  it.each([
    [{ tags: '=1' }, 'tags'],
    [{ minDuration: '5' }, 'minDuration'],
    [{ minDuration: '2s', maxDuration: '1s' }, 'maxDuration'],
    [{ lookback: 'custom' }, 'start'],
    [{ lookback: 'custom', start: '5', end: '4' }, 'end'],
    [{ limit: '0' }, 'limit'],
    [{ limit: '10001' }, 'limit'],
    [{ limit: 'many' }, 'limit'],
  ])('%j', (change, field) => {
    expect(wrong(change)).toEqual([field]);
  });
});

describe('writing', () => {
  it('gives an address that reads the same', () => {
    const query = {
      ...DEFAULT_QUERY,
      service: 'a&b',
      tags: 'x="y z" x=2',
      minDuration: '1.5s',
      lookback: '2d',
    };
    expect(readQuery(writeQuery(query))).toEqual(query);
    const custom = { ...query, lookback: 'custom', start: '5', end: '9' };
    expect(readQuery(writeQuery(custom))).toEqual(custom);
  });
  it('asks the server from the lookback on, without an end', () => {
    const asked = askServer({ ...DEFAULT_QUERY, tags: 'error=true' }, NOW);
    expect(asked.toString()).toBe('tags=%7B%22error%22%3A%22true%22%7D&start=1763996400000000&limit=100');
    expect(askServer({ ...DEFAULT_QUERY, lookback: 'any' }, NOW).get('start')).toBe('0');
  });
  it('pins a lookback for a link', () => {
    expect(pinQuery(DEFAULT_QUERY, NOW)).toMatchObject({
      lookback: 'custom',
      start: '1763996400000000',
      end: '1764000000000000',
    });
    const any = { ...DEFAULT_QUERY, lookback: 'any' };
    expect(pinQuery(any, NOW)).toEqual(any);
  });
});
