// How the straddlers of blocks, and then the live traces, are put together for the WholeTraceCache.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "store/live_places.h"
#include "store/search_state.h"
#include "store/whole_trace_cache.h"

namespace spoor {

// Those of the view's blocks. What `before` (which may be null) knows of a trace whose parts are the same is taken from
// there.
Result<std::shared_ptr<SealedTraces>> MakeSealedTraces(SearchState& state, const SealedTraces* before);

// The live spans of a view at one moment.
struct LiveMoment {
  explicit LiveMoment(const View& view);

  std::vector<Live::Grouped> lives;  // oldest first
  std::vector<uint64_t> sizes;       // as in WholeTraceCache::Current
  bool empty = true;
};

// `sealed` and the traces with live spans.
Result<WholeTraces> AddLiveTraces(SearchState& state, const SealedTraces& sealed, const LiveMoment& live,
                                  LivePlaces& places);

}  // namespace spoor
