import { NONE } from '../columns';
import type { Sort } from '../grid/sort';
import type { Trace } from '../trace';
import type { Group } from './group_spans';

/** By what the statistics are grouped: the services, the operations, or the operations below their services. */
export const GROUPINGS = ['service', 'operation', 'both'] as const;
export type View = (typeof GROUPINGS)[number];

export interface Line {
  group: Group;
  level: 1 | 2;
  /** Has lines below it; whether they are shown. undefined where there are none by kind. */
  unfolded?: boolean;
}

export const NUMBERS = ['count', 'errors', 'self', 'path', 'total', 'avg', 'min', 'p50', 'p95', 'max'] as const;
export type NumberColumn = (typeof NUMBERS)[number];
export const COLUMNS: readonly string[] = ['name', ...NUMBERS];

export function valueOf(group: Group, column: NumberColumn): number {
  return column === 'avg' ? group.total / group.count : (group[column] ?? 0);
}

/** "payment", or "payment SELECT customers". */
export function nameOf(trace: Trace, { service, name }: Group): string {
  const serviceName = trace.strings.at(trace.columns.serviceName[service]!);
  return name === NONE ? serviceName : `${serviceName} ${trace.strings.at(name)}`;
}

function comparison(trace: Trace, { column, descending }: Sort): (a: Group, b: Group) => number {
  const sign = descending ? -1 : 1;
  if (column === 'name') {
    return (a, b) => {
      const [first, second] = [nameOf(trace, a), nameOf(trace, b)];
      return sign * (first < second ? -1 : first > second ? 1 : 0);
    };
  }
  return (a, b) => sign * (valueOf(a, column as NumberColumn) - valueOf(b, column as NumberColumn));
}

/** The lines in order; operations stand below their service where it is unfolded. */
export function listLines(
  trace: Trace,
  services: readonly Group[],
  operations: readonly Group[],
  view: View,
  sort: Sort,
  unfolded: ReadonlySet<number>,
): Line[] {
  const compare = comparison(trace, sort);
  const flat = (groups: readonly Group[]): Line[] =>
    groups.toSorted(compare).map((group) => ({ group, level: 1 }));
  if (view === 'service') return flat(services);
  if (view === 'operation') return flat(operations);
  const below = new Map<number, Group[]>(services.map(({ service }) => [service, []]));
  for (const operation of operations.toSorted(compare)) below.get(operation.service)?.push(operation);
  return services.toSorted(compare).flatMap((group): Line[] => {
    const open = unfolded.has(group.service);
    const children = open ? (below.get(group.service) ?? []) : [];
    return [
      { group, level: 1, unfolded: open },
      ...children.map((child): Line => ({ group: child, level: 2 })),
    ];
  });
}
