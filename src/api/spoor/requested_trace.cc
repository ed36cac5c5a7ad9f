#include "api/spoor/requested_trace.h"

#include "query/jaeger/parameters.h"

namespace spoor::api {

Result<Trace> TraceOf(Request& request) {
  ASSIGN_OR_RETURN(const TraceId id, jaeger::ParseTraceIdParameter(request.path["traceID"]));
  auto trace = request.store.GetTrace(id, request.context);
  if (!trace && trace.error().code == Code::kNotFound) return NotFound("trace " + TraceIdHex(id) + " is not here");
  return trace;
}

}  // namespace spoor::api
