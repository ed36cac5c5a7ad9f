/** Which column a list is in the order of. */
export interface Sort {
  column: string;
  descending: boolean;
}

/** "self", or "-self" where the greatest is first. What names none of the columns gives the default. */
export function readSort(text: string | undefined, columns: readonly string[], otherwise: Sort): Sort {
  const descending = text?.startsWith('-') ?? false;
  const column = text?.slice(descending ? 1 : 0) ?? '';
  return columns.includes(column) ? { column, descending } : otherwise;
}

export function writeSort({ column, descending }: Sort): string {
  return `${descending ? '-' : ''}${column}`;
}

/** A click on the head of a column: numbers begin with the greatest, texts with A; once more turns it round. */
export function sortBy(column: string, number: boolean, before: Sort): Sort {
  return before.column === column ? { column, descending: !before.descending } : { column, descending: number };
}
