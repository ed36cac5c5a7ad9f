#include "plan/trace_rank.h"

namespace spoor {

TraceMeasures MeasuresOf(const TraceSummary& summary) {
  return {summary.start_ns, summary.duration_ns(), summary.span_count, summary.error_count, summary.root_missing};
}

uint64_t RankKey(TraceOrder order, const TraceMeasures& trace) {
  switch (order) {
    case TraceOrder::kNewest: return trace.start_ns;
    case TraceOrder::kLongest: return trace.duration_ns;
    case TraceOrder::kShortest: return ~trace.duration_ns;
    case TraceOrder::kMostSpans: return trace.span_count;
    case TraceOrder::kMostErrors: return trace.error_count;
  }
  return 0;
}

TraceRank RankOf(TraceOrder order, const TraceSummary& summary) {
  return {RankKey(order, MeasuresOf(summary)), summary.start_ns, summary.id};
}

}  // namespace spoor
