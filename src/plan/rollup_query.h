// Answers questions about rate, errors and duration from rollups, which are added up one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "model/rollup.h"
#include "model/sketch_sum.h"
#include "plan/red.h"

namespace spoor {

// The whole minutes of a window of starts, both inclusive. All of time has the minutes that nobody knows, too.
class MinuteWindow {
 public:
  MinuteWindow(uint64_t start_min_ns, uint64_t start_max_ns)
      : first_(static_cast<uint32_t>(start_min_ns / kNanosPerMinute)),
        last_(static_cast<uint32_t>(start_max_ns / kNanosPerMinute)) {}

  uint32_t first() const { return first_; }
  // Whether one of the minutes from `min` to `max` is in the window.
  bool Overlaps(uint32_t min, uint32_t max) const { return min <= End() && max >= first_; }
  // The rows of a series of `rollup` that are in the window: [first, second).
  std::pair<uint32_t, uint32_t> Rows(const Rollup& rollup, size_t series) const;

 private:
  uint32_t End() const { return IsAllOfTime() ? Rollup::kNoMinute : last_; }
  bool IsAllOfTime() const { return first_ == 0 && last_ == UINT64_MAX / kNanosPerMinute; }

  uint32_t first_;
  uint32_t last_;
};

// Rows of rollups, added up.
class CountsSum {
 public:
  void Add(const Rollup& rollup, uint32_t row, bool is_error);
  SpanCounts Finish() &&;

 private:
  SketchSum durations_;
  int64_t error_count_ = 0;
};

// Not thread-safe. The plan must outlive it.
class RedQuery {
 public:
  explicit RedQuery(const RedPlan& plan) : plan_(plan), window_(plan.start_min_ns, plan.start_max_ns) {}

  const MinuteWindow& window() const { return window_; }
  void Add(const Rollup& rollup);
  // By service, operation, kind; without what adds up to nothing.
  std::vector<RedSeries> Finish() &&;

 private:
  struct Step {
    uint32_t index = 0;
    CountsSum sum;
  };
  struct Group {
    std::string service;
    std::string operation;
    uint8_t kind = 0;
    CountsSum sum;  // of what is of no step
    std::vector<Step> steps;
  };

  bool IsWanted(const Rollup& rollup, const RollupSeries& series) const;
  // The index of the group of a series.
  size_t GroupOf(const Rollup& rollup, const RollupSeries& series);
  // Where a row of a group counts.
  CountsSum& SumOf(uint32_t minute, Group& group) const;
  static RedSeries FinishGroup(Group&& group);

  const RedPlan& plan_;
  const MinuteWindow window_;
  std::vector<Group> groups_;
  boost::unordered_flat_map<std::string, size_t> numbers_;         // of groups, by all that they have in common
  boost::unordered_flat_map<uint64_t, size_t> numbers_of_rollup_;  // of the one that is added
};

// The same for calls.
class CallsQuery {
 public:
  CallsQuery(uint64_t start_min_ns, uint64_t start_max_ns) : window_(start_min_ns, start_max_ns) {}

  const MinuteWindow& window() const { return window_; }
  void Add(const Rollup& rollup);
  // By parent, child; without what adds up to nothing.
  std::vector<ServiceCalls> Finish() &&;

 private:
  struct Pair {
    std::string parent;
    std::string child;
    CountsSum sum;
  };

  const MinuteWindow window_;
  std::vector<Pair> pairs_;
  boost::unordered_flat_map<std::string, size_t> numbers_;
};

}  // namespace spoor
