// MatchScan: everything that matches a search, found in the facts of traces as far as they decide, else in the spans.
#pragma once

#include <cstdint>
#include <memory>
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

// One search. First come the traces that facts decide, then pages of spans: all in turn where the sink wants all, else
// in the order of the best rank that each may still hold, until the sink wants none of the rest.
class MatchScan {
 public:
  MatchScan(const SearchPlan& plan, const WholeTraces& whole, SearchState& state, MatchSink& sink);

  Status Run();

 private:
  // A page with undecided traces, and the best rank among them.
  struct PageToScan {
    TraceRank best;
    uint32_t block = 0;
    uint32_t page = 0;
  };

  Status DecideWhole();
  Status ScanLives();
  Status VisitBlock(uint32_t block);
  bool MayMatchBlock(Block& block) const;
  // Decides the traces of a block: by trace, what is known. Traces that stand elsewhere, too, have the state of the
  // whole.
  std::vector<MatchState> Decide(uint32_t block, const TraceFacts& facts) const;
  void AddPages(uint32_t block, const TraceFacts& facts, const std::vector<MatchState>& states);
  Status ScanPages();
  Status ScanPage(const PageToScan& page);
  Status TakeMatches(const PageToScan& page, const TraceFacts& facts, const Selection& selection);
  Result<std::shared_ptr<const TraceFacts>> Facts(uint32_t block);
  Status TakeWhole(uint32_t trace);
  // The whole trace that trace `ordinal` of a block is a part of, or kNone.
  uint32_t WholeOf(uint32_t block, uint32_t ordinal) const;

  static constexpr uint32_t kNone = UINT32_MAX;

  const SearchPlan& plan_;
  const SpanNeeds needs_;
  const WholeTraces& whole_;
  SearchState& state_;
  MatchSink& sink_;
  std::vector<MatchState> whole_states_;
  std::vector<std::vector<MatchState>> block_states_;  // by block, while it has pages to scan
  uint32_t last_block_ = kNone;                        // whose facts are at hand
  std::shared_ptr<const TraceFacts> last_facts_;
  std::vector<PageToScan> pages_;
  boost::unordered_flat_set<uint64_t> taken_;  // of traces that lie on several pages: block << 32 | ordinal
  std::vector<uint32_t> matches_;
};

}  // namespace spoor
