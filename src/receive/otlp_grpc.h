// OTLP over gRPC: TraceService/Export (opentelemetry-proto, docs/specification.md, "OTLP/gRPC").
#pragma once

#include <memory>
#include <string_view>

#include "net/grpc_server.h"
#include "receive/span_ingest.h"

namespace spoor {

inline constexpr std::string_view kOtlpGrpcExport = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

// A handler of kOtlpGrpcExport. Answers OK with an ExportTraceServiceResponse; INVALID_ARGUMENT where the message
// cannot be read; RESOURCE_EXHAUSTED where it passes a limit, with RetryInfo where the server is only busy; UNAVAILABLE
// with RetryInfo where the store cannot take it now.
GrpcHandler OtlpGrpcHandler(std::shared_ptr<SpanIngest> ingest);

}  // namespace spoor
