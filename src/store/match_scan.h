// MatchScan: everything that matches a search, found in the facts of traces as far as they decide, else in the spans.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/result.h"
#include "plan/evaluate.h"
#include "plan/trace_store.h"
#include "store/match_question.h"
#include "store/search_state.h"
#include "store/trace_facts.h"
#include "store/whole_traces.h"

namespace spoor {

// Takes matches, a trace once. Not thread-safe.
class MatchSink {
 public:
  // The place of matches that stand in WholeTraces; other places are indices of blocks in the view.
  static constexpr uint32_t kWhole = UINT32_MAX;

  virtual ~MatchSink() = default;
  virtual Status Take(uint32_t place, const TraceFacts& facts, std::span<const uint32_t> traces) = 0;
  // Whether a trace with that rank, or one behind it, can still make a difference.
  virtual bool Wants(const TraceRank& rank) const = 0;
  // Whether every match makes one.
  virtual bool WantsAll() const = 0;
};

// One search. It looks at blocks in turn, and in each first at the traces that facts decide, then at the pages of spans
// that may decide others. Where the sink does not want all, blocks and their pages come in the order of the best rank
// that each may hold, and those of which the sink wants nothing any more are passed over. (Pages of all blocks in one
// order would be fewer, but opening a block anew costs as much as some pages.)
class MatchScan {
 public:
  MatchScan(const SearchPlan& plan, const WholeTraces& whole, SearchState& state, MatchSink& sink);

  Status Run();

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  // A block, or a page with undecided traces, and the best rank that it may hold.
  struct Place {
    TraceRank best;
    uint32_t index = 0;  // of the block or page
  };
  using Places = std::vector<Place>;

  Status DecideWhole();
  Status ScanLives();
  static void SortByBest(Places& places);
  // Those that may match.
  Places Blocks() const;
  bool MayMatchBlock(uint32_t block) const;
  TraceRank BestOf(uint32_t block) const;
  Status ScanBlock(uint32_t block);
  // Decides the traces of a block: by trace, what is known. Traces that stand elsewhere, too, have the state of the
  // whole.
  std::vector<MatchState> Decide(uint32_t block, const TraceFacts& facts) const;
  // Pages with undecided traces, and the best of these.
  Places Pages(uint32_t block, const TraceFacts& facts, const std::vector<MatchState>& states) const;
  Status ScanPage(uint32_t block, uint32_t page, const TraceFacts& facts, const std::vector<MatchState>& states);
  Status TakeMatches(uint32_t block, uint32_t page, const TraceFacts& facts, const std::vector<MatchState>& states,
                     const Selection& selection);
  Status TakeWhole(uint32_t trace);
  // The whole trace that trace `ordinal` of a block is a part of, or kNone.
  uint32_t WholeOf(uint32_t block, uint32_t ordinal) const;

  const SearchPlan& plan_;
  const SpanNeeds needs_;
  const WholeTraces& whole_;
  SearchState& state_;
  MatchSink& sink_;
  std::vector<MatchState> whole_states_;
  boost::unordered_flat_set<uint32_t> taken_;  // of the block's traces that lie on several pages
  std::vector<uint32_t> matches_;
};

}  // namespace spoor
