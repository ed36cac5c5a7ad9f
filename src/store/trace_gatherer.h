// TraceGatherer: puts many traces together that stand in several places. They are not read one by one: a few columns of
// a share of them are gathered from everywhere, page by page.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/result.h"
#include "model/trace_assembly.h"
#include "store/live_index.h"
#include "store/search_state.h"
#include "store/whole_traces.h"

namespace spoor {

// The traces to put together, and where all of their spans are.
struct GatherPlan {
  struct LiveRow {
    RowRef row;  // of the batches
    uint32_t trace = 0;
  };

  std::vector<TraceId> ids;
  std::vector<std::vector<WholeTraces::Part>> parts;  // by index of the block in the view; ascending
  Batches batches;                                    // oldest first
  std::vector<LiveRow> live_rows;                     // in order of the batches within a trace
};

// One thread's.
class TraceGatherer {
 public:
  // Takes the facts of gathered traces. All outlive the gatherer.
  TraceGatherer(const GatherPlan& plan, SearchState& state, TraceFactsBuilder& builder, WholeTraces& whole)
      : plan_(plan), state_(state), builder_(builder), whole_(whole) {}

  // Adds all traces, in order, to builder and whole. A trace of which a part cannot be read is hidden, and told of in
  // the problems. kCancelled where the context says so.
  Status Run();

 private:
  struct GatheredSpan {
    AssemblySpan span;
    uint32_t trace = 0;
    uint32_t service = 0;  // the builder's number
    uint32_t place = 0;    // index of the block, or behind them of the live batch
    uint32_t row = 0;      // of the place
    bool is_error = false;
  };

  Status CountSpans();
  // The end of the next share of traces, which begins at `begin`.
  uint32_t ShareEnd(uint32_t begin) const;
  Status GatherBlock(uint32_t block);
  Status ReadBlock(uint32_t block);
  void GatherLive();
  void GroupByTrace();
  Status AddTraces();
  Status AddTrace(uint32_t trace, std::span<const GatheredSpan> spans);
  // The same where contents have to be compared.
  Result<TraceSummary> ReadWhole(uint32_t trace, std::span<const GatheredSpan> spans);
  void AddHidden(uint32_t trace);
  bool IsInShare(uint32_t trace) const { return trace >= share_begin_ && trace < share_end_; }

  const GatherPlan& plan_;
  SearchState& state_;
  TraceFactsBuilder& builder_;
  WholeTraces& whole_;
  std::vector<uint32_t> span_counts_;  // at most, by trace
  std::vector<uint8_t> unreadable_;    // by trace
  uint32_t share_begin_ = 0;
  uint32_t share_end_ = 0;
  std::vector<GatheredSpan> gathered_;
  std::vector<GatheredSpan> grouped_;
  std::vector<uint32_t> group_begin_;  // by trace of the share
  std::vector<AssemblySpan> inputs_;
  std::vector<uint32_t> services_;
  std::vector<uint32_t> last_trace_of_service_;  // by number: the last trace that had it, plus one
  Assembly assembly_;
};

}  // namespace spoor
