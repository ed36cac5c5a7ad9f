#include "store/retention.h"

#include <algorithm>
#include <tuple>

namespace spoor {

std::vector<RetainedBlock> BlocksToRetain(const View& view,
                                          const std::function<std::optional<uint64_t>(uint64_t id)>& arrival_of) {
  std::vector<RetainedBlock> blocks;
  for (const auto& block : view.blocks) {
    const BlockInfo& info = block->info();
    blocks.push_back({info.id, info.arrival_max_ns, info.file_bytes, info.span_count, false});
  }
  const size_t readable = blocks.size();
  for (const UnreadableBlock& block : view.unreadable) {
    uint64_t arrival_ns = UINT64_MAX;
    uint64_t next_id = UINT64_MAX;
    for (size_t i = 0; i < readable; ++i) {
      if (blocks[i].id < block.id || blocks[i].id > next_id) continue;
      next_id = blocks[i].id;
      arrival_ns = blocks[i].arrival_max_ns;
    }
    blocks.push_back({block.id, arrival_of(block.id).value_or(arrival_ns), block.file_bytes, 0, true});
  }
  return blocks;
}

std::vector<ExpiredBlock> FindExpired(std::vector<RetainedBlock> blocks, uint64_t other_bytes,
                                      const RetentionRules& rules, uint64_t now_ns) {
  std::ranges::sort(blocks, {}, [](const RetainedBlock& block) { return std::tuple(block.arrival_max_ns, block.id); });
  uint64_t bytes = other_bytes;
  for (const RetainedBlock& block : blocks) bytes += block.file_bytes;

  const auto age_ns = static_cast<uint64_t>(rules.age.count());
  std::vector<ExpiredBlock> expired;
  for (const RetainedBlock& block : blocks) {
    const uint64_t old_ns = now_ns > block.arrival_max_ns ? now_ns - block.arrival_max_ns : 0;
    const bool by_age = age_ns > 0 && old_ns > age_ns;
    const bool by_size = rules.disk_bytes_max != 0 && bytes > rules.disk_bytes_max;
    if (!by_age && !by_size) break;
    if (!by_size && block.is_unsettled && old_ns <= 2 * age_ns) continue;
    bytes -= block.file_bytes;
    expired.push_back({block, by_age});
  }
  return expired;
}

}  // namespace spoor
