// TopTraces: the first matches of an order, and how many there are.
#pragma once

#include <cstdint>
#include <vector>

#include "store/match_scan.h"

namespace spoor {

// Keeps the first `limit` + 1 behind `after`: the last one says that there are more. Not thread-safe.
class TopTraces final : public MatchSink {
 public:
  struct Match {
    TraceRank rank;
    uint32_t place = 0;  // MatchSink's
    uint32_t trace = 0;  // of the facts there
  };

  explicit TopTraces(const SearchPlan& plan) : plan_(plan), kept_max_(size_t{plan.limit} + 1) {}

  Status Take(uint32_t place, const TraceFacts& facts, std::span<const uint32_t> traces) override;
  bool Wants(const TraceRank& rank) const override {
    return WantsAll() || best_.size() < kept_max_ || rank.IsBefore(best_.front().rank);
  }
  bool WantsAll() const override { return plan_.count; }

  uint64_t count() const { return count_; }
  // In order.
  std::vector<Match> Sorted() &&;

 private:
  const SearchPlan& plan_;
  const size_t kept_max_;
  uint64_t count_ = 0;
  std::vector<Match> best_;  // a heap, the last of them in front
};

}  // namespace spoor
