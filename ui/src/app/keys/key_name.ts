// Names of keys: as events give them, and as a reader sees them.

/** "j", "E", "?", "Enter", "Shift+ArrowLeft", "Ctrl+k" (which is Command on a Mac). */
export function keyName(event: KeyboardEvent): string {
  if (event.ctrlKey || event.metaKey) return `Ctrl+${event.key.toLowerCase()}`;
  return event.shiftKey && event.key.length > 1 ? `Shift+${event.key}` : event.key;
}

/** Whether a key types a character when a field has the focus. Only these can be turned off (WCAG 2.1.4). */
export function isCharacter(name: string): boolean {
  return !name.startsWith('Ctrl+') && name.split(' ').some((key) => [...key].length === 1);
}

const SIGNS: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page up',
  PageDown: 'Page down',
  Escape: 'Esc',
  ' ': 'Space',
};
const onMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The keys to press, in turn or together, as they are written on them: ["Ctrl", "K"], ["g", "s"]. */
export function keyCaps(name: string): string[] {
  return name
    .split(/[ +](?=.)/)
    .map((key) =>
      key === 'Ctrl' && onMac ? '⌘' : name.startsWith('Ctrl+') && key.length === 1 ? key.toUpperCase() : key,
    )
    .map((key) => SIGNS[key] ?? key);
}
