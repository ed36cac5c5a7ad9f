import type { ComponentChildren } from 'preact';
import { Icon } from '../controls/icon';
import { nextSort, type Sort } from './sort';

interface Props<K extends string> {
  /** What this column sorts by; without it the head is only a word. */
  by?: K;
  sort: Sort<K>;
  onSort: (sort: Sort<K>) => void;
  /** A column of texts begins with the first of the alphabet, one of numbers with the greatest. */
  text?: boolean;
  class?: string;
  title?: string;
  children: ComponentChildren;
}

/** The head of a column, which sorts the table when it is clicked. */
export function ColumnHead<K extends string>({
  by,
  sort,
  onSort,
  text = false,
  title,
  children,
  ...rest
}: Props<K>) {
  const classes = `${text ? '' : 'num '}${rest.class ?? ''}`;
  if (by === undefined) {
    return (
      <span role="columnheader" class={classes} title={title}>
        {children}
      </span>
    );
  }
  const chosen = sort.key === by;
  return (
    <span
      role="columnheader"
      class={classes}
      title={title}
      aria-sort={chosen ? (sort.descending ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" onClick={() => onSort(nextSort(sort, by, text))}>
        {children}
        {chosen && <Icon name={sort.descending ? 'down' : 'up'} />}
      </button>
    </span>
  );
}
