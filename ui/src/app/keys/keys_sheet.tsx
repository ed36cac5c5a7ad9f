import { Dialog } from '../../controls/dialog';
import { Icon } from '../../controls/icon';
import { closeDialog } from '../dialogs';
import { commandSets, type Command, type CommandSet } from './command';
import { isCharacter, keyCaps } from './key_name';
import { singleKeys, turnSingleKeys } from './single_keys';
import './keys_sheet.css';

/** All keys of the page, the page's own first, under their heads. */
export function keysByGroup(sets: readonly CommandSet[]): [string, Command[]][] {
  const groups = new Map<string, Command[]>();
  for (const { commands } of sets.toReversed()) {
    for (const command of commands) {
      if (command.keys.length === 0) continue;
      groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
    }
  }
  return [...groups];
}

export default function KeysSheet() {
  const close = () => closeDialog('keys');
  return (
    <Dialog label="Keys" class="keys-sheet" onClose={close}>
      <header>
        <h2>Keys</h2>
        <label>
          <input
            type="checkbox"
            checked={singleKeys.value}
            onChange={(event) => turnSingleKeys(event.currentTarget.checked)}
          />
          Keys that are a single letter, digit or sign
        </label>
        <button type="button" class="btn sm icon push" aria-label="Close" title="Close (Esc)" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <p class="dim" role="status">
        {singleKeys.value
          ? 'They can be turned off: who speaks to the computer may press them unawares. Remembered in this browser.'
          : 'Single keys are off. Arrows, Enter, Esc and keys with Ctrl work, and every command is under “Go to”.'}
      </p>
      <div class="groups" tabIndex={0} role="group" aria-label="All keys">
        {keysByGroup(commandSets.value).map(([group, commands]) => (
          <section key={group} aria-label={group}>
            <h3>{group}</h3>
            <dl>
              {commands.map((command) => (
                <div key={command.id}>
                  <dt>
                    {command.keys.map((key, index) => (
                      <Keys key={key} name={key} first={index === 0} />
                    ))}
                  </dt>
                  <dd>{command.words}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

/** One way to press a command; crossed out while it is turned off. */
function Keys({ name, first }: { name: string; first: boolean }) {
  const off = !singleKeys.value && isCharacter(name);
  const inTurn = name.includes(' ') && name !== ' ';
  const caps = keyCaps(name);
  return (
    <span class={off ? 'off' : ''}>
      {!first && <span class="dim"> or </span>}
      {caps.map((cap, index) => (
        <span key={index}>
          {index > 0 && <span class="dim">{inTurn ? ' then ' : ' '}</span>}
          <kbd>{cap}</kbd>
        </span>
      ))}
      {off && <span class="sr"> (off)</span>}
    </span>
  );
}
