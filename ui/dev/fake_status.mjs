// The made-up answer of /status: a server that has been up for three days and takes 4,000 spans a second.

const STARTED = Date.now() - 3 * 86_400_000;

/**
 * @param {{stored: number, endpoints: {name: string, url: string}[], damage?: boolean}} options
 */
export function statusAnswer({ stored, endpoints, damage = false }) {
  const busy = stored > 0;
  const seconds = (Date.now() - STARTED) / 1000;
  const upTo = (/** @type {number} */ perSecond) => String(busy ? Math.round(seconds * perSecond) : 0);
  const nano = (/** @type {number} */ milliseconds) => `${Math.round(milliseconds)}000000`;
  return {
    version: '0.1.0',
    commit: 'd80f76c51f0a',
    startedUnixNano: nano(STARTED),
    ready: true,
    spansReceived: upTo(4_140),
    // Any number will do, as long as it is none exactly where nothing was sent.
    spansStored: busy ? String(stored * 1_072_451) : '0',
    endpoints,
    received: [
      {
        name: 'otlp-http',
        requests: upTo(8),
        spans: upTo(3_600),
        rejectedSpans: busy ? '14' : '0',
        refusedRequests: '0',
        badRequests: busy ? '3' : '0',
        bytes: upTo(1_020_000),
      },
      {
        name: 'otlp-grpc',
        requests: upTo(1.2),
        spans: upTo(540),
        rejectedSpans: '0',
        refusedRequests: busy ? '212' : '0',
        badRequests: '0',
        bytes: upTo(180_000),
      },
      {
        name: 'jaeger-http',
        requests: '0',
        spans: '0',
        rejectedSpans: '0',
        refusedRequests: '0',
        badRequests: '0',
        bytes: '0',
      },
    ],
    stored: {
      spansLive: busy ? '412880' : '0',
      blocks: busy ? '1284' : '0',
      liveBytes: busy ? '91204312' : '0',
      oldestUnixNano: busy ? nano(STARTED + 3_600_000) : null,
      newestUnixNano: busy ? nano(Date.now() - 300) : null,
      sealing: busy ? '1' : '0',
      damage: damage ? '2' : '0',
      walBytes: busy ? '128450560' : '0',
      blockBytes: busy ? '31284500000' : '0',
      rollupBytes: busy ? '84500000' : '0',
    },
    compaction: {
      running: busy,
      merges: busy ? '310' : '0',
      blocksMerged: busy ? '1240' : '0',
      failures: '0',
      readBytes: busy ? '31900000000' : '0',
      writtenBytes: busy ? '31000000000' : '0',
      sealedBytes: busy ? '32200000000' : '0',
    },
    disk: {
      folder: '/var/lib/spoor',
      usedBytes: busy ? '31497450560' : '65536',
      freeBytes: '412000000000',
      maxBytes: '100000000000',
    },
    retention: { spansNano: String(7 * 86_400_000_000_000), rollupsNano: String(90 * 86_400_000_000_000) },
    memory: { residentBytes: '812000000', budgetBytes: '1610612736', usedBytes: '402000000' },
  };
}
