import { openDialog } from './dialogs';
import { keyCaps } from './keys/key_name';

export const GO_TO_KEY = 'Ctrl+k';

/** The button that opens the palette. */
export function GoTo() {
  return (
    <button
      type="button"
      class="btn sm goto"
      aria-haspopup="dialog"
      aria-keyshortcuts="Control+K Meta+K"
      onClick={() => (openDialog.value = 'palette')}
    >
      Go to
      <kbd class="wide" aria-hidden="true">
        {keyCaps(GO_TO_KEY).join(' ')}
      </kbd>
    </button>
  );
}
