import { signal } from '@preact/signals';

// Where the reader is. The address bar is the only store of what a page shows, so this is the state of the app.

export interface Place {
  /** Below the path prefix, always with a leading slash. */
  path: string;
  parameters: URLSearchParams;
  /** When the reader came here, ms since 1970: what "the last hour" counts from. It stays on the way back. */
  since: number;
  /** How far the page was scrolled when it was left. */
  scroll: number;
  /** The place from where a link led here, so that going back is going back. */
  from: string;
}

interface Entry {
  from: string;
  page: number;
  since: number;
  scroll: number;
}

/** Tells the entries of this page load from those before a reload, whose times are stale. */
const PAGE_LOAD = Math.random();

function basePath(): string {
  return new URL(document.baseURI).pathname;
}

/** The address of a place in this app, with the prefix that the server gave. */
export function href(to: string): string {
  return basePath() + to.replace(/^\//, '');
}

function read(): Place {
  const { pathname, search } = window.location;
  const base = basePath();
  const entry = history.state as Entry | null;
  const valid = entry?.page === PAGE_LOAD;
  return {
    path: pathname.startsWith(base) ? `/${pathname.slice(base.length)}` : pathname,
    parameters: new URLSearchParams(search),
    since: valid ? entry.since : Date.now(),
    scroll: valid ? entry.scroll : 0,
    from: valid ? entry.from : '',
  };
}

export const here = signal<Place>(read());

function entry(change: Partial<Entry>): Entry {
  return { page: PAGE_LOAD, since: here.value.since, scroll: 0, from: here.value.from, ...change };
}

/** Goes to another place: a new entry of the history. */
export function navigate(to: string): void {
  history.replaceState(entry({ scroll: window.scrollY }), '');
  const { path, parameters } = here.value;
  history.pushState(entry({ since: Date.now(), from: `${path}?${parameters}` }), '', href(to));
  here.value = read();
  window.scrollTo(0, 0);
}

/** Narrows or orders what the page shows: a new entry of the history, of the same moment, scrolled to `scroll`. */
export function refine(to: string, scroll = window.scrollY): void {
  history.replaceState(entry({ scroll: window.scrollY }), '');
  history.pushState(entry({ scroll }), '', href(to));
  here.value = read();
}

/** Says the same place in other words, or a change that "back" should not undo. */
export function replace(to: string): void {
  history.replaceState(entry({ scroll: window.scrollY }), '', href(to));
  here.value = read();
}

/** Asks again for what the page shows: "the last hour" then ends now. */
export function again(): void {
  history.replaceState(entry({ since: Date.now(), scroll: window.scrollY }), '');
  here.value = read();
}

const STORED_SEARCH = 'spoor.search';

/** The search that was looked at last: where "Results" leads. */
export const lastSearch = signal(storedSearch());

function storedSearch(): string {
  try {
    return sessionStorage.getItem(STORED_SEARCH) ?? '/search';
  } catch {
    return '/search'; // A browser may forbid storage.
  }
}

export function rememberSearch(search: string): void {
  lastSearch.value = search;
  try {
    sessionStorage.setItem(STORED_SEARCH, search);
  } catch {
    // See storedSearch().
  }
}

/** Follows the history and the links of the page without loading it again. */
export function followLinks(): void {
  history.scrollRestoration = 'manual';
  history.replaceState(entry({}), '');
  window.addEventListener('popstate', () => {
    here.value = read();
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.('a');
    if (!link?.href || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || !url.pathname.startsWith(basePath())) return;
    event.preventDefault();
    navigate(url.pathname.slice(basePath().length - 1) + url.search + url.hash);
  });
}
