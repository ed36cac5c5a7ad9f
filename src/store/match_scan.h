// MatchScan: everything that matches a search, found in the facts of traces as far as they decide, else in the spans.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_set.hpp>

#include "base/result.h"
#include "plan/evaluate.h"
#include "plan/trace_store.h"
#include "store/block_pruner.h"
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
  // Whether a trace with that rank, or one behind it, can still make a difference. Once false, it stays false.
  virtual bool Wants(const TraceRank& rank) const = 0;
  // Whether every match makes one.
  virtual bool WantsAll() const = 0;
};

// One search. It looks at pages of all blocks, and on each first at the traces that facts decide, then at the spans
// that may decide others. Where the sink does not want all, pages come in the order of the best rank that each may
// hold, and it ends at the first of which the sink wants nothing any more. Several threads take pages at a time.
class MatchScan {
 public:
  MatchScan(const SearchPlan& plan, const WholeTraces& whole, SearchState& state, MatchSink& sink);

  Status Run();

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  static constexpr uint32_t kParts = UINT32_MAX - 1;

  // A page, and the best rank that it may hold; or (kParts) what of whole traces stands in a block, whose pages are not
  // known yet.
  struct Place {
    TraceRank best;
    uint32_t block = 0;
    uint32_t page = 0;
  };
  // A block whose facts are there.
  struct OpenBlock {
    OpenBlock(const SearchPlan& plan, const SpanNeeds& needs, std::shared_ptr<const TraceFacts> its_facts)
        : facts(std::move(its_facts)), question(plan, needs, *facts) {}
    const std::shared_ptr<const TraceFacts> facts;
    const MatchQuestion question;
  };
  using Opened = std::shared_ptr<const OpenBlock>;
  // A trace with a span on the page, which spans may decide.
  struct Candidate {
    TraceRank rank;
    uint32_t trace = 0;  // of the block
    uint32_t whole = kNone;
  };

  Status DecideWhole();
  Status ScanLives();

  // Fills places_.
  Status FindPlaces();
  Status FindPlacesIn(uint32_t block);
  // What a page may hold by its bounds; nothing where no span on it can match.
  const TraceBoundsEntry* BoundsOf(uint32_t block, uint32_t page, const TraceBounds& bounds, uint32_t service);
  bool MayHoldOwn(const TraceBoundsEntry& bounds) const;
  std::optional<TraceRank> BestPart(uint32_t block) const;

  // What each thread does: places one after the other, until none is left.
  void Work();
  bool Next(Place& place);
  void AddPlace(const Place& place);
  Result<Opened> Open(uint32_t block);
  Status ScanParts(uint32_t block);
  Status ScanPage(uint32_t block, uint32_t page);
  // Takes what facts decide; yields the rest.
  std::vector<Candidate> DecidePage(uint32_t block, uint32_t page, const OpenBlock& opened);
  void TakeMatches(uint32_t block, uint32_t page, const TraceFacts& facts, std::span<const Candidate> candidates,
                   const Selection& selection);

  // Need the lock. What the sink refuses ends the search.
  void Give(uint32_t place, const TraceFacts& facts, std::span<const uint32_t> traces);
  void GiveWhole(uint32_t trace);
  void DropUnwanted(uint32_t block, std::vector<Candidate>& candidates) const;

  const SearchPlan& plan_;
  const SpanNeeds needs_;
  const WholeTraces& whole_;
  SearchState& state_;
  MatchSink& sink_;
  const bool wants_all_;
  std::vector<MatchState> whole_states_;             // constant once places are looked at
  std::vector<std::optional<BlockPruner>> pruners_;  // of blocks with spans in the window; the same

  std::mutex mutex_;           // of what follows, and of the sink; short
  std::vector<Place> places_;  // a heap, the best in front; or, where all are wanted, those behind next_ in their order
  size_t next_ = 0;
  std::vector<std::vector<uint8_t>> visited_;  // by block and page
  std::vector<uint8_t> whole_taken_;
  boost::unordered_flat_set<uint64_t> taken_;      // traces of blocks that lie on several pages
  std::vector<std::pair<uint32_t, Opened>> open_;  // the latest first
  Status status_;                                  // the first that ends the search
  bool ended_ = false;
};

}  // namespace spoor
