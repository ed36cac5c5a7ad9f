import { signal } from '@preact/signals';
import { readStored, store } from '../stored';

/** Whether letters, digits and signs alone do something: who dictates or shakes turns that off (WCAG 2.1.4). */
export const singleKeys = signal(readStored('single-keys') !== 'off');

export function turnSingleKeys(on: boolean): void {
  singleKeys.value = on;
  store('single-keys', on ? 'on' : 'off');
}
