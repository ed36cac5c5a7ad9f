// The search for the newest traces: exact, and no further back than the limit needs.
#pragma once

#include "base/result.h"
#include "plan/trace_store.h"
#include "store/search_state.h"

namespace spoor {

// REQUIRES a plan by kNewest without conditions on whole traces, `after` and `count`. Does not finish the answer.
Result<SearchAnswer> SearchNewestFirst(const SearchPlan& plan, SearchState& state);

}  // namespace spoor
