// Rollup: spans and calls counted by the minute, so that rate, errors and duration of weeks can be told without a look
// at the spans. A rollup may also be a difference (what some spans add to what was counted already): its counts are
// signed. docs/formats/rollup.md is how one is stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/latency_sketch.h"

namespace spoor {

inline constexpr uint64_t kNanosPerMinute = 60'000'000'000;

// What is counted together. Spans: those of one operation with one status. Calls: spans whose parent is of another
// service, both with a name, by the pair and by whether the child has an error; duration and minute are the child's.
struct RollupSeries {
  enum class Of : uint8_t { kSpans = 0, kCalls = 1 };
  Of of = Of::kSpans;
  uint8_t kind = 0;      // OTLP's number; 0 for numbers that OTLP does not have, and for calls
  uint8_t status = 0;    // the same; of calls kError or kUnset
  uint32_t service = 0;  // text; of calls the child's
  uint32_t name = 0;     // text: the operation's name; of calls the parent's service
  bool operator==(const RollupSeries&) const = default;
};

// Immutable once made, and then shared between threads freely. Columns of rows: one for each series and minute of the
// start of spans, by series, then minute.
struct Rollup {
  // Stands for names that are too long or too many to be counted apart.
  static constexpr std::string_view kOther = "(other)";
  // The minute of rows whose minutes were too many to be counted apart: some time, nobody knows when.
  static constexpr uint32_t kNoMinute = UINT32_MAX;

  std::vector<std::string> texts;  // 0 is the empty one
  std::vector<RollupSeries> series;
  std::vector<uint32_t> row_begin;  // of series s: rows row_begin[s] .. row_begin[s + 1]

  std::vector<uint32_t> minute;  // since 1970
  std::vector<Int128> sum_ns;
  std::vector<uint32_t> cell_begin;  // of row r: cells cell_begin[r] .. cell_begin[r + 1], ascending by bucket

  std::vector<uint16_t> bucket;  // of LatencySketch
  std::vector<int32_t> count;    // never 0

  size_t row_count() const { return minute.size(); }
  bool empty() const { return minute.empty(); }
  std::span<const uint16_t> buckets(size_t row) const {
    return std::span(bucket).subspan(cell_begin[row], cell_begin[row + 1] - cell_begin[row]);
  }
  std::span<const int32_t> counts(size_t row) const {
    return std::span(count).subspan(cell_begin[row], cell_begin[row + 1] - cell_begin[row]);
  }
  // In memory.
  size_t size_bytes() const;
};

}  // namespace spoor
