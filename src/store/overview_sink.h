// OverviewSink: gathers the matches of a search for an overview.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/memory_budget.h"
#include "plan/overview_maker.h"
#include "store/match_scan.h"

namespace spoor {

// Not thread-safe.
class OverviewSink final : public MatchSink {
 public:
  explicit OverviewSink(MemoryBudget& budget) : memory_(budget.Reserve()) {}

  // kTooLarge and kBusy where matches are more than a limit or the memory allows.
  Status Take(uint32_t place, const TraceFacts& facts, std::span<const uint32_t> traces) override;
  bool Wants(const TraceRank&) const override { return true; }
  bool WantsAll() const override { return true; }

  // Of all that was taken.
  Result<Overview> Make(const OverviewShape& shape, const WholeTraces& whole, SearchState& state) const;

 private:
  uint32_t RootNumber(const std::string& name);

  MemoryReservation memory_;
  OverviewMatches matches_;
  boost::unordered_flat_map<std::string, uint32_t> root_numbers_;
};

}  // namespace spoor
