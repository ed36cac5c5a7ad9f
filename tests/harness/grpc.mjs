// Calls over gRPC with messages as bytes.
import grpc from '@grpc/grpc-js';

import { atEnd } from './server.mjs';

export const EXPORT = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

const identity = (buffer) => buffer;

// A function call(method, body) that gives { code, error, answer }; the connection ends with the test.
export function grpcCaller(t, server, options = {}) {
  const client = new grpc.Client(`127.0.0.1:${server.otlpGrpcPort}`, grpc.credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    ...options,
  });
  atEnd(t, () => client.close());
  return (method, body) =>
    new Promise((resolve) =>
      client.makeUnaryRequest(method, identity, identity, body, (error, answer) =>
        resolve({ code: error?.code ?? grpc.status.OK, error, answer }),
      ),
    );
}

export const exportOverGrpc = (t, server, body, options) => grpcCaller(t, server, options)(EXPORT, body);
