import type { ComponentChildren } from 'preact';
import { Icon } from './icon';
import { MenuButton } from './menu_button';

interface Props<Value extends string> {
  /** The accessible name of the menu. */
  label: string;
  value: Value;
  choices: readonly [Value, string][];
  onChoose: (value: Value) => void;
  /** Of the button. */
  class?: string;
  /** What the button shows. */
  children: ComponentChildren;
}

/** A menu of which one item is chosen. */
export function ChoiceMenu<Value extends string>(props: Props<Value>) {
  const { label, value, choices, onChoose, class: classes, children } = props;
  return (
    <MenuButton
      label={label}
      {...(classes ? { class: classes } : {})}
      button={children}
      items={(close) =>
        choices.map(([choice, words]) => (
          <button
            key={choice}
            type="button"
            role="menuitemradio"
            tabIndex={-1}
            aria-checked={value === choice}
            onClick={() => {
              onChoose(choice);
              close();
            }}
          >
            {words}
            {value === choice && <Icon name="check" />}
          </button>
        ))
      }
    />
  );
}
