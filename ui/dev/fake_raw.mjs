// A made-up trace as OTLP JSON and as Jaeger's: as much of both shapes as a viewer of raw text needs.

import { hex } from './fake_spans.mjs';

/** @typedef {import('./encode_columns.mjs').PlainTrace} PlainTrace */

/** @param {PlainTrace} trace */
function plainSpans(trace) {
  const at = (/** @type {number} */ units) => trace.startNano + BigInt(units) * BigInt(trace.unit);
  return trace.spans.map((span) => ({
    span,
    id: hex(span.id),
    parent: span.parent < 0 ? '' : hex(trace.spans[span.parent]?.id ?? 0n),
    start: at(span.start),
    end: at(span.start + span.duration),
  }));
}

export function otlpJson(/** @type {PlainTrace} */ trace) {
  const resourceSpans = plainSpans(trace).map(({ span, id, parent, start, end }) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: span.service } }] },
    scopeSpans: [
      {
        spans: [
          {
            traceId: trace.traceId,
            spanId: id,
            parentSpanId: parent,
            name: span.name,
            kind: span.kind,
            startTimeUnixNano: String(start),
            endTimeUnixNano: String(end),
          },
        ],
      },
    ],
  }));
  return { result: { resourceSpans } };
}

export function jaegerJson(/** @type {PlainTrace} */ trace) {
  const services = [...new Set(trace.spans.map(({ service }) => service))];
  return {
    data: [
      {
        traceID: trace.traceId,
        spans: plainSpans(trace).map(({ span, id, start }) => ({
          traceID: trace.traceId,
          spanID: id,
          operationName: span.name,
          references: [],
          startTime: Number(start / 1000n),
          duration: (span.duration * trace.unit) / 1000,
          tags: [],
          logs: [],
          processID: `p${services.indexOf(span.service) + 1}`,
        })),
        processes: Object.fromEntries(
          services.map((serviceName, index) => [`p${index + 1}`, { serviceName, tags: [] }]),
        ),
      },
    ],
    errors: null,
  };
}
