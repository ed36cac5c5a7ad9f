// The ways to look at an opened trace, in the order of their tabs and of the keys 1 to 5.

export const VIEWS = ['waterfall', 'flame', 'table', 'statistics', 'raw'] as const;
export type View = (typeof VIEWS)[number];

export const VIEW_NAMES: Record<View, string> = {
  waterfall: 'Waterfall',
  flame: 'Flame',
  table: 'Table',
  statistics: 'Statistics',
  raw: 'Raw',
};

/** The view that an address names; the waterfall where it names none that there is. */
export function readView(text: string | null): View {
  return VIEWS.find((view) => view === text) ?? 'waterfall';
}
