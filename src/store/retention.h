// Retention: which blocks have to go.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "block/block.h"

namespace spoor {

struct RetentionRules {
  std::chrono::nanoseconds age{0};         // since the arrival of a block's youngest span; 0: any age
  uint64_t disk_bytes_max = 0;             // of blocks, rollups and log; 0: any size
  std::chrono::nanoseconds rollup_age{0};  // the same as `age`, of rollups
};

struct ExpiredBlock {
  std::shared_ptr<Block> block;
  bool by_age = false;  // else for space
};

// The blocks that are too old, and then as many of the oldest as it takes to get to the size. Age goes by arrival: the
// time that a span claims counts for nothing. `other_bytes`: what else lies on the disk and stays there.
std::vector<ExpiredBlock> FindExpired(std::span<const std::shared_ptr<Block>> blocks, uint64_t other_bytes,
                                      const RetentionRules& rules, uint64_t now_ns);

}  // namespace spoor
