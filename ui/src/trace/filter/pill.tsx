import type { ComponentChildren } from 'preact';
import { formatCount } from '../../format/count';

interface PillProps {
  pressed: boolean;
  count?: number;
  title?: string;
  class?: string;
  onPress: () => void;
  children: ComponentChildren;
}

export function Pill({ pressed, count, title, class: extra = '', onPress, children }: PillProps) {
  // What matches nothing cannot be asked for; but what is pressed can be let go of.
  const none = count === 0 && !pressed;
  return (
    <button
      type="button"
      class={`pill ${extra}`}
      aria-pressed={pressed}
      disabled={none}
      title={title}
      onClick={onPress}
    >
      {children} {count !== undefined && <b>{formatCount(count)}</b>}
    </button>
  );
}
