import { useEffect } from 'preact/hooks';
import { TopBar } from '../app/top_bar';
import { CopyButton } from '../controls/copy_button';
import { serviceStyle } from '../controls/colour';
import { Icon } from '../controls/icon';
import { formatDuration } from '../format/duration';
import { ExportMenu } from './export_menu';
import { ResultsWay } from './results_way';
import type { Session } from './session';

export function TraceBar({ session }: { session: Session }) {
  const { trace } = session;
  const [service, name] = [trace.service(0), trace.name(0)];
  useEffect(() => {
    document.title = `${service} ${name}, ${formatDuration(trace.durationNano)} · Spoor`;
  }, [trace]);
  return (
    <TopBar link={() => session.address()} actions={<ExportMenu trace={trace} />}>
      <ResultsWay id={trace.id} />
      <div class="title">
        <i class="dot" style={serviceStyle(trace.colour(0))} />
        <h1 class="cut" title={`${service} ${name}`}>
          <b>{service}</b> <span>{name}</span>
        </h1>
      </div>
      <CopyButton class="btn sm tid wide" text={trace.id} title={`Copy ${trace.id}`}>
        <span class="sr">Copy trace id</span>
        <span class="mono">
          {trace.id.slice(0, 12)}…{trace.id.slice(-4)}
        </span>
        <Icon name="copy" size={13} />
      </CopyButton>
    </TopBar>
  );
}
