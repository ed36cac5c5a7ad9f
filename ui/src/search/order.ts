import type { TraceSummary } from '../api/types';
import { readStored, store } from '../app/stored';

// The orders of a list of traces: the server's names, and Jaeger's words for them.

export const ORDERS = ['newest', 'longest', 'shortest', 'most-spans', 'most-errors'] as const;
export type Order = (typeof ORDERS)[number];

export const ORDER_LABELS: Record<Order, string> = {
  newest: 'Most recent first',
  longest: 'Longest first',
  shortest: 'Shortest first',
  'most-spans': 'Most spans',
  'most-errors': 'Most errors',
};

export function readOrder(text: string | null): Order {
  return ORDERS.find((order) => order === text) ?? 'newest';
}

/** The order that was chosen last, in this or an earlier visit. */
export function rememberedOrder(): Order {
  return readOrder(readStored('order'));
}

export function rememberOrder(order: Order): void {
  store('order', order);
}

/** Puts traces that are all here into an order, as the server does: equal ones newest first, then by id. */
export function sortTraces(traces: readonly TraceSummary[], order: Order): TraceSummary[] {
  const rank: Record<Order, (trace: TraceSummary) => number> = {
    newest: () => 0,
    longest: (trace) => -Number(trace.durationNano),
    shortest: (trace) => Number(trace.durationNano),
    'most-spans': (trace) => -trace.spanCount,
    'most-errors': (trace) => -trace.errorCount,
  };
  const by = rank[order];
  return [...traces].sort(
    (a, b) =>
      by(a) - by(b) ||
      Number(BigInt(b.startTimeUnixNano) - BigInt(a.startTimeUnixNano)) ||
      (a.traceID < b.traceID ? -1 : 1),
  );
}
