// RollupBuilder: counts spans and calls into a rollup, up and down.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/limits.h"
#include "model/rollup.h"

namespace spoor {

// How much a rollup may hold. What is over is counted together, so that hostile names and times do not make it as large
// as the spans: first the minutes with the fewest spans, as Rollup::kNoMinute, where more than `minutes_max` are there;
// then the rarest operations, as Rollup::kOther of their service; then the rarest services. Nothing of this is done to
// what has no more than `rows_max` rows, nor more cells or text than may be.
struct RollupLimits {
  size_t rows_max = limits::kRollupRowsMax;
  size_t minutes_max = limits::kRollupMinutesMax;
  size_t cells_max = limits::kRollupCellsMax;
  size_t text_bytes_max = limits::kRollupTextBytesMax;

  static RollupLimits None() { return {SIZE_MAX, SIZE_MAX, SIZE_MAX, SIZE_MAX}; }
  // Whether it stays as it is.
  bool Allow(const Rollup& rollup) const;
};

// Not thread-safe.
class RollupBuilder {
 public:
  // Longer names count as Rollup::kOther.
  static constexpr size_t kNameBytesMax = limits::kRollupNameBytesMax;

  RollupBuilder() { Clear(); }
  RollupBuilder(RollupBuilder&&) = default;
  RollupBuilder& operator=(RollupBuilder&&) = default;
  // Forgets everything.
  void Clear();

  // The number of a name, which is copied; 0 for the empty one.
  uint32_t Text(std::string_view name);
  std::string_view text(uint32_t number) const { return texts_[number]; }

  // The number of a series, by the numbers of its texts. Kinds and statuses that OTLP does not have count as 0.
  uint32_t SpanSeries(uint32_t service, uint32_t name, uint8_t kind, uint8_t status);
  uint32_t CallSeries(uint32_t parent, uint32_t child, bool is_error);
  const RollupSeries& series(uint32_t number) const { return series_[number]; }
  bool is_error(uint32_t number) const;

  // Counts a span, or a call by its child, `times` times: 1, or -1 to take it back.
  void Add(uint32_t series, uint64_t start_ns, uint64_t duration_ns, int32_t times = 1) {
    AddCell(SlotOf(series, static_cast<uint32_t>(start_ns / kNanosPerMinute)), duration_ns, times);
  }
  // Counts the call from a span of series `parent` to one of series `child`, where they are of two services with names.
  void AddCall(uint32_t parent, uint32_t child, uint64_t start_ns, uint64_t duration_ns, int32_t times = 1) {
    AddCallOf(series_[parent].service, series_[child].service, is_error(child), start_ns, duration_ns, times);
  }
  // The same, by the services' texts.
  void AddCallOf(uint32_t parent, uint32_t child, bool is_error, uint64_t start_ns, uint64_t duration_ns,
                 int32_t times = 1) {
    if (parent == child || parent == 0 || child == 0) return;
    Add(CallSeries(parent, child, is_error), start_ns, duration_ns, times);
  }
  void Add(const Rollup& rollup);
  // The same, but for the operations: all spans of a service count as those of one without a name.
  void AddWithoutOperations(const Rollup& rollup);

  // What was counted so far; never more than `limits` allow, but for a handful of rows.
  Rollup Build(const RollupLimits& limits = {});

 private:
  struct SeriesHash {
    using is_avalanching = void;
    size_t operator()(const RollupSeries& series) const;
  };
  struct TextHash {
    using is_avalanching = void;
    size_t operator()(std::string_view text) const;
  };
  // One row while it is counted. Those that came to nothing are left out in the end.
  struct Slot {
    uint32_t series = 0;
    uint32_t minute = 0;
    Int128 sum_ns = 0;
  };
  // How often durations of one bucket were counted in one row. They are appended as they come, and put in order and
  // added up once there are many: a table that is looked up for each span would cost several times as much.
  struct Cell {
    uint32_t slot = 0;
    uint16_t bucket = 0;
    int32_t count = 0;
  };
  // What Build looks at: a slot with something in it.
  struct Filled {
    uint32_t slot = 0;
    uint64_t weight = 0;  // how much was counted
  };
  class Fold;

  uint32_t Number(const RollupSeries& series);
  // Adds the rows of series `from` of a rollup to those of `to` here.
  void AddRows(const Rollup& rollup, size_t from, uint32_t to);
  uint32_t SlotOf(uint32_t series, uint32_t minute) {
    if (last_slot_[series] != kNone && slots_[last_slot_[series]].minute == minute) return last_slot_[series];
    return FindSlot(series, minute);
  }
  uint32_t FindSlot(uint32_t series, uint32_t minute);
  void AddCell(uint32_t slot, uint64_t duration_ns, int32_t times) {
    slots_[slot].sum_ns += Int128{duration_ns} * times;
    cells_.push_back({slot, LatencySketch::BucketOf(duration_ns), times});
    if (cells_.size() >= settle_at_) Settle();
  }
  // Puts cells_ in order of (slot, bucket), each pair once, without those that came to nothing.
  void Settle();
  std::vector<Filled> FilledSlots() const;
  Rollup BuildAll(const std::vector<Filled>& filled) const;

  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr size_t kSettleMin = 32 * 1024;  // cells

  std::deque<std::string> texts_;
  boost::unordered_flat_map<std::string_view, uint32_t, TextHash> text_numbers_;  // views of texts_
  std::vector<RollupSeries> series_;
  boost::unordered_flat_map<RollupSeries, uint32_t, SeriesHash> series_numbers_;
  std::vector<uint32_t> last_slot_;  // by series
  std::vector<Slot> slots_;
  boost::unordered_flat_map<uint64_t, uint32_t> slot_numbers_;  // by series and minute
  std::vector<Cell> cells_;
  size_t settle_at_ = kSettleMin;  // so many cells
};

}  // namespace spoor
