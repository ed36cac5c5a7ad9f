import type { ServiceShare, TraceSummary } from '../api/types';
import { FLAG_ERROR, TRACE_ROOT_MISSING, type Columns } from './columns';
import { Strings } from './strings';

/** A trace as a row of results, as the server's search would tell it. */
export function summarize(columns: Columns): TraceSummary {
  const strings = new Strings(columns);
  const services: ServiceShare[] = [...columns.serviceName].map((name, index) => ({
    name: strings.at(name),
    colour: columns.serviceColour[index]!,
    spanCount: 0,
    errorCount: 0,
  }));
  for (let row = 0; row < columns.service.length; row++) {
    const service = services[columns.service[row]!]!;
    service.spanCount++;
    if (columns.spanFlags[row]! & FLAG_ERROR) service.errorCount++;
  }
  return {
    traceID: columns.traceId,
    rootService: services[columns.service[0]!]!.name,
    rootName: strings.at(columns.name[0]!),
    rootMissing: (columns.flags & TRACE_ROOT_MISSING) !== 0,
    startTimeUnixNano: String(columns.startNano),
    durationNano: String(columns.endNano - columns.startNano),
    spanCount: columns.spanId.length,
    errorCount: columns.errorCount,
    services: services.filter((service) => service.spanCount > 0).sort((a, b) => b.spanCount - a.spanCount),
  };
}
