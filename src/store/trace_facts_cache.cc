#include "store/trace_facts_cache.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace spoor {
std::shared_ptr<const TraceFacts> TraceFactsCache::Find(uint64_t block_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(block_id);
  return found == entries_.end() ? nullptr : found->second.facts;
}

Result<std::shared_ptr<const TraceFacts>> TraceFactsCache::Get(Block& block) {
  const uint64_t id = block.info().id;
  if (std::shared_ptr<const TraceFacts> found = Find(id)) return found;
  ASSIGN_OR_RETURN(std::shared_ptr<const TraceFacts> facts, ReadTraceFacts(block));
  const size_t bytes = facts->size_bytes();
  std::vector<std::shared_ptr<const TraceFacts>> out;  // go after the lock
  const std::lock_guard lock(mutex_);
  if (bytes > limit_bytes_ || entries_.contains(id)) return facts;
  while (used_bytes_ + bytes > limit_bytes_ && entries_.begin()->first < id) RemoveOldest(out.emplace_back());
  if (used_bytes_ + bytes > limit_bytes_) return facts;
  entries_.emplace(id, Entry{facts, bytes});
  used_bytes_ += bytes;
  return facts;
}

void TraceFactsCache::RemoveOldest(std::shared_ptr<const TraceFacts>& out) {
  const auto oldest = entries_.begin();
  used_bytes_ -= oldest->second.bytes;
  out = std::move(oldest->second.facts);
  entries_.erase(oldest);
}

void TraceFactsCache::Retain(std::span<const uint64_t> block_ids) {
  std::vector<std::shared_ptr<const TraceFacts>> out;  // go after the lock
  const std::lock_guard lock(mutex_);
  const auto is_gone = [&](uint64_t id) { return !std::ranges::binary_search(block_ids, id); };
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (!is_gone(entry->first)) {
      ++entry;
      continue;
    }
    used_bytes_ -= entry->second.bytes;
    out.push_back(std::move(entry->second.facts));
    entry = entries_.erase(entry);
  }
}

}  // namespace spoor
