#include "store/search.h"

#include <atomic>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "store/newest_first.h"
#include "store/overview_sink.h"
#include "store/top_traces.h"
#include "store/trace_parts.h"

namespace spoor {
namespace {

Result<TraceSummary> Summarised(const TopTraces::Match& match, SearchState& state) {
  if (match.place != MatchSink::kWhole) return state.view().blocks[match.place]->Summary(match.trace);
  ASSIGN_OR_RETURN(const TraceParts parts, FindParts(state.view(), state.straddlers(), match.rank.id));
  return SummariseParts(match.rank.id, parts);
}

// Brings the trace tables of blocks with many of the matches into the cache; those of others are read row by row.
Status ReadTables(std::span<const TopTraces::Match> matches, SearchState& state) {
  constexpr uint32_t kSingleSummariesMax = 2;
  std::vector<uint32_t> of_block(state.view().blocks.size());
  for (const TopTraces::Match& match : matches) {
    if (match.place == MatchSink::kWhole || ++of_block[match.place] != kSingleSummariesMax + 1) continue;
    RETURN_IF_ERROR(state.Check());
    const auto traces = state.view().blocks[match.place]->Traces();
    if (!traces) RETURN_IF_ERROR(state.Miss(traces.error()));
  }
  return {};
}

// In the same order, on all threads; none of those that there was no more time for.
std::vector<std::optional<Result<TraceSummary>>> SummariseAll(std::span<const TopTraces::Match> matches,
                                                              SearchState& state) {
  std::vector<std::optional<Result<TraceSummary>>> summaries(matches.size());
  std::atomic<size_t> next{0};
  state.pool().Run([&] {
    for (size_t at = next++; at < matches.size() && state.Check(); at = next++) {
      summaries[at] = Summarised(matches[at], state);
    }
  });
  return summaries;
}

Result<SearchAnswer> SearchBestFirst(const SearchPlan& plan, SearchState& state, WholeTraceCache& whole_traces) {
  ASSIGN_OR_RETURN(const std::shared_ptr<const WholeTraces> whole, whole_traces.Get(state));
  TopTraces top(plan);
  RETURN_IF_ERROR(MatchScan(plan, *whole, state, top).Run());
  SearchAnswer answer;
  if (plan.count) answer.trace_count = top.count();
  const std::vector<TopTraces::Match> matches = std::move(top).Sorted();
  RETURN_IF_ERROR(ReadTables(matches, state));
  const std::vector<std::optional<Result<TraceSummary>>> summaries = SummariseAll(matches, state);
  for (const std::optional<Result<TraceSummary>>& summary : summaries) {
    answer.has_more = answer.traces.size() == plan.limit;
    if (answer.has_more) break;
    if (!summary) {
      RETURN_IF_ERROR(state.Check());
    } else if (*summary) {
      answer.traces.push_back(**summary);
    } else {
      RETURN_IF_ERROR(state.Miss(summary->error()));
    }
  }
  return answer;
}

bool HasConditions(const TraceConditions& conditions) {
  return conditions.duration_min_ns > 0 || conditions.duration_max_ns < UINT64_MAX || conditions.start_min_ns > 0 ||
         conditions.start_max_ns < UINT64_MAX || conditions.with_errors || conditions.root_missing ||
         conditions.root_service;
}

bool IsNewestFirst(const SearchPlan& plan) {
  return plan.order == TraceOrder::kNewest && !plan.count && !plan.after && !HasConditions(plan.conditions);
}

}  // namespace

Result<SearchAnswer> SearchView(const SearchPlan& plan, SearchState& state, WholeTraceCache& whole_traces) {
  RETURN_IF_ERROR(state.Begin());
  ASSIGN_OR_RETURN(SearchAnswer answer,
                   IsNewestFirst(plan) ? SearchNewestFirst(plan, state) : SearchBestFirst(plan, state, whole_traces));
  state.Finish(answer);
  return answer;
}

Result<Overview> OverviewOfView(const SearchPlan& plan, const OverviewShape& shape, SearchState& state,
                                WholeTraceCache& whole_traces, MemoryBudget& budget) {
  RETURN_IF_ERROR(state.Begin());
  ASSIGN_OR_RETURN(const std::shared_ptr<const WholeTraces> whole, whole_traces.Get(state));
  OverviewSink sink(budget);
  RETURN_IF_ERROR(MatchScan(plan, *whole, state, sink).Run());
  ASSIGN_OR_RETURN(Overview overview, sink.Make(shape, *whole, state));
  state.Finish(overview);
  return overview;
}

}  // namespace spoor
