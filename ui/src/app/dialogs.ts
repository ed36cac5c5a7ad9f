import { signal } from '@preact/signals';

/** Which of the shell's dialogs is open. */
export const openDialog = signal<'palette' | 'keys' | null>(null);

export function closeDialog(which: 'palette' | 'keys'): void {
  if (openDialog.value === which) openDialog.value = null;
}

/** What was typed after a dialog was asked for and before its code was there. */
let typedAhead = '';

export function typeAhead(letter: string): void {
  typedAhead += letter;
}

/** Gives that to the dialog, once. */
export function takeTypedAhead(): string {
  const typed = typedAhead;
  typedAhead = '';
  return typed;
}
