// TraceFactsCache: the facts of blocks' traces, kept from one question to the next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>

#include "base/result.h"
#include "block/block.h"
#include "store/trace_facts.h"

namespace spoor {

// Thread-safe. Keeps the youngest blocks, so that questions that look at everything, one after the other, find the same
// blocks here again and again, instead of pushing them out.
class TraceFactsCache {
 public:
  explicit TraceFactsCache(size_t limit_bytes) : limit_bytes_(limit_bytes) {}

  Result<std::shared_ptr<const TraceFacts>> Get(Block& block);
  // Null where they are not here.
  std::shared_ptr<const TraceFacts> Find(uint64_t block_id) const;
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
  size_t used_bytes_ = 0;
};

}  // namespace spoor
