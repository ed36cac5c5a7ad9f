import { signal } from '@preact/signals';

/** Which of the shell's dialogs is open. */
export const openDialog = signal<'palette' | 'keys' | null>(null);

export function closeDialog(which: 'palette' | 'keys'): void {
  if (openDialog.value === which) openDialog.value = null;
}
