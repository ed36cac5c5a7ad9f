// WholeTraceCache: keeps whole traces from one question to the next, and makes of them what a new block or new live
// spans change.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/memory_budget.h"
#include "base/result.h"
#include "store/live_places.h"
#include "store/search_state.h"
#include "store/whole_traces.h"

namespace spoor {

// The straddlers of a set of blocks, without live spans. Immutable once made.
struct SealedTraces {
  std::vector<uint64_t> block_ids;  // of the view
  WholeTraces traces;
  boost::unordered_flat_map<TraceId, uint32_t, TraceIdHash> index_of;
  std::vector<uint64_t> places;  // by trace: a hash of all its parts, equal where they are the same
  MemoryReservation memory;

  size_t size_bytes() const;
};

// Thread-safe. What is kept is accounted to the memory budget; where that has no room, or something could not be read,
// it is made anew for the next question.
class WholeTraceCache {
 public:
  explicit WholeTraceCache(MemoryBudget& budget) : budget_(budget) {}

  // Those of the view. What could not be read is told to `state`. Catches up with straddlers first. A question that
  // comes while another one makes the same waits for it.
  Result<std::shared_ptr<const WholeTraces>> Get(SearchState& state);

 private:
  // The whole traces of a moment: sealed and live ones.
  struct Current {
    std::shared_ptr<const SealedTraces> sealed;
    std::vector<uint64_t> live_sizes;  // first sequence and number of batches of each live block
    std::shared_ptr<const WholeTraces> traces;
    MemoryReservation memory;
  };

  Result<std::shared_ptr<const SealedTraces>> GetSealed(SearchState& state);
  Result<std::shared_ptr<const WholeTraces>> GetCurrent(SearchState& state);

  MemoryBudget& budget_;
  std::timed_mutex mutex_;  // of what follows; held while it is made, so that it is made once
  std::shared_ptr<const SealedTraces> sealed_;
  Current current_;
  LivePlaces live_places_;
};

}  // namespace spoor
