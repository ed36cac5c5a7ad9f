#include "store/retention.h"

#include <algorithm>

namespace spoor {

std::vector<ExpiredBlock> FindExpired(std::span<const std::shared_ptr<Block>> blocks, uint64_t other_bytes,
                                      const RetentionRules& rules, uint64_t now_ns) {
  std::vector<std::shared_ptr<Block>> oldest_first(blocks.begin(), blocks.end());
  std::sort(oldest_first.begin(), oldest_first.end(), [](const auto& a, const auto& b) {
    return a->info().arrival_max_ns != b->info().arrival_max_ns ? a->info().arrival_max_ns < b->info().arrival_max_ns
                                                                : a->info().id < b->info().id;
  });
  uint64_t bytes = other_bytes;
  for (const auto& block : oldest_first) bytes += block->info().file_bytes;

  const auto age_ns = static_cast<uint64_t>(rules.age.count());
  std::vector<ExpiredBlock> expired;
  for (auto& block : oldest_first) {
    const BlockInfo& info = block->info();
    const bool by_age = age_ns > 0 && now_ns > info.arrival_max_ns && now_ns - info.arrival_max_ns > age_ns;
    if (!by_age && (rules.disk_bytes_max == 0 || bytes <= rules.disk_bytes_max)) break;
    bytes -= info.file_bytes;
    expired.push_back({std::move(block), by_age});
  }
  return expired;
}

}  // namespace spoor
