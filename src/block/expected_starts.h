// ExpectedStarts: when the spans of a page are expected to start, so that little is left to be told of it. A span that
// calls others one after the other starts each when the one before has ended, and the first when it starts itself.
#pragma once

#include <cstdint>
#include <vector>

namespace spoor {

// One thread's at a time. Rows, which count from the page's first or any later one, are told of in their order; times
// are in ns and wrap.
class ExpectedStarts {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  explicit ExpectedStarts(uint32_t rows) : next_ns_(rows) {}

  // What is stored of a span. `parent`: the row of its parent where that was told of, else kNone; `before_ns`: the
  // start of what stands before it, which is not later than its own. Ends its row.
  uint64_t Distance(uint32_t row, uint32_t parent, uint64_t before_ns, uint64_t start_ns, uint64_t duration_ns) {
    const int64_t late_ns = static_cast<int64_t>(start_ns - Expected(parent, before_ns));
    End(row, parent, start_ns, duration_ns);
    if (parent == kNone) return static_cast<uint64_t>(late_ns);
    return (static_cast<uint64_t>(late_ns) << 1) ^ static_cast<uint64_t>(late_ns >> 63);
  }

  // The start of the span of which `distance` is stored.
  uint64_t Start(uint32_t row, uint32_t parent, uint64_t before_ns, uint64_t distance, uint64_t duration_ns) {
    const uint64_t late_ns = parent == kNone ? distance : (distance >> 1) ^ (0 - (distance & 1));
    const uint64_t start_ns = Expected(parent, before_ns) + late_ns;
    End(row, parent, start_ns, duration_ns);
    return start_ns;
  }

 private:
  uint64_t Expected(uint32_t parent, uint64_t before_ns) const {
    return parent == kNone ? before_ns : next_ns_[parent];
  }
  void End(uint32_t row, uint32_t parent, uint64_t start_ns, uint64_t duration_ns) {
    next_ns_[row] = start_ns;
    if (parent != kNone) next_ns_[parent] = start_ns + duration_ns;
  }

  std::vector<uint64_t> next_ns_;  // by row: when its next child is expected to start
};

}  // namespace spoor
