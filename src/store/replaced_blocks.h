// Which blocks a crash has left beside those that replace them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "block/block.h"

namespace spoor {

// The ids of those whose spans stand in another one of `blocks`, too. Ranges of log records are never shared but by a
// block and one that replaces it; so this holds too where that one was replaced in turn.
std::vector<uint64_t> FindReplaced(std::span<const std::shared_ptr<Block>> blocks);

}  // namespace spoor
