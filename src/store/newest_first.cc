#include "store/newest_first.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

#include "plan/evaluate.h"
#include "store/block_pruner.h"
#include "store/trace_parts.h"

namespace spoor {
namespace {

// How the order is exact without reading everything: whatever may still yield an answer lies in one heap under an upper
// bound of the trace starts in it, and the highest is taken out. A block yields its last page, a page its matching
// traces and the page before it, a trace (known by a part of it, and so by a start that is late at worst) itself, whole
// and under its real start. What comes out whole has nothing newer behind it.
enum class Step : uint8_t { kBlock, kPage, kTrace, kAnswer };

constexpr uint32_t kNoBlock = UINT32_MAX;  // a live trace's
constexpr uint32_t kSingleSummariesMax = 2;

struct Entry {
  uint64_t start_max_ns = 0;
  Step step = Step::kBlock;
  uint32_t block = kNoBlock;  // index in the view
  uint32_t detail = 0;        // page, or ordinal of the trace, or index of the answer
  TraceId id;                 // of kTrace and kAnswer
};

// Whether `a` comes after `b`. At equal starts answers come last, so that all that compete with one are known.
bool After(const Entry& a, const Entry& b) {
  if (a.start_max_ns != b.start_max_ns) return a.start_max_ns < b.start_max_ns;
  if (a.step != b.step) return a.step > b.step;
  return b.id < a.id;
}

class NewestFirst {
 public:
  NewestFirst(const SearchPlan& plan, SearchState& state)
      : view_(state.view()),
        plan_(plan),
        state_(state),
        bounds_(view_.blocks.size()),
        pruners_(view_.blocks.size()),
        completed_in_(view_.blocks.size()) {}

  Result<SearchAnswer> Run() {
    for (const auto& live : view_.lives) RETURN_IF_ERROR(PushLive(*live));
    for (uint32_t i = 0; i < view_.blocks.size(); ++i) PushBlock(i);
    while (!heap_.empty() && !answer_.has_more) {
      std::pop_heap(heap_.begin(), heap_.end(), After);
      const Entry entry = heap_.back();
      heap_.pop_back();
      RETURN_IF_ERROR(Take(entry));
    }
    return std::move(answer_);
  }

 private:
  void Push(Entry entry) {
    heap_.push_back(entry);
    std::push_heap(heap_.begin(), heap_.end(), After);
  }

  Status Take(const Entry& entry) {
    switch (entry.step) {
      case Step::kBlock: return OpenBlock(entry.block);
      case Step::kPage: return ScanPage(entry.block, entry.detail);
      case Step::kTrace: return Complete(entry);
      case Step::kAnswer: AddAnswer(std::move(whole_[entry.detail]));
    }
    return {};
  }

  void AddAnswer(TraceSummary summary) {
    answer_.has_more = answer_.traces.size() == plan_.limit;
    if (!answer_.has_more) answer_.traces.push_back(std::move(summary));
  }

  Status PushLive(const Live& live) {
    const Batches batches = live.Snapshot();
    std::vector<std::vector<uint32_t>> rows(batches.size());
    bool any = false;
    for (size_t i = 0; i < batches.size(); ++i) {
      if (i % 64 == 0) RETURN_IF_ERROR(state_.Check());
      const auto columns = ColumnsOf(*batches[i]);
      ASSIGN_OR_RETURN(const Selection selection,
                       Evaluate(plan_.filter, plan_.start_min_ns, plan_.start_max_ns, *columns));
      if (!selection.Any()) continue;
      rows[i] = selection.Rows();
      any = true;
    }
    if (!any) return {};
    for (const Live::Candidate& candidate : live.TracesOf(rows)) {
      Push({.start_max_ns = candidate.start_ns, .step = Step::kTrace, .id = candidate.id});
    }
    return {};
  }

  void PushBlock(uint32_t index) {
    const BlockInfo& info = view_.blocks[index]->info();
    if (info.start_max_ns < plan_.start_min_ns || info.start_min_ns > plan_.start_max_ns) return;
    // A trace of which a span starts within the window starts before the window's end.
    Push({.start_max_ns = std::min(info.trace_start_max_ns, plan_.start_max_ns), .step = Step::kBlock, .block = index});
  }

  Status OpenBlock(uint32_t index) {
    RETURN_IF_ERROR(state_.Check());
    Block& block = *view_.blocks[index];
    if (!pruners_[index]) LookAheadFrom(index);
    if (!pruners_[index]->MayMatchBlock()) return {};
    auto bounds = block.Bounds();
    if (!bounds) return state_.Miss(std::move(bounds).error());
    bounds_[index] = *std::move(bounds);
    PushPageBefore(index, block.page_count());
    return {};
  }

  // Looks into the block and the next ones, twice as many each time: mostly the first has all that is wanted, and else
  // many have nothing.
  void LookAheadFrom(uint32_t index) {
    std::vector<Entry> next;
    std::ranges::copy_if(heap_, std::back_inserter(next),
                         [&](const Entry& entry) { return entry.step == Step::kBlock && !pruners_[entry.block]; });
    std::ranges::sort(next, [](const Entry& a, const Entry& b) { return After(b, a); });
    next.resize(std::min(next.size(), look_ahead_));
    look_ahead_ = look_ahead_ * 2 + 1;
    next.push_back({.block = index});
    std::vector<BlockPruner*> pruners;
    for (const Entry& entry : next) {
      pruners.push_back(&pruners_[entry.block].emplace(*view_.blocks[entry.block], plan_.filter));
    }
    LookForTexts(pruners, state_.pool());
  }

  // Traces stand by their start, so those of a page bound the starts of that page and of all before it.
  void PushPageBefore(uint32_t index, uint32_t page) {
    const Block& block = *view_.blocks[index];
    while (page > 0) {
      --page;
      if (!block.PageOverlaps(page, plan_.start_min_ns, plan_.start_max_ns)) continue;
      if (!pruners_[index]->MayMatchPage(page)) continue;
      const uint64_t start_ns = bounds_[index]->Of(page, TraceBounds::kAll)->start_max_ns;
      Push({.start_max_ns = std::min(start_ns, plan_.start_max_ns),
            .step = Step::kPage,
            .block = index,
            .detail = page});
      return;
    }
  }

  Status ScanPage(uint32_t index, uint32_t page) {
    RETURN_IF_ERROR(state_.Check());
    PushPageBefore(index, page);
    Block& block = *view_.blocks[index];
    auto selection = EvaluatePage(index, page);
    if (!selection) return state_.Miss(std::move(selection).error());
    if (!selection->Any()) return {};
    const auto facts = state_.Facts(index);
    if (!facts) return state_.Miss(std::move(facts).error());
    const TraceFacts& traces = **facts;
    uint32_t row_end = 0;  // of the last trace that was pushed
    for (const uint32_t row_in_page : selection->Rows()) {
      const uint32_t row = block.page_begin(page) + row_in_page;
      if (row < row_end) continue;
      const uint32_t trace = traces.TraceOfRow(row);
      row_end = traces.row_begin[trace + 1];
      Push({.start_max_ns = traces.start_ns[trace],
            .step = Step::kTrace,
            .block = index,
            .detail = trace,
            .id = traces.id(trace)});
    }
    return {};
  }

  Result<Selection> EvaluatePage(uint32_t index, uint32_t page) {
    Block& block = *view_.blocks[index];
    // Where the facts of the traces are here they save reading the trace table, which not every filter needs.
    const std::shared_ptr<const TraceFacts> facts = state_.CachedFacts(index);
    ASSIGN_OR_RETURN(const auto columns, block.Page(page, facts ? TimesOf(*facts) : TraceTimes()));
    if (block.PageIsWithin(page, plan_.start_min_ns, plan_.start_max_ns)) {
      return Evaluate(plan_.filter, 0, UINT64_MAX, *columns);
    }
    return Evaluate(plan_.filter, plan_.start_min_ns, plan_.start_max_ns, *columns);
  }

  Status Complete(const Entry& entry) {
    if (!completed_.insert(entry.id).second) return {};  // known by another of its parts
    if (completed_.size() % 64 == 0) RETURN_IF_ERROR(state_.Check());
    // Few summaries are read one by one; for many, the whole table of their block is brought into the cache.
    if (entry.block != kNoBlock && ++completed_in_[entry.block] > kSingleSummariesMax) {
      const auto traces = view_.blocks[entry.block]->Traces();
      if (!traces) return state_.Miss(traces.error());
    }
    auto parts = entry.block == kNoBlock
                     ? FindParts(view_, state_.straddlers(), entry.id)
                     : FindOtherParts(view_, state_.straddlers(), entry.id, {view_.blocks[entry.block], entry.detail});
    if (!parts) return state_.Miss(std::move(parts).error());
    auto summary = SummariseParts(entry.id, *parts);
    if (!summary) return state_.Miss(std::move(summary).error());
    Push({.start_max_ns = summary->start_ns,
          .step = Step::kAnswer,
          .detail = static_cast<uint32_t>(whole_.size()),
          .id = entry.id});
    whole_.push_back(*std::move(summary));
    return {};
  }

  const View& view_;
  const SearchPlan& plan_;
  SearchState& state_;
  std::vector<std::shared_ptr<const TraceBounds>> bounds_;  // of blocks that were opened
  std::vector<std::optional<BlockPruner>> pruners_;         // of these and some more
  size_t look_ahead_ = 0;                                   // blocks
  std::vector<uint32_t> completed_in_;                      // traces, by block
  std::vector<Entry> heap_;
  boost::unordered_flat_set<TraceId, TraceIdHash> completed_;
  std::vector<TraceSummary> whole_;
  SearchAnswer answer_;
};

}  // namespace

Result<SearchAnswer> SearchNewestFirst(const SearchPlan& plan, SearchState& state) {
  return NewestFirst(plan, state).Run();
}

}  // namespace spoor
