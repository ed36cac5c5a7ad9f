import { describe, expect, it } from 'vitest';
import { fit, rank } from './rank';

const order = (wished: string, ...texts: string[]) =>
  rank(texts, wished, (text) => text).map(({ entry }) => entry);

describe('rank', () => {
  it('leaves out what lacks a letter or has it too early', () => {
    expect(order('map', 'Go to map', 'pam', 'm', '')).toEqual(['Go to map']);
  });
  it('puts beginnings of words before letters inside', () => {
    expect(order('ca', 'Expand scala', 'Collapse all', 'cart')).toEqual([
      'cart',
      'Collapse all',
      'Expand scala',
    ]);
  });
  it('finds initials and parts of camel case', () => {
    expect(order('gts', 'Go to services', 'agents')[0]).toBe('Go to services');
    expect(fit('CheckoutService', 'cs')?.at).toEqual([0, 8]);
  });
  it('takes the shorter of equals, and else keeps the order', () => {
    expect(order('pay', 'payment-gateway', 'payment')).toEqual(['payment', 'payment-gateway']);
    expect(order('', 'b', 'a')).toEqual(['b', 'a']);
  });
  it('pays no regard to case and spaces', () => {
    expect(fit('Show Times', 'showt')?.at).toEqual([0, 1, 2, 3, 5]);
    expect(fit('Show Times', 'SHOW T')?.at).toEqual([0, 1, 2, 3, 5]);
  });
  it('takes letters together rather than scattered', () => {
    expect(fit('a-c acb', 'acb')?.at).toEqual([4, 5, 6]);
  });
  it('survives letters that change their length and texts of any length', () => {
    expect(fit('İstanbul', 'ist')).toBeNull();
    expect(fit('x'.repeat(100_000), 'x'.repeat(500))).toBeNull();
    expect(fit('größe 尺寸', '尺')?.at).toEqual([6]);
  });
});
