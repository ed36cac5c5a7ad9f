// The search over blocks and live batches: newest traces first, exact, and no further back than the limit needs.
#pragma once

#include "base/result.h"
#include "plan/trace_store.h"
#include "store/damage_log.h"
#include "store/straddlers.h"
#include "store/view.h"

namespace spoor {

// As TraceStore::Search. What cannot be read is reported to `damage` and makes the answer incomplete; the rest is
// served. Thread-safe.
Result<SearchAnswer> SearchView(const View& view, const Straddlers& straddlers, const SearchPlan& plan,
                                const QueryContext& context, DamageLog& damage);

}  // namespace spoor
