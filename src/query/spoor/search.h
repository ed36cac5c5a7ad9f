// The searches of Spoor's own API (docs/api/spoor.md), turned into plans.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "plan/overview.h"
#include "plan/trace_store.h"
#include "query/jaeger/parameters.h"

namespace spoor::query {

struct Search {
  SearchPlan plan;
  // Where not empty, these traces are asked for and the plan is not used.
  std::vector<TraceId> trace_ids;
  bool critical_path = false;
};

// What Jaeger's search knows (query/jaeger/search.h), conditions on whole traces, order, after, count and criticalPath.
// Errors are kInvalid.
Result<Search> ParseSearch(const jaeger::Parameters& parameters, uint64_t now_ns);

struct OverviewQuestion {
  SearchPlan plan;
  OverviewShape shape;
};

// The conditions of a search, and columns, rows and points. Columns cut the window that was asked for, be it by span
// (start, lookback, end) or by trace (traceStartMin, traceStartMax); an open end is left open.
Result<OverviewQuestion> ParseOverview(const jaeger::Parameters& parameters, uint64_t now_ns);

}  // namespace spoor::query
