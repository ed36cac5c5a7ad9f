import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Icon } from './icon';
import { serviceStyle } from './colour';

export interface Choice {
  value: string;
  colour?: number;
}

interface Props {
  label: string;
  /** The text of the field is the value; an empty one stands for every choice. */
  value: string;
  onValue: (value: string) => void;
  choices: Choice[];
  /** What the empty value means, as the first choice and as the placeholder. */
  everything: string;
  /** What to say instead of choices while there are none. */
  emptyList: string;
}

/** So many choices are put into the document; typing narrows them. */
const SHOWN_MAX = 100;

/** An editable combobox with a filtered list, after the ARIA authoring practices. */
export function Combobox({ label, value, onValue, choices, everything, emptyList }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState(false);
  const [active, setActive] = useState(-1);
  const list = useRef<HTMLDivElement>(null);

  const needle = typed ? value.trim().toLowerCase() : '';
  const matching = needle ? choices.filter((choice) => choice.value.toLowerCase().includes(needle)) : choices;
  const shown: Choice[] = needle
    ? matching.slice(0, SHOWN_MAX)
    : [{ value: '' }, ...matching.slice(0, SHOWN_MAX)];
  const chosen = choices.find((choice) => choice.value === value);

  useEffect(() => {
    list.current?.querySelector('.on')?.scrollIntoView({ block: 'nearest' });
  }, [active, open]);

  const show = () => {
    setOpen(true);
    setTyped(false);
    setActive(Math.max(0, choices.findIndex((choice) => choice.value === value) + 1));
  };
  const close = () => {
    setOpen(false);
    setTyped(false);
    setActive(-1);
  };
  const pick = (choice: Choice | undefined) => {
    if (choice) onValue(choice.value);
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step !== undefined) {
      if (!open) show();
      else setActive(Math.min(shown.length - 1, Math.max(0, active + step)));
    } else if (event.key === 'Enter' && open && active >= 0) {
      pick(shown[active]);
    } else if (event.key === 'Escape' && open) {
      close();
    } else if (event.key === 'Escape' && value) {
      onValue('');
    } else {
      if (event.key === 'Enter') close(); // And the form is sent.
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="field">
      <label for={id}>{label}</label>
      <span class="pick">
        {chosen?.colour !== undefined && <i class="dot" style={serviceStyle(chosen.colour)} />}
        <input
          id={id}
          class="input"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={open}
          aria-controls={`${id}-list`}
          aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
          autocomplete="off"
          spellcheck={false}
          placeholder={everything}
          value={value}
          onInput={(event) => {
            onValue(event.currentTarget.value);
            setOpen(true);
            setTyped(true);
            setActive(-1);
          }}
          onFocus={(event) => event.currentTarget.select()}
          onClick={() => (open ? undefined : show())}
          onBlur={close}
          onKeyDown={onKeyDown}
        />
        <Icon name="down" />
      </span>
      <div
        ref={list}
        id={`${id}-list`}
        class="menu choices"
        role="listbox"
        aria-label="Choices"
        hidden={!open}
        onPointerDown={(event) => event.preventDefault()}
      >
        {open &&
          shown.map((choice, index) => (
            <div
              key={choice.value}
              id={`${id}-${index}`}
              role="option"
              aria-selected={choice.value === value}
              class={index === active ? 'on' : ''}
              onClick={() => pick(choice)}
            >
              {choice.colour !== undefined && <i class="dot" style={serviceStyle(choice.colour)} />}
              <span class="cut">{choice.value || everything}</span>
            </div>
          ))}
        {open && matching.length === 0 && (
          <div class="none" role="option" aria-disabled="true">
            {needle ? `Nothing here contains “${value.trim()}”` : emptyList}
          </div>
        )}
        {open && matching.length > SHOWN_MAX && (
          <div class="none" role="option" aria-disabled="true">
            {matching.length - SHOWN_MAX} more: type to narrow them
          </div>
        )}
      </div>
    </div>
  );
}
