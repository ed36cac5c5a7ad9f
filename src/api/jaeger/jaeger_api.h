// The JSON API of Jaeger's query service, as its UI up to 2.20 and Grafana use it (jaeger:
// cmd/jaeger/internal/extension/jaegerquery/internal/http_handler.go).
#pragma once

#include "api/request.h"

namespace spoor::api {

// /api/services, /api/services/{}/operations, /api/operations, /api/traces, /api/traces/{}, /api/dependencies.
// Every answer is {"data":...,"total":n,"limit":0,"offset":0,"errors":null}; prettyPrint=true indents it.
void AddJaegerRoutes(const AddRoute& add);

}  // namespace spoor::api
