import { useMemo } from 'preact/hooks';
import { Icon } from '../../controls/icon';
import { formatDuration } from '../../format/duration';
import type { Session } from '../session';
import { countFilters, slowUnits } from './filters';
import { Pill } from './pill';
import { ServicePills } from './service_pills';

/** Which spans the reader wants to see. What does not match is dimmed, or hidden with "Only these". */
export function FilterPills({ session }: { session: Session }) {
  const { trace } = session;
  const counts = useMemo(() => countFilters(trace), [trace]);
  const filters = session.filters.value;
  const slow = formatDuration(trace.nano(slowUnits(trace))).replace(/\.0+ /, ' ');
  return (
    <div class="filters" role="group" aria-label="Spans to look at">
      <Pill
        pressed={session.path.value}
        count={counts.path}
        title="Show or hide the critical path (c)"
        onPress={() => (session.path.value = !session.path.value)}
      >
        <Icon name="path" />
        Critical path
      </Pill>
      <Pill
        class="err"
        pressed={filters.errors}
        count={trace.columns.errorCount}
        onPress={() => session.filter({ errors: !filters.errors })}
      >
        <Icon name="error" />
        Errors
      </Pill>
      {trace.durationNano > 0 && (
        <Pill
          pressed={filters.slow}
          count={counts.slow}
          onPress={() => session.filter({ slow: !filters.slow })}
        >
          Over {slow}
        </Pill>
      )}
      <Pill
        pressed={filters.repeats}
        count={counts.repeats}
        title="Ten or more similar spans in a row"
        onPress={() => session.filter({ repeats: !filters.repeats })}
      >
        Repeats
      </Pill>
      <i class="divider" />
      <ServicePills session={session} services={counts.services} />
      <Rest session={session} pathCount={counts.path} />
    </div>
  );
}

/** What becomes of the spans that do not match. With no condition set, those on the drawn path are what is meant. */
function Rest({ session, pathCount }: { session: Session; pathCount: number }) {
  const { path, errors, slow, repeats, services } = session.filters.value;
  const asked = path || errors || slow || repeats || services.size > 0 || session.find.value !== '';
  if (!asked && (!session.path.value || pathCount === 0)) return null;
  const press = () => {
    if (!asked) session.filter({ path: true });
    else if (session.hideRest.value) session.filter({ path: false });
    session.hide(!asked || !session.hideRest.value);
  };
  const [words, title] = !asked
    ? ['Only the path', 'Hide the spans that are not on the critical path, but for those that lead to it']
    : session.hideRest.value
      ? ['Show all', 'Show the spans again that do not match']
      : ['Only these', 'Hide the spans that do not match, but for those that lead to them'];
  return (
    <button type="button" class="pill rest" title={title} onClick={press}>
      {words}
    </button>
  );
}
