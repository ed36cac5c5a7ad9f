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
