#include "store/match_scan.h"

#include <algorithm>

#include "model/span_columns.h"
#include "plan/may_match.h"

namespace spoor {

MatchScan::MatchScan(const SearchPlan& plan, const WholeTraces& whole, SearchState& state, MatchSink& sink)
    : plan_(plan), needs_(NeedsOf(plan.filter)), whole_(whole), state_(state), sink_(sink) {}

Status MatchScan::Run() {
  RETURN_IF_ERROR(DecideWhole());
  RETURN_IF_ERROR(ScanLives());
  for (const Place& block : Blocks()) {
    if (!sink_.Wants(block.best)) continue;
    RETURN_IF_ERROR(state_.Check());
    RETURN_IF_ERROR(state_.Unless(ScanBlock(block.index)));
  }
  return {};
}

MatchScan::Places MatchScan::Blocks() const {
  Places blocks;
  for (uint32_t block = 0; block < state_.view().blocks.size(); ++block) {
    if (MayMatchBlock(block)) blocks.push_back({BestOf(block), block});
  }
  if (!sink_.WantsAll()) SortByBest(blocks);
  return blocks;
}

void MatchScan::SortByBest(Places& places) {
  std::ranges::sort(places, [](const Place& a, const Place& b) { return a.best.IsBefore(b.best); });
}

TraceRank MatchScan::BestOf(uint32_t block) const {
  const BlockInfo& info = state_.view().blocks[block]->info();
  TraceRank best{.key = UINT64_MAX, .start_ns = UINT64_MAX};
  if (plan_.order == TraceOrder::kNewest) {
    best.key = info.trace_start_max_ns;
  } else if (const auto bounds = state_.facts_cache().Bounds(info.id)) {
    best.key = bounds->BestKey(plan_.order);
  }
  // What is here of a trace may be of little rank, and the whole of it not.
  for (const auto [ordinal, trace] : whole_.parts[block]) {
    if (whole_states_[trace] != MatchState::kUndecided) continue;
    const TraceRank rank = whole_.facts.Rank(plan_.order, trace);
    if (rank.IsBefore(best)) best = rank;
  }
  return best;
}

Status MatchScan::DecideWhole() {
  const MatchQuestion question(plan_, needs_, whole_.facts);
  whole_states_.resize(whole_.facts.size());
  matches_.clear();
  for (uint32_t trace = 0; trace < whole_.facts.size(); ++trace) {
    if (whole_.hidden[trace]) continue;
    whole_states_[trace] = question.Decide(trace, whole_.last_start_ns[trace]);
    if (whole_states_[trace] != MatchState::kYes) continue;
    whole_states_[trace] = MatchState::kNo;  // it is taken now, and need not be found again
    matches_.push_back(trace);
  }
  return sink_.Take(MatchSink::kWhole, whole_.facts, matches_);
}

Status MatchScan::TakeWhole(uint32_t trace) {
  if (whole_states_[trace] != MatchState::kUndecided) return {};
  whole_states_[trace] = MatchState::kNo;
  return sink_.Take(MatchSink::kWhole, whole_.facts, std::span(&trace, 1));
}

Status MatchScan::ScanLives() {
  if (std::ranges::find(whole_states_, MatchState::kUndecided) == whole_states_.end()) return {};
  for (const auto& batch : whole_.live_batches) {
    RETURN_IF_ERROR(state_.Check());
    const auto columns = ColumnsOf(*batch);
    ASSIGN_OR_RETURN(const Selection selection,
                     Evaluate(plan_.filter, plan_.start_min_ns, plan_.start_max_ns, *columns));
    for (const uint32_t row : selection.Rows()) RETURN_IF_ERROR(TakeWhole(whole_.live.at(batch->trace_id(row))));
  }
  return {};
}

bool MatchScan::MayMatchBlock(uint32_t index) const {
  if (whole_.blind[index]) return false;
  Block& block = *state_.view().blocks[index];
  const BlockInfo& info = block.info();
  if (info.start_max_ns < plan_.start_min_ns || info.start_min_ns > plan_.start_max_ns) return false;
  const TextKnowledge knowledge{.may_hold_text = [&](std::string_view text) {
    const Result<bool> may = block.MayHoldText(text);
    return !may || *may;  // what is damaged shows when it is read
  }};
  return MayMatch(plan_.filter, knowledge);
}

std::vector<MatchState> MatchScan::Decide(uint32_t block, const TraceFacts& facts) const {
  const MatchQuestion question(plan_, needs_, facts);
  const uint64_t last_start_ns = state_.view().blocks[block]->info().start_max_ns;
  std::vector<MatchState> states(facts.size());
  auto elsewhere = whole_.parts[block].begin();
  for (uint32_t trace = 0; trace < facts.size(); ++trace) {
    if (elsewhere != whole_.parts[block].end() && elsewhere->ordinal == trace) {
      states[trace] = whole_states_[elsewhere->trace];
      ++elsewhere;
    } else {
      states[trace] = question.Decide(trace, last_start_ns);
    }
  }
  return states;
}

uint32_t MatchScan::WholeOf(uint32_t block, uint32_t ordinal) const {
  const auto& parts = whole_.parts[block];
  const auto found = std::ranges::lower_bound(parts, ordinal, {}, &WholeTraces::Part::ordinal);
  return found != parts.end() && found->ordinal == ordinal ? found->trace : kNone;
}

Status MatchScan::ScanBlock(uint32_t block) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const TraceFacts> facts, state_.Facts(block));
  const std::vector<MatchState> states = Decide(block, *facts);
  matches_.clear();
  bool any_undecided = false;
  for (uint32_t trace = 0; trace < states.size(); ++trace) {
    if (states[trace] == MatchState::kYes) matches_.push_back(trace);
    any_undecided |= states[trace] == MatchState::kUndecided;
  }
  RETURN_IF_ERROR(sink_.Take(block, *facts, matches_));
  if (!any_undecided) return {};
  taken_.clear();
  for (const Place& page : Pages(block, *facts, states)) {
    if (!sink_.Wants(page.best)) continue;
    RETURN_IF_ERROR(state_.Check());
    RETURN_IF_ERROR(state_.Unless(ScanPage(block, page.index, *facts, states)));
  }
  return {};
}

MatchScan::Places MatchScan::Pages(uint32_t block, const TraceFacts& facts,
                                   const std::vector<MatchState>& states) const {
  Places pages;
  const Block& file = *state_.view().blocks[block];
  for (uint32_t page = 0; page < file.page_count(); ++page) {
    if (!file.PageOverlaps(page, plan_.start_min_ns, plan_.start_max_ns)) continue;
    const uint32_t row_end = file.page_begin(page + 1);
    Place place{.index = page};
    bool any = false;
    for (uint32_t trace = facts.TraceOfRow(file.page_begin(page));
         trace < facts.size() && facts.row_begin[trace] < row_end; ++trace) {
      if (states[trace] != MatchState::kUndecided) continue;
      const uint32_t whole = WholeOf(block, trace);
      const TraceRank rank = whole == kNone ? facts.Rank(plan_.order, trace) : whole_.facts.Rank(plan_.order, whole);
      if (any && !rank.IsBefore(place.best)) continue;
      place.best = rank;
      any = true;
    }
    if (any) pages.push_back(place);
  }
  if (!sink_.WantsAll()) SortByBest(pages);
  return pages;
}

Status MatchScan::ScanPage(uint32_t block, uint32_t page, const TraceFacts& facts,
                           const std::vector<MatchState>& states) {
  ASSIGN_OR_RETURN(const auto columns, state_.view().blocks[block]->Page(page));
  ASSIGN_OR_RETURN(const Selection selection, Evaluate(plan_.filter, plan_.start_min_ns, plan_.start_max_ns, *columns));
  return TakeMatches(block, page, facts, states, selection);
}

Status MatchScan::TakeMatches(uint32_t block, uint32_t page, const TraceFacts& facts,
                              const std::vector<MatchState>& states, const Selection& selection) {
  const Block& file = *state_.view().blocks[block];
  const uint32_t begin = file.page_begin(page);
  const uint32_t end = file.page_begin(page + 1);
  uint32_t trace = facts.TraceOfRow(begin);
  uint32_t row_end = begin;  // of the last trace that was looked at
  matches_.clear();
  for (const uint32_t row_in_page : selection.Rows()) {
    const uint32_t row = begin + row_in_page;
    if (row < row_end) continue;
    while (facts.row_begin[trace + 1] <= row) ++trace;
    row_end = facts.row_begin[trace + 1];
    if (states[trace] != MatchState::kUndecided) continue;
    const uint32_t whole = WholeOf(block, trace);
    const bool is_on_other_pages = facts.row_begin[trace] < begin || row_end > end;
    if (whole != kNone) {
      RETURN_IF_ERROR(TakeWhole(whole));
    } else if (!is_on_other_pages || taken_.insert(trace).second) {
      matches_.push_back(trace);
    }
  }
  return sink_.Take(block, facts, matches_);
}

}  // namespace spoor
