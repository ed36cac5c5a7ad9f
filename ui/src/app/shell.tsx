import { useEffect } from 'preact/hooks';
import { Icon, Mark } from '../controls/icon';
import { SearchPage } from '../search/search_page';
import { TracePage } from '../trace/trace_page';
import { GoTo } from './go_to';
import { here, href, lastSearch, rememberSearch, replace } from './location';
import { parseRoute, type Route } from './route';
import { ThemeMenu } from './theme_menu';
import { readTraceId } from './trace_id';

export function Shell() {
  const place = here.value;
  const route = parseRoute(place.path);
  useEffect(() => {
    const canonical = canonicalPath(route);
    if (canonical && canonical !== place.path) replace(`${canonical}${window.location.search}`);
  }, [place.path]);
  useEffect(() => {
    if (route.page === 'search') rememberSearch(`/search?${place.parameters}`);
  }, [place]);

  return (
    <div class="shell">
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        Skip to the page
      </button>
      <nav class="rail" aria-label="Main">
        <a class="mark" href={href('/search')} aria-label="Spoor" title="Spoor">
          <Mark />
        </a>
        <ul>
          <li>
            <a href={href(lastSearch.value)} aria-current={route.page === 'search' ? 'page' : 'true'}>
              <Icon name="search" />
              Search
            </a>
          </li>
        </ul>
        <ul>
          <ThemeMenu />
        </ul>
      </nav>
      <main id="main" tabIndex={-1}>
        <Page route={route} />
      </main>
    </div>
  );
}

function Page({ route }: { route: Route }) {
  if (route.page === 'search') return <SearchPage />;
  if (route.page === 'trace') return <TracePage key={route.id} given={route.id} />;
  return <UnknownPage />;
}

function UnknownPage() {
  useEffect(() => {
    document.title = 'Not found · Spoor';
  }, []);
  return (
    <>
      <header class="topbar">
        <h1>Not found</h1>
        <GoTo />
      </header>
      <div class="state">
        <h2>There is no page at this address</h2>
        <p>
          Spoor has <span class="mono">/search</span> and <span class="mono">/trace/ID</span>.
        </p>
        <a class="btn sm line" href={href('/search')}>
          Search traces
        </a>
      </div>
    </>
  );
}

/** One address for one page: the form that is copied and bookmarked. */
function canonicalPath(route: Route): string | null {
  if (route.page === 'search') return '/search';
  if (route.page === 'trace') {
    const id = readTraceId(route.id);
    return id && `/trace/${id}`;
  }
  return null;
}
