import { openDialog, typeAhead } from '../dialogs';
import { commandSets, type Command, type CommandSet } from './command';
import { isCharacter, keyName } from './key_name';
import { singleKeys } from './single_keys';

/** How long the first of two keys waits for the second. */
const SECOND_KEY_MS = 1500;

/** Keys that scroll or press what has the focus. They are commands only on a list of rows, or when nothing has it. */
const BELONGS_TO_FOCUS = /^(Shift\+)?(Enter| |Arrow\w+|Page\w+|Home|End)$/;
const FIELDS = 'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable]';
const HANDLES_ITS_OWN = '[role="menuitemradio"], [role="menuitem"], dialog, dialog *';
const ROWS = 'body, main, [role="treegrid"], [role="grid"], [role="application"]';

interface Found {
  command: Command;
  set: CommandSet;
}

/** What a key does on the page as it is now. */
export function findCommand(sets: readonly CommandSet[], name: string): Found | undefined {
  for (const set of sets.toReversed()) {
    const command = set.commands.find(({ keys }) => keys.includes(name));
    if (command) return { command, set };
  }
  return undefined;
}

/** Whether a key is the first of two. */
export function beginsCommand(sets: readonly CommandSet[], name: string): boolean {
  return sets.some(({ commands }) =>
    commands.some(({ keys }) => keys.some((key) => key.startsWith(`${name} `))),
  );
}

function mayAct({ command }: Found, name: string, target: Element): boolean {
  if (target.matches(HANDLES_ITS_OWN)) return false;
  if (target.matches(FIELDS) && !command.inFields) return false;
  if (BELONGS_TO_FOCUS.test(name) && !target.matches(ROWS)) return false;
  return singleKeys.value || !isCharacter(name);
}

/** Has the keys of the whole page do what commandSets says. */
export function listenForKeys(): void {
  let first = { name: '', at: -Infinity };
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const target = event.target as Element;
    if (openDialog.peek() !== null && !target.closest('dialog')) {
      // It is on its way: what is typed is meant for it, and must not do anything here.
      if (event.key === 'Escape') openDialog.value = null;
      else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) typeAhead(event.key);
      return event.preventDefault();
    }
    const sets = commandSets.peek();
    const alone = keyName(event);
    if (alone.startsWith('Shift+Shift')) return;
    const name = event.timeStamp - first.at < SECOND_KEY_MS ? `${first.name} ${alone}` : alone;
    first = { name: '', at: -Infinity };
    const found = findCommand(sets, name) ?? findCommand(sets, alone);
    if (!found) {
      const mayBegin = singleKeys.peek() && !target.matches(`${FIELDS}, ${HANDLES_ITS_OWN}`);
      if (mayBegin && beginsCommand(sets, alone)) first = { name: alone, at: event.timeStamp };
      return;
    }
    if (!mayAct(found, found.command.keys.includes(name) ? name : alone, target)) return;
    event.preventDefault();
    if (target.matches('body, main')) found.set.takeFocus?.();
    found.command.run();
  });
}
