import { describe, expect, it } from 'vitest';
import { moveByKey, type Cursor } from './use_cursor';

const at = (index: number | null, marked: [number, number] | null = null): Cursor => ({ index, marked });

describe('keys over a chart', () => {
  it('show the cursor first, then move it, and stop at the ends', () => {
    expect(moveByKey(at(null), 'ArrowLeft', false, 60)?.cursor).toEqual(at(59));
    expect(moveByKey(at(59), 'ArrowRight', false, 60)?.cursor).toEqual(at(59));
    expect(moveByKey(at(5), 'PageUp', false, 60)?.cursor).toEqual(at(0));
    expect(moveByKey(at(5), 'End', false, 60)?.cursor).toEqual(at(59));
  });
  it('mark a range with Shift, from where they began, to either side', () => {
    let cursor = at(10);
    const press = (key: string) => (cursor = moveByKey(cursor, key, true, 60)?.cursor ?? cursor);
    press('ArrowRight');
    expect(press('ArrowRight').marked).toEqual([10, 12]);
    press('ArrowLeft');
    press('ArrowLeft');
    press('ArrowLeft');
    expect(press('ArrowLeft').marked).toEqual([8, 10]);
  });
  it('open a step, or zoom to what is marked', () => {
    expect(moveByKey(at(3), 'Enter', false, 60)?.act).toBe('open');
    expect(moveByKey(at(3, [1, 3]), 'Enter', false, 60)?.act).toBe('zoom');
    expect(moveByKey(at(3, [1, 3]), 'Escape', false, 60)?.cursor).toEqual(at(3));
  });
  it('leave others alone', () => {
    expect(moveByKey(at(3), 'Escape', false, 60)).toBeNull();
    expect(moveByKey(at(3), 'x', false, 60)).toBeNull();
  });
});
