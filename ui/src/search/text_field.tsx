import { useId } from 'preact/hooks';

interface Props {
  label: string;
  value: string;
  onValue: (value: string) => void;
  error: string | undefined;
  placeholder?: string;
  numeric?: boolean;
  type?: 'text' | 'datetime-local';
}

/** A labelled field with what is wrong with it in words below. */
export function TextField({ label, value, onValue, error, placeholder, numeric, type = 'text' }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="input"
        type={type}
        step={type === 'datetime-local' ? 1 : undefined}
        value={value}
        placeholder={placeholder}
        inputMode={numeric ? 'numeric' : undefined}
        autocomplete="off"
        spellcheck={false}
        aria-invalid={error !== undefined}
        aria-describedby={error ? `${id}-wrong` : undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {error && (
        <span class="wrong" id={`${id}-wrong`}>
          {error}
        </span>
      )}
    </div>
  );
}
