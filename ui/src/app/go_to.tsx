import { useEffect, useRef, useState } from 'preact/hooks';
import { navigate } from './location';
import { readTraceReference, tracePlace } from './trace_id';

/** Digits below this many, pasted somewhere, are more likely something else than a trace id. */
const PASTED_DIGITS_MIN = 16;
/** In a field that is meant for other text only what can hardly be anything else is taken for a trace. */
const PASTED_IN_FIELD_DIGITS_MIN = 32;

const takesText = (element: Element | null) =>
  element?.matches('input, textarea, select, [contenteditable]') ?? false;

/** Opens the trace that is named in a text pasted anywhere on the page. */
export function openPastedTraces(): void {
  document.addEventListener('paste', (event) => {
    const target = event.target as Element | null;
    if (target?.closest('[data-pastes-itself]')) return;
    const shortest = takesText(target) ? PASTED_IN_FIELD_DIGITS_MIN : PASTED_DIGITS_MIN;
    const reference = readTraceReference(event.clipboardData?.getData('text/plain') ?? '', shortest);
    if (!reference) return;
    event.preventDefault();
    navigate(tracePlace(reference));
  });
}

/** The field in the top bar that takes a trace id, a traceparent or a link. Ctrl+K leads to it. */
export function GoTo() {
  const field = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState('');

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== 'k' ||
        !(event.ctrlKey || event.metaKey) ||
        event.shiftKey ||
        event.altKey
      )
        return;
      event.preventDefault();
      field.current?.select();
      field.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);

  const go = (text: string) => {
    const reference = readTraceReference(text, 1);
    if (!reference) {
      setWrong('A trace id is 1 to 32 of the digits 0-9 and a-f. A traceparent or a link to a trace does too.');
      return;
    }
    setWrong('');
    if (field.current) field.current.value = '';
    field.current?.blur();
    navigate(tracePlace(reference));
  };

  return (
    <form
      class="goto push"
      onSubmit={(event) => {
        event.preventDefault();
        go(field.current?.value ?? '');
      }}
    >
      <input
        ref={field}
        class="input sm"
        aria-label="Go to"
        aria-invalid={wrong !== ''}
        aria-describedby={wrong ? 'goto-wrong' : undefined}
        placeholder="Go to trace id"
        autocomplete="off"
        spellcheck={false}
        data-pastes-itself
        onInput={() => setWrong('')}
        onBlur={() => setWrong('')}
        onKeyDown={(event) => {
          if (event.key === 'Escape') field.current?.blur();
        }}
      />
      <kbd aria-hidden="true">Ctrl K</kbd>
      {wrong && (
        <span class="wrong" id="goto-wrong" role="alert">
          {wrong}
        </span>
      )}
    </form>
  );
}
