import type { ComponentType } from 'preact';
import { lazyPage } from '../app/lazy_page';
import type { Session } from './session';
import { tabId, VIEW_PANEL } from './tabs';
import type { View } from './view';
import { Waterfall } from './waterfall/waterfall';

type ViewComponent = ComponentType<{ session: Session }>;

/** All but the waterfall are loaded when they are first looked at. */
const COMPONENTS: Record<View, ViewComponent> = {
  waterfall: Waterfall,
  flame: lazyPage(() => import('./flame/flame_view')),
  table: lazyPage(() => import('./table/table_view')),
  statistics: lazyPage(() => import('./statistics/statistics_view')),
  raw: lazyPage(() => import('./raw/raw_view')),
};

/** The trace as the chosen tab shows it. */
export function TraceView({ session }: { session: Session }) {
  const view = session.view.value;
  const Shown = COMPONENTS[view];
  return (
    <div class="shown" id={VIEW_PANEL} role="tabpanel" aria-labelledby={tabId(view)}>
      <Shown key={view} session={session} />
    </div>
  );
}
