// Jaeger's API v3 over HTTP, the only one of its newest releases (jaeger:
// cmd/jaeger/internal/extension/jaegerquery/internal/apiv3/http_gateway.go). Its OTLP JSON shows every field.
#pragma once

#include "api/request.h"

namespace spoor::api {

// /api/v3/services, operations, traces/{}, traces, trace-summaries.
void AddJaegerV3Routes(const AddRoute& add);

}  // namespace spoor::api
