import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  label: string;
  class: string;
  onClose: () => void;
  children: ComponentChildren;
}

/**
 * A native modal dialog, open for as long as it is rendered. The browser keeps the focus inside and gives it back to
 * where it was; Escape and a click beside it close it.
 */
export function Dialog({ label, class: classes, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      class={`dialog ${classes}`}
      aria-label={label}
      onClose={onClose}
      onCancel={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div class="inside">{children}</div>
    </dialog>
  );
}
