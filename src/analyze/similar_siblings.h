// Similar siblings on a critical path: which spans repeat each other, and which are tries of the same.
#pragma once

#include <cstdint>
#include <vector>

#include "analyze/critical_path.h"
#include "analyze/trace_reader.h"

namespace spoor::analyze {

// For each row of a trace the group of similar siblings that counts for it, as analyze/path_parts.h has it: its own, or
// that of the topmost span above it that is in one. Of rows that are not on the path: kNone.
struct SiblingGroups {
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint32_t kRepeatsMin = 10;

  std::vector<uint32_t> own;      // the group that a row is of itself, whatever its size
  std::vector<uint32_t> repeats;  // a group of at least kRepeatsMin
  std::vector<uint32_t>
      retries;  // a group with a failed member; of rows that a failure came before or after, and below

  // Whether the row itself is what repeats (is tried again), and not only below such a one.
  bool Repeats(uint32_t row) const { return own[row] != kNone && repeats[row] == own[row]; }
  bool IsTry(uint32_t row) const { return own[row] != kNone && retries[row] == own[row]; }
};

SiblingGroups FindSimilarSiblings(const Trace& trace, const CriticalPath& path);

}  // namespace spoor::analyze
