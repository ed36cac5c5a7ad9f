#include "store/trace_facts_cache.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace spoor {
namespace {

TraceBounds BoundsOf(const TraceFacts& facts) {
  TraceBounds bounds;
  for (uint32_t trace = 0; trace < facts.size(); ++trace) {
    bounds.start_max_ns = std::max(bounds.start_max_ns, facts.start_ns[trace]);
    bounds.duration_min_ns = std::min(bounds.duration_min_ns, facts.duration_ns[trace]);
    bounds.duration_max_ns = std::max(bounds.duration_max_ns, facts.duration_ns[trace]);
    bounds.span_count_max = std::max(bounds.span_count_max, facts.span_count(trace));
    bounds.error_count_max = std::max(bounds.error_count_max, facts.error_count[trace]);
  }
  return bounds;
}

}  // namespace

uint64_t TraceBounds::BestKey(TraceOrder order) const {
  const uint64_t duration_ns = order == TraceOrder::kShortest ? duration_min_ns : duration_max_ns;
  return RankKey(order, {start_max_ns, duration_ns, span_count_max, error_count_max});
}

Result<std::shared_ptr<const TraceFacts>> TraceFactsCache::Get(Block& block) {
  const uint64_t id = block.info().id;
  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found != entries_.end()) return found->second.facts;
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const TraceFacts> facts, ReadTraceFacts(block));
  const TraceBounds bounds = BoundsOf(*facts);
  const size_t bytes = facts->size_bytes();
  std::vector<std::shared_ptr<const TraceFacts>> out;  // go after the lock
  const std::lock_guard lock(mutex_);
  bounds_[id] = bounds;
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

std::optional<TraceBounds> TraceFactsCache::Bounds(uint64_t block_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = bounds_.find(block_id);
  if (found == bounds_.end()) return std::nullopt;
  return found->second;
}

void TraceFactsCache::Retain(std::span<const uint64_t> block_ids) {
  std::vector<std::shared_ptr<const TraceFacts>> out;  // go after the lock
  const std::lock_guard lock(mutex_);
  const auto is_gone = [&](uint64_t id) { return !std::ranges::binary_search(block_ids, id); };
  boost::unordered::erase_if(bounds_, [&](const auto& one) { return is_gone(one.first); });
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
