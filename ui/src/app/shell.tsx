import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { Icon, type IconName, Mark } from '../controls/icon';
import { SearchPage } from '../search/search_page';
import { TracePage } from '../trace/trace_page';
import { announcement } from './announce';
import { openDialog } from './dialogs';
import { here, href, lastSearch, rememberSearch, replace } from './location';
import { lazyPage } from './lazy_page';
import { lessonPlace, parseRoute, servicePlace, type Route } from './route';
import { ThemeMenu } from './theme_menu';
import { TopBar } from './top_bar';
import { readTraceId } from './trace_id';
import { focusMain, MAIN, useFocusOnVisit } from './visit';

const PALETTE_LOADED_AFTER_MS = 2000;

export function Shell() {
  const place = here.value;
  const route = parseRoute(place.path);
  useEffect(() => {
    const canonical = canonicalPath(route);
    if (canonical && canonical !== place.path)
      replace(canonical + window.location.search + window.location.hash);
  }, [place.path]);
  useEffect(() => {
    if (route.page === 'search') rememberSearch(`/search?${place.parameters}`);
  }, [place]);
  useFocusOnVisit(canonicalPath(route) ?? place.path);
  useEffect(() => {
    // Ctrl+K is to answer at once; its code comes when the page has nothing else to do.
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), PALETTE_LOADED_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);

  return (
    <div class="shell">
      <button type="button" class="skip" onClick={focusMain}>
        Skip to the page
      </button>
      <nav class="rail" aria-label="Main">
        <a class="mark" href={href('/search')} aria-label="Spoor" title="Spoor">
          <Mark />
        </a>
        <ul>
          <Rail to={lastSearch.value} icon="search" current={isOf(route, 'search', 'trace')}>
            Search
          </Rail>
          <Rail to="/services" icon="layers" current={isOf(route, 'services', 'service')}>
            Services
          </Rail>
          <Rail to="/map" icon="graph" current={isOf(route, 'map')}>
            Map
          </Rail>
        </ul>
        <ul>
          <Rail to="/learn" icon="book" current={learnCurrent(route)}>
            Learn
          </Rail>
          <Rail to="/status" icon="server" current={isOf(route, 'status')}>
            Status
          </Rail>
          <ThemeMenu />
        </ul>
      </nav>
      <main id={MAIN} tabIndex={-1}>
        <Page route={route} />
      </main>
      {openDialog.value === 'palette' && <Palette />}
      {openDialog.value === 'keys' && <KeysSheet />}
      <Announcer />
    </div>
  );
}

/** The one live region for news that no part of the page shows as such. */
function Announcer() {
  return (
    <p class="sr" role="status">
      {announcement.value}
    </p>
  );
}

function isOf(route: Route, page: Route['page'], below?: Route['page']): 'page' | 'true' | undefined {
  if (route.page === page) return 'page';
  return route.page === below ? 'true' : undefined;
}

function learnCurrent(route: Route): 'page' | 'true' | undefined {
  if (route.page !== 'learn') return undefined;
  return route.slug ? 'true' : 'page';
}

interface RailProps {
  to: string;
  icon: IconName;
  current: 'page' | 'true' | undefined;
  children: ComponentChildren;
}

function Rail({ to, icon, current, children }: RailProps) {
  return (
    <li>
      <a href={href(to)} aria-current={current}>
        <Icon name={icon} />
        {children}
      </a>
    </li>
  );
}

const loadPalette = () => import('./palette/palette');
const Palette = lazyPage(loadPalette);
const KeysSheet = lazyPage(() => import('./keys/keys_sheet'));
const ServicesPage = lazyPage(() => import('../services/services_page'));
const ServicePage = lazyPage<{ name: string }>(() => import('../services/service_page'));
const MapPage = lazyPage(() => import('../map/map_page'));
const StatusPage = lazyPage(() => import('../status/status_page'));
const LearnPage = lazyPage<{ slug: string }>(() => import('../learn/learn_page'));

function Page({ route }: { route: Route }) {
  if (route.page === 'search') return <SearchPage />;
  if (route.page === 'trace') return <TracePage key={route.id} given={route.id} />;
  if (route.page === 'services') return <ServicesPage />;
  if (route.page === 'service') return <ServicePage key={route.name} name={route.name} />;
  if (route.page === 'map') return <MapPage />;
  if (route.page === 'status') return <StatusPage />;
  if (route.page === 'learn') return <LearnPage slug={route.slug} />;
  return <UnknownPage />;
}

function UnknownPage() {
  useEffect(() => {
    document.title = 'Not found · Spoor';
  }, []);
  return (
    <>
      <TopBar>
        <h1>Not found</h1>
      </TopBar>
      <div class="state">
        <h2>There is no page at this address</h2>
        <p>
          Spoor has <span class="mono">/search</span>, <span class="mono">/trace/ID</span>,{' '}
          <span class="mono">/services</span>, <span class="mono">/service/NAME</span>,{' '}
          <span class="mono">/map</span>, <span class="mono">/status</span> and <span class="mono">/learn</span>
          .
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
  if (route.page === 'service') return servicePlace(route.name);
  if (route.page === 'learn') return lessonPlace(route.slug);
  return route.page === 'unknown' ? null : `/${route.page}`;
}
