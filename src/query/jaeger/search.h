// Searches in the words of Jaeger's APIs, turned into plans.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "plan/trace_store.h"
#include "query/jaeger/parameters.h"

namespace spoor::jaeger {

struct Search {
  SearchPlan plan;
  // Where not empty, these traces are asked for and the plan is not used.
  std::vector<TraceId> trace_ids;
  bool raw = false;
};

// The parameters of /api/traces (Jaeger's query_parser.go): service, operation, tag, tags, minDuration, maxDuration,
// start, end (us), limit, traceID, raw; all optional. What differs from Jaeger, and why:
//   - the service may be missing: all services are searched;
//   - every condition counts, where Jaeger lets the last tag of a key win;
//   - lookback counts where start is missing, where Jaeger looks at two days; "custom" means that start says it;
//   - without end there is no upper bound, so that the spans of a sender whose clock runs ahead are seen.
// Bounds are inclusive and compared in nanoseconds. `now_ns`: since 1970. Errors are kInvalid, in Jaeger's words.
Result<Search> ParseSearch(const Parameters& parameters, uint64_t now_ns);

// The parameters of /api/v3/traces and /api/v3/trace-summaries (Jaeger's apiv3/query_parser.go): query.serviceName,
// query.operationName, query.startTimeMin and query.startTimeMax (required, RFC 3339), query.searchDepth,
// query.durationMin, query.durationMax, query.attributes, query.rawTraces; their snake_case aliases, and
// query.num_traces.
Result<Search> ParseSearchV3(const Parameters& parameters);

}  // namespace spoor::jaeger
