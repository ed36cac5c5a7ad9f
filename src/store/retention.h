// Retention: which blocks have to go.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/view.h"

namespace spoor {

struct RetentionRules {
  std::chrono::nanoseconds age{0};         // since the arrival of a block's youngest span; 0: any age
  uint64_t disk_bytes_max = 0;             // of blocks, rollups and log; 0: any size
  std::chrono::nanoseconds rollup_age{0};  // the same as `age`, of rollups
};

// A block as far as retention goes by it.
struct RetainedBlock {
  uint64_t id = 0;
  uint64_t arrival_max_ns = 0;
  uint64_t file_bytes = 0;
  uint64_t spans = 0;  // 0 where nobody knows
  bool is_unreadable = false;
  bool is_unsettled = false;  // what was counted of it is not written yet
};

struct ExpiredBlock {
  RetainedBlock block;
  bool by_age = false;  // else for space
};

// All blocks of `view`, also those that cannot be read: these are as old as `arrival_of` says, or else no younger than
// the next block with a greater number; those that nothing is known of are the youngest.
std::vector<RetainedBlock> BlocksToRetain(const View& view,
                                          const std::function<std::optional<uint64_t>(uint64_t id)>& arrival_of);

// The blocks that are too old, and then as many of the oldest as it takes to get to the size. Age goes by arrival: the
// time that a span claims counts for nothing. `other_bytes`: what else lies on the disk and stays there. For its age
// alone, a block that is unsettled does not go before it is twice as old: where the disk is full, its counts would be
// lost at the next start.
std::vector<ExpiredBlock> FindExpired(std::vector<RetainedBlock> blocks, uint64_t other_bytes,
                                      const RetentionRules& rules, uint64_t now_ns);

}  // namespace spoor
