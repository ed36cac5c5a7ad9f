#include "store/match_scan.h"

#include <algorithm>

#include "model/span_columns.h"

namespace spoor {
namespace {

// Blocks whose facts a search holds on to, whether or not they stay in the cache.
constexpr size_t kOpenBlocksMax = 8;

}  // namespace

MatchScan::MatchScan(const SearchPlan& plan, const WholeTraces& whole, SearchState& state, MatchSink& sink)
    : plan_(plan),
      needs_(NeedsOf(plan.filter)),
      whole_(whole),
      state_(state),
      sink_(sink),
      wants_all_(sink.WantsAll()),
      pruners_(state.view().blocks.size()),
      visited_(state.view().blocks.size()) {}

Status MatchScan::Run() {
  RETURN_IF_ERROR(DecideWhole());
  RETURN_IF_ERROR(ScanLives());
  RETURN_IF_ERROR(FindPlaces());
  if (places_.size() < 2) {
    Work();
  } else {
    state_.pool().Run([this] { Work(); });
  }
  return std::move(status_);
}

Status MatchScan::DecideWhole() {
  const MatchQuestion question(plan_, needs_, whole_.facts);
  whole_states_.resize(whole_.facts.size());
  whole_taken_.resize(whole_.facts.size());
  std::vector<uint32_t> matches;
  for (uint32_t trace = 0; trace < whole_.facts.size(); ++trace) {
    if (whole_.hidden[trace]) continue;
    whole_states_[trace] = question.Decide(trace, whole_.last_start_ns[trace]);
    if (whole_states_[trace] == MatchState::kYes) matches.push_back(trace);
  }
  return sink_.Take(MatchSink::kWhole, whole_.facts, matches);
}

void MatchScan::Give(uint32_t place, const TraceFacts& facts, std::span<const uint32_t> traces) {
  if (traces.empty() || ended_) return;
  status_ = sink_.Take(place, facts, traces);
  ended_ = !status_;
}

void MatchScan::GiveWhole(uint32_t trace) {
  if (whole_taken_[trace]) return;
  whole_taken_[trace] = 1;
  Give(MatchSink::kWhole, whole_.facts, std::span(&trace, 1));
}

Status MatchScan::ScanLives() {
  if (std::ranges::find(whole_states_, MatchState::kUndecided) == whole_states_.end()) return {};
  for (const auto& batch : whole_.live_batches) {
    RETURN_IF_ERROR(state_.Check());
    const auto columns = ColumnsOf(*batch);
    ASSIGN_OR_RETURN(const Selection selection,
                     Evaluate(plan_.filter, plan_.start_min_ns, plan_.start_max_ns, *columns));
    for (const uint32_t row : selection.Rows()) {
      const uint32_t trace = whole_.live.at(batch->trace_id(row));
      if (whole_states_[trace] == MatchState::kUndecided) GiveWhole(trace);
    }
  }
  return status_;
}

Status MatchScan::FindPlaces() {
  std::vector<BlockPruner*> pruners;
  for (uint32_t index = 0; index < state_.view().blocks.size(); ++index) {
    Block& block = *state_.view().blocks[index];
    const BlockInfo& info = block.info();
    if (whole_.blind[index]) continue;
    if (info.start_max_ns < plan_.start_min_ns || info.start_min_ns > plan_.start_max_ns) continue;
    pruners.push_back(&pruners_[index].emplace(block, plan_.filter));
  }
  LookForTexts(pruners, state_.pool());
  for (uint32_t block = 0; block < state_.view().blocks.size(); ++block) {
    if (!pruners_[block]) continue;
    RETURN_IF_ERROR(state_.Check());
    RETURN_IF_ERROR(state_.Unless(FindPlacesIn(block)));
  }
  if (wants_all_) return {};
  std::ranges::make_heap(places_, [](const Place& a, const Place& b) { return b.best.IsBefore(a.best); });
  return {};
}

Status MatchScan::FindPlacesIn(uint32_t index) {
  Block& block = *state_.view().blocks[index];
  if (!pruners_[index]->MayMatchBlock()) return {};
  ASSIGN_OR_RETURN(const std::shared_ptr<const TraceBounds> bounds, block.Bounds());
  uint32_t service = TraceBounds::kAll;
  if (needs_.service) {
    const auto found = bounds->FindService(*needs_.service);
    if (!found) return {};
    service = *found;
  }
  const std::optional<TraceRank> best_part = BestPart(index);
  visited_[index].resize(block.page_count());
  for (uint32_t page = 0; page < block.page_count(); ++page) {
    const TraceBoundsEntry* entry = BoundsOf(index, page, *bounds, service);
    if (entry == nullptr) continue;
    if (!MayHoldOwn(*entry) && !(wants_all_ && best_part)) continue;
    const uint64_t duration_ns = plan_.order == TraceOrder::kShortest ? entry->duration_min_ns : entry->duration_max_ns;
    const TraceMeasures most{entry->start_max_ns, duration_ns, entry->span_count_max, entry->error_count_max};
    places_.push_back({{.key = RankKey(plan_.order, most), .start_ns = UINT64_MAX}, index, page});
  }
  if (best_part && !wants_all_) places_.push_back({*best_part, index, kParts});
  return {};
}

const TraceBoundsEntry* MatchScan::BoundsOf(uint32_t index, uint32_t page, const TraceBounds& bounds,
                                            uint32_t service) {
  if (!state_.view().blocks[index]->PageOverlaps(page, plan_.start_min_ns, plan_.start_max_ns)) return nullptr;
  if (!pruners_[index]->MayMatchPage(page)) return nullptr;
  const TraceBoundsEntry* entry = bounds.Of(page, service);
  if (entry == nullptr || entry->duration_max_ns < needs_.duration_min_ns) return nullptr;
  return needs_.with_error && entry->error_count_max == 0 ? nullptr : entry;
}

// Whether a trace that stands here alone can fulfil what is asked of traces.
bool MatchScan::MayHoldOwn(const TraceBoundsEntry& bounds) const {
  const TraceConditions& conditions = plan_.conditions;
  return bounds.duration_max_ns >= conditions.duration_min_ns && bounds.duration_min_ns <= conditions.duration_max_ns &&
         bounds.start_max_ns >= conditions.start_min_ns && (!conditions.with_errors || bounds.error_count_max > 0);
}

// Of the undecided whole traces with a part in the block. What is here of a trace may be of little rank, and the whole
// of it not.
std::optional<TraceRank> MatchScan::BestPart(uint32_t block) const {
  std::optional<TraceRank> best;
  for (const auto [ordinal, trace] : whole_.parts[block]) {
    if (whole_states_[trace] != MatchState::kUndecided) continue;
    const TraceRank rank = whole_.facts.Rank(plan_.order, trace);
    if (!best || rank.IsBefore(*best)) best = rank;
  }
  return best;
}

void MatchScan::Work() {
  Place place;
  while (Next(place)) {
    Status status = state_.Check();
    if (status) status = place.page == kParts ? ScanParts(place.block) : ScanPage(place.block, place.page);
    if (!status) status = state_.Miss(std::move(status).error());
    if (status) continue;
    const std::lock_guard lock(mutex_);
    if (!ended_) status_ = std::move(status);
    ended_ = true;
  }
}

bool MatchScan::Next(Place& place) {
  const std::lock_guard lock(mutex_);
  while (!ended_ && next_ < places_.size()) {
    if (wants_all_) {
      place = places_[next_++];
    } else {
      if (!sink_.Wants(places_.front().best)) return false;
      std::ranges::pop_heap(places_, [](const Place& a, const Place& b) { return b.best.IsBefore(a.best); });
      place = places_.back();
      places_.pop_back();
    }
    if (place.page == kParts) return true;
    uint8_t& visited = visited_[place.block][place.page];
    if (!visited) {
      visited = 1;
      return true;
    }
  }
  return false;
}

void MatchScan::AddPlace(const Place& place) {
  const std::lock_guard lock(mutex_);
  places_.push_back(place);
  std::ranges::push_heap(places_, [](const Place& a, const Place& b) { return b.best.IsBefore(a.best); });
}

Result<MatchScan::Opened> MatchScan::Open(uint32_t block) {
  const auto is_it = [&](const auto& one) { return one.first == block; };
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::ranges::find_if(open_, is_it);
    if (found != open_.end()) {
      std::rotate(open_.begin(), found, found + 1);
      return open_.front().second;
    }
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const TraceFacts> facts, state_.Facts(block));
  auto opened = std::make_shared<const OpenBlock>(plan_, needs_, std::move(facts));
  Opened gone;  // goes after the lock
  const std::lock_guard lock(mutex_);
  if (const auto found = std::ranges::find_if(open_, is_it); found != open_.end()) return found->second;
  open_.insert(open_.begin(), {block, opened});
  if (open_.size() > kOpenBlocksMax) {
    gone = std::move(open_.back().second);
    open_.pop_back();
  }
  return opened;
}

// The pages that have parts of undecided whole traces, under the best rank of those.
Status MatchScan::ScanParts(uint32_t index) {
  ASSIGN_OR_RETURN(const Opened opened, Open(index));
  Block& block = *state_.view().blocks[index];
  ASSIGN_OR_RETURN(const std::shared_ptr<const TraceBounds> bounds, block.Bounds());
  const uint32_t service = needs_.service ? *bounds->FindService(*needs_.service) : TraceBounds::kAll;
  Place place{.block = index, .page = kNone};
  const auto finish = [&] {
    if (place.page != kNone && BoundsOf(index, place.page, *bounds, service) != nullptr) AddPlace(place);
  };
  uint32_t page = 0;
  for (const auto [ordinal, trace] : whole_.parts[index]) {
    if (whole_states_[trace] != MatchState::kUndecided) continue;
    const TraceRank rank = whole_.facts.Rank(plan_.order, trace);
    while (block.page_begin(page + 1) <= opened->facts->row_begin[ordinal]) ++page;
    for (uint32_t at = page; at < block.page_count() && block.page_begin(at) < opened->facts->row_begin[ordinal + 1];
         ++at) {
      if (at == place.page) {
        if (rank.IsBefore(place.best)) place.best = rank;
        continue;
      }
      finish();
      place.page = at;
      place.best = rank;
    }
  }
  finish();
  return {};
}

Status MatchScan::ScanPage(uint32_t block, uint32_t page) {
  ASSIGN_OR_RETURN(const Opened opened, Open(block));
  const std::vector<Candidate> candidates = DecidePage(block, page, *opened);
  if (candidates.empty()) return {};
  Block& file = *state_.view().blocks[block];
  const TraceFacts& facts = *opened->facts;
  const uint32_t begin = file.page_begin(page), end = file.page_begin(page + 1);
  Selection live(end - begin);
  for (const Candidate& candidate : candidates) {
    live.SetRange(std::max(facts.row_begin[candidate.trace], begin) - begin,
                  std::min(facts.row_begin[candidate.trace + 1], end) - begin);
  }
  ASSIGN_OR_RETURN(const auto columns, file.Page(page, TimesOf(facts)));
  const bool is_within = file.PageIsWithin(page, plan_.start_min_ns, plan_.start_max_ns);
  ASSIGN_OR_RETURN(const Selection selection,
                   Evaluate(plan_.filter, is_within ? 0 : plan_.start_min_ns,
                            is_within ? UINT64_MAX : plan_.start_max_ns, *columns, std::move(live)));
  TakeMatches(block, page, facts, candidates, selection);
  return {};
}

std::vector<MatchScan::Candidate> MatchScan::DecidePage(uint32_t block, uint32_t page, const OpenBlock& opened) {
  const Block& file = *state_.view().blocks[block];
  const TraceFacts& facts = *opened.facts;
  const uint32_t begin = file.page_begin(page), end = file.page_begin(page + 1);
  const uint64_t last_start_ns = file.info().start_max_ns;
  const uint32_t first = facts.TraceOfRow(begin);
  auto part = std::ranges::lower_bound(whole_.parts[block], first, {}, &WholeTraces::Part::ordinal);
  std::vector<uint32_t> matches;
  std::vector<Candidate> candidates;
  for (uint32_t trace = first; trace < facts.size() && facts.row_begin[trace] < end; ++trace) {
    if (part != whole_.parts[block].end() && part->ordinal == trace) {
      const uint32_t whole = (part++)->trace;
      if (whole_states_[whole] == MatchState::kUndecided) {
        candidates.push_back({whole_.facts.Rank(plan_.order, whole), trace, whole});
      }
      continue;
    }
    switch (opened.question.Decide(trace, last_start_ns)) {
      case MatchState::kNo: break;
      case MatchState::kUndecided: candidates.push_back({facts.Rank(plan_.order, trace), trace, kNone}); break;
      case MatchState::kYes:
        if (facts.row_begin[trace] >= begin) matches.push_back(trace);
    }
  }
  const std::lock_guard lock(mutex_);
  Give(block, facts, matches);
  DropUnwanted(block, candidates);
  return candidates;
}

void MatchScan::DropUnwanted(uint32_t block, std::vector<Candidate>& candidates) const {
  std::erase_if(candidates, [&](const Candidate& candidate) {
    if (candidate.whole != kNone && whole_taken_[candidate.whole]) return true;
    if (candidate.whole == kNone && taken_.contains(uint64_t{block} << 32 | candidate.trace)) return true;
    return !wants_all_ && !sink_.Wants(candidate.rank);
  });
}

void MatchScan::TakeMatches(uint32_t block, uint32_t page, const TraceFacts& facts,
                            std::span<const Candidate> candidates, const Selection& selection) {
  const Block& file = *state_.view().blocks[block];
  const uint32_t begin = file.page_begin(page), end = file.page_begin(page + 1);
  std::vector<uint32_t> matches, shared, whole;
  for (const Candidate& candidate : candidates) {
    const uint32_t row_begin = facts.row_begin[candidate.trace], row_end = facts.row_begin[candidate.trace + 1];
    if (!selection.AnyIn(std::max(row_begin, begin) - begin, std::min(row_end, end) - begin)) continue;
    if (candidate.whole != kNone) {
      whole.push_back(candidate.whole);
    } else {
      (row_begin < begin || row_end > end ? shared : matches).push_back(candidate.trace);
    }
  }
  const std::lock_guard lock(mutex_);
  for (const uint32_t trace : shared) {
    if (taken_.insert(uint64_t{block} << 32 | trace).second) matches.push_back(trace);
  }
  for (const uint32_t trace : whole) GiveWhole(trace);
  Give(block, facts, matches);
}

}  // namespace spoor
