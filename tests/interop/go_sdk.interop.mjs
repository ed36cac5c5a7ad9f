// OpenTelemetry's SDK for Go: what it sends is what can be read, over gRPC and over HTTP, plain and gzipped.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { startServer } from '../harness/server.mjs';

const PROGRAM = process.env.SPOOR_INTEROP_GO;
const run = promisify(execFile);

// {key: value} of OTLP's list of attributes, each value as JSON has it.
const plain = (attributes) => Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

for (const protocol of ['grpc', 'http/protobuf']) {
  for (const compression of ['none', 'gzip']) {
    test(`a Go program, ${protocol}, compression ${compression}`, { skip: !PROGRAM && 'no Go here' }, async (t) => {
      const spoor = await startServer(t);
      const port = protocol === 'grpc' ? spoor.otlpGrpcPort : spoor.otlpHttpPort;
      const { stdout } = await run(PROGRAM, {
        env: {
          ...process.env,
          OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
          OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
          OTEL_EXPORTER_OTLP_COMPRESSION: compression,
        },
      });
      const { resourceSpans } = await spoor.otlpTrace(stdout.trim());
      assert.equal(resourceSpans.length, 1);
      assert.equal(plain(resourceSpans[0].resource.attributes)['service.name'], 'go-service');
      const [{ scope, spans }] = resourceSpans[0].scopeSpans;
      assert.deepEqual([scope.name, scope.version], ['interop', '1.2.3']);
      const root = spans.find((span) => span.name === 'GET /go');
      const child = spans.find((span) => span.name === 'SELECT things');
      assert.deepEqual(plain(root.attributes), {
        text: 'größer',
        yes: true,
        least: '-9223372036854775808',
        ratio: 0.25,
        list: { values: [{ stringValue: 'a' }, { stringValue: '' }] },
      });
      assert.deepEqual(root.events.map((event) => event.name), ['rendered']);
      assert.equal(child.parentSpanId, root.spanId);
      assert.equal(child.status.message, 'query failed');
      assert.equal(plain(child.events[0].attributes)['exception.message'], 'no such table');
      assert.equal(child.links[0].spanId, root.spanId);
      assert.equal(plain(child.links[0].attributes).n, '7');
    });
  }
}
