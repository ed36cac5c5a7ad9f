import { describe, expect, it } from 'vitest';
import type { RedAnswer, RedGroup } from '../api/types';
import { arrangeOperations, operationRows } from './operation_rows';
import { arrange, quietServices, serviceRows } from './service_rows';

const group = (service: string, count: number, errorCount: number, p99Nano: string | null): RedGroup => ({
  service,
  colour: 1,
  operation: service,
  kind: 'server',
  counted: 'entry',
  count,
  errorCount,
  durationSumNano: String(count * 10),
  p50Nano: p99Nano,
  p95Nano: p99Nano,
  p99Nano,
});
const answer: RedAnswer = {
  startTimeUnixNano: '0',
  endTimeUnixNano: '60000000000',
  stepNano: '60000000000',
  groups: [group('cart', 10, 5, '900'), group('Payment', 90, 9, '1000'), group('risk', 10, 0, null)],
  complete: true,
};

describe('services', () => {
  const rows = serviceRows(answer, 0);
  const names = (filter: string, key: 'name' | 'rate' | 'errors' | 'p99', descending: boolean) =>
    arrange(rows, filter, { key, descending }).map((row) => row.group.service);
  it('are sorted by share of errors, not by their count, and by duration as a number', () => {
    expect(names('', 'errors', true)).toEqual(['cart', 'Payment', 'risk']);
    expect(names('', 'p99', true)).toEqual(['Payment', 'cart', 'risk']);
    expect(names('', 'rate', true)).toEqual(['Payment', 'cart', 'risk']);
  });
  it('are filtered without regard to case', () => {
    expect(names(' PAY', 'name', false)).toEqual(['Payment']);
  });
  it('that sent nothing are named', () => {
    expect(quietServices([{ name: 'cart' }, { name: 'gone' }], answer)).toEqual(['gone']);
  });
});

describe('operations', () => {
  it('have the share of the time that all take together', () => {
    const rows = arrangeOperations(operationRows(answer.groups), { key: 'impact', descending: true });
    expect(rows.map(({ impact }) => impact)).toEqual([90 / 110, 10 / 110, 10 / 110]);
    expect(operationRows([{ ...answer.groups[0], durationSumNano: '0' }])[0].impact).toBe(0);
  });
});
