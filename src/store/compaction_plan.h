// Which blocks are to become one.
//
// Blocks that stand behind one another are merged, so that ranges of the log never overlap. Within
// a time partition (of arrival, so that retention by age stays sharp), small ones go first. A merge at least doubles
// the size of each block in it, and so rewrites a span no more often than the size of its block can double: once for
// four blocks of a quarter of the most. Full blocks wait until their partition is over: a merge costs as much processor
// time as it takes to take spans in, and heavy traffic, which makes them, has none to spare.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "store/store_options.h"

namespace spoor {

// A block, as far as the choice goes by it.
struct CompactionCandidate {
  uint64_t id = 0;
  bool follows = false;  // there is nothing in the log between the candidate before and it, or ever was
  uint64_t arrival_max_ns = 0;
  uint64_t spans = 0;
  uint64_t traces = 0;
  uint64_t file_bytes = 0;
  uint64_t rollup_rows = 0;
  uint64_t rollup_cells = 0;
  uint64_t rollup_text_bytes = 0;
  bool may_merge = false;  // else it stays as it is
};

// How far a compaction goes.
enum class CompactionReach : uint8_t {
  kWorthwhile,  // as far as no span is rewritten for little
  kNotFull,     // whatever can be merged, but for full blocks of partitions that go on
  kEverything,  // these, too
};

struct CompactionRules {
  CompactionLimits limits;
  uint64_t partition_ns = 0;
  uint64_t now_ns = 0;
  CompactionReach reach = CompactionReach::kWorthwhile;
};

// Of candidates, [begin, end).
struct CompactionRange {
  size_t begin = 0;
  size_t end = 0;
  bool operator==(const CompactionRange&) const = default;
};

// The next blocks to merge, at least two; nothing where all is as it should be. Candidates stand in the order of the
// log.
std::optional<CompactionRange> PlanCompaction(std::span<const CompactionCandidate> candidates,
                                              const CompactionRules& rules);

// The length of partitions: that of the limits, but at most an eighth of the retention (0: none).
uint64_t PartitionNs(const CompactionLimits& limits, std::chrono::nanoseconds retention);

}  // namespace spoor
