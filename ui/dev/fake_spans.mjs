// The details of one span of a made-up trace, in the shape of docs/api/spoor.md.

const KINDS = ['', 'internal', 'server', 'client', 'producer', 'consumer'];

/** @param {string} key @param {string | number | boolean | object} value */
function attribute(key, value) {
  if (typeof value === 'number') return { key, type: 'int', value: String(value) };
  if (typeof value === 'boolean') return { key, type: 'bool', value };
  if (Array.isArray(value)) return { key, type: 'array', value };
  if (typeof value === 'object') return { key, type: 'map', value };
  return { key, type: 'string', value };
}

/**
 * @param {import('./encode_columns.mjs').PlainTrace} trace
 * @param {number} row
 */
export function spanDetails(trace, row) {
  const span = trace.spans[row];
  if (!span) return undefined;
  const at = (/** @type {number} */ units) => String(trace.startNano + BigInt(units) * BigInt(trace.unit));
  const failed = (span.flags & 1) !== 0;
  const rpc = span.name.includes('Service/');
  const attributes = rpc
    ? [
        attribute('rpc.system.name', 'grpc'),
        attribute('rpc.method', span.name),
        attribute('rpc.response.status_code', failed ? 'DEADLINE_EXCEEDED' : 'OK'),
        attribute('server.address', 'risk.prod.svc'),
        attribute('server.port', 9090),
        attribute('network.peer.address', '10.42.7.19'),
        attribute('retry.attempt', 1),
        attribute('customer.tier', 'wholesale'),
      ]
    : [
        attribute('db.system.name', 'postgresql'),
        attribute('db.query.text', `${span.name} WHERE id = $1`),
        attribute('db.response.returned_rows', 1),
        attribute('cache.hit', false),
        attribute('tags', ['a', 'b']),
      ];
  if (row === 0) attributes.push(attribute('http.request.body', 'lorem ipsum '.repeat(3000)));
  return {
    traceID: trace.traceId,
    spanID: hex(span.id),
    parentSpanID: span.parent < 0 ? '' : hex(trace.spans[span.parent]?.id ?? 0n),
    name: span.name,
    service: span.service,
    kind: KINDS[span.kind] ?? '',
    startTimeUnixNano: at(span.start),
    endTimeUnixNano: at(span.start + span.duration),
    durationNano: String(span.duration * trace.unit),
    status: failed
      ? { code: 'error', message: 'Deadline exceeded after 120 ms' }
      : { code: 'unset', message: '' },
    traceState: '',
    flags: 257,
    attributes,
    droppedAttributesCount: 0,
    events: (span.events ?? []).map((time, index) => ({
      name: index ? 'exception' : 'message sent',
      timeUnixNano: at(time),
      attributes: index
        ? [
            attribute('exception.type', 'StatusRuntimeException'),
            attribute('exception.message', 'DEADLINE_EXCEEDED'),
            attribute(
              'exception.stacktrace',
              'StatusRuntimeException: DEADLINE_EXCEEDED\n  at RiskClient.score(RiskClient.java:88)\n' +
                '  at ChargeHandler.charge(ChargeHandler.java:142)',
            ),
          ]
        : [],
      droppedAttributesCount: 0,
    })),
    droppedEventsCount: 0,
    links: failed
      ? [
          {
            traceID: '0000000000000000000000000000f1a7',
            spanID: 'a000000000000001',
            traceState: '',
            flags: 0,
            attributes: [attribute('messaging.operation.type', 'receive')],
            droppedAttributesCount: 0,
          },
        ]
      : [],
    droppedLinksCount: 0,
    resource: {
      attributes: [
        attribute('service.name', span.service),
        attribute('service.version', '2026.11.3'),
        attribute('service.namespace', 'shop'),
        attribute('service.instance.id', `${span.service}-6d5f9c7b8-x2k4q`),
        attribute('deployment.environment.name', 'prod'),
        attribute('host.name', 'node-17'),
        attribute('telemetry.sdk.language', 'java'),
      ],
      droppedAttributesCount: 0,
      schemaUrl: '',
    },
    scope: {
      name: 'io.opentelemetry.grpc-1.6',
      version: '2.21.0',
      attributes: [],
      droppedAttributesCount: 0,
      schemaUrl: '',
    },
    warnings: failed ? ['The parent ended before this span.'] : [],
  };
}

/** @param {bigint} id */
export function hex(id) {
  return id.toString(16).padStart(16, '0');
}
