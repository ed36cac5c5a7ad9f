// Searches and overviews over blocks and live batches.
#pragma once

#include "base/memory_budget.h"
#include "base/result.h"
#include "plan/trace_store.h"
#include "store/search_state.h"
#include "store/whole_trace_cache.h"

namespace spoor {

// As TraceStore::Search and GetOverview. What cannot be read is reported and makes the answer incomplete; the rest is
// served. `state` is of this question alone.
Result<SearchAnswer> SearchView(const SearchPlan& plan, SearchState& state, WholeTraceCache& whole_traces);
// What it looks at is accounted to `budget` meanwhile.
Result<Overview> OverviewOfView(const SearchPlan& plan, const OverviewShape& shape, SearchState& state,
                                WholeTraceCache& whole_traces, MemoryBudget& budget);

}  // namespace spoor
