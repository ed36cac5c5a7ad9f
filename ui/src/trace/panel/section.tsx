import type { ComponentChildren } from 'preact';
import { Icon } from '../../controls/icon';
import { formatCount } from '../../format/count';

/** A part of the panel that folds. One without content says so in its count and stays shut. */
export function Section({
  name,
  count,
  children,
}: {
  name: string;
  count?: number;
  children: ComponentChildren;
}) {
  return (
    <details class="sec" open={count !== 0 || name === 'Scope'}>
      <summary>
        {name} {count !== undefined && <b>{formatCount(count)}</b>}
        <Icon name="down" />
      </summary>
      {children}
    </details>
  );
}
