// Which service calls which, counted from the parents of spans.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "plan/trace_store.h"
#include "store/damage_log.h"
#include "store/straddlers.h"
#include "store/view.h"

namespace spoor {

// As TraceStore::Dependencies: blocks are counted page by page from the parents that stand in them, traces that stand
// in several places are put together first. What cannot be read is reported to `damage` and left out. Thread-safe.
Result<std::vector<Dependency>> CountDependencies(const View& view, uint64_t start_min_ns, uint64_t start_max_ns,
                                                  const QueryContext& context, Straddlers& straddlers,
                                                  DamageLog& damage);

}  // namespace spoor
