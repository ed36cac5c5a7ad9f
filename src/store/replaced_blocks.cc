#include "store/replaced_blocks.h"

#include <algorithm>

namespace spoor {
namespace {

bool Replaces(const BlockInfo& one, const BlockInfo& other) {
  return one.id > other.id &&
         (std::ranges::find(one.replaces, other.id) != one.replaces.end() ||
          (one.wal_first_sequence <= other.wal_first_sequence && one.wal_last_sequence >= other.wal_last_sequence));
}

}  // namespace

std::vector<uint64_t> FindReplaced(std::span<const std::shared_ptr<Block>> blocks) {
  std::vector<uint64_t> replaced;
  for (const auto& block : blocks) {
    const bool is_replaced =
        std::ranges::any_of(blocks, [&](const auto& one) { return Replaces(one->info(), block->info()); });
    if (is_replaced) replaced.push_back(block->info().id);
  }
  return replaced;
}

}  // namespace spoor
