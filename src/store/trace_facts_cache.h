// TraceFactsCache: the facts of blocks' traces, kept from one question to the next, with a few words about each block
// that stay even where its facts do not fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/result.h"
#include "block/block.h"
#include "store/trace_facts.h"

namespace spoor {

// No trace of a block has more (or less) of these, as far as the block's own spans go.
struct TraceBounds {
  uint64_t start_max_ns = 0;
  uint64_t duration_min_ns = UINT64_MAX;
  uint64_t duration_max_ns = 0;
  uint32_t span_count_max = 0;
  uint32_t error_count_max = 0;

  // The key of a rank that none of the block's traces is in front of.
  uint64_t BestKey(TraceOrder order) const;
};

// Thread-safe. Keeps the youngest blocks, so that questions that look at everything, one after the other, find the same
// blocks here again and again, instead of pushing them out.
class TraceFactsCache {
 public:
  explicit TraceFactsCache(size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  Result<std::shared_ptr<const TraceFacts>> Get(Block& block);
  // Nothing where they were never read.
  std::optional<TraceBounds> Bounds(uint64_t block_id) const;
  // Forgets all but these blocks, whose ids ascend.
  void Retain(std::span<const uint64_t> block_ids);

 private:
  struct Entry {
    std::shared_ptr<const TraceFacts> facts;
    size_t bytes = 0;
  };

  // Takes out the oldest block's and moves it to `out`. Needs the lock.
  void RemoveOldest(std::shared_ptr<const TraceFacts>& out);

  const size_t limit_bytes_;
  mutable std::mutex mutex_;  // of what follows; short
  std::map<uint64_t, Entry> entries_;
  boost::unordered_flat_map<uint64_t, TraceBounds> bounds_;
  size_t used_bytes_ = 0;
};

}  // namespace spoor
