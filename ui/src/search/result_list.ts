import { signal } from '@preact/signals';
import { ApiError } from '../api/client';
import type { SearchAnswer, TraceSummary } from '../api/types';

type NextPage = (after: string) => Promise<SearchAnswer>;

/** The traces that a search has found so far. It grows page by page; who reads its signals sees that. */
export class ResultList {
  readonly traces = signal<readonly TraceSummary[]>([]);
  /** The next page is under way. */
  readonly loading = signal(false);
  /** Why the next page did not come. */
  readonly error = signal<ApiError | null>(null);
  /** Nothing follows the traces that are here. */
  readonly ended = signal(false);
  readonly complete = signal(true);
  readonly warnings = signal<readonly string[]>([]);
  /** How many match, all told, as counted with the first page; never less than are here. */
  readonly traceCount: number;
  #next: string | undefined;
  readonly #ask: NextPage | undefined;

  constructor(first: SearchAnswer, ask?: NextPage) {
    this.#ask = ask;
    this.traceCount = first.traceCount ?? first.traces.length;
    this.#take(first);
  }

  /** Asks for the next page, unless it is under way or there is none. */
  async more(): Promise<void> {
    if (this.loading.value || this.#next === undefined || !this.#ask) return;
    this.loading.value = true;
    this.error.value = null;
    try {
      this.#take(await this.#ask(this.#next));
    } catch (thrown) {
      this.error.value = thrown instanceof ApiError ? thrown : new ApiError(-1, String(thrown));
    }
    this.loading.value = false;
  }

  #take(page: SearchAnswer): void {
    this.traces.value = [...this.traces.value, ...page.traces];
    this.#next = page.next;
    this.ended.value = page.next === undefined || !this.#ask;
    if (page.complete) return;
    this.complete.value = false;
    this.warnings.value = [...new Set([...this.warnings.value, ...(page.warnings ?? [])])];
  }
}
