// TraceReader: the fields of an assembled trace's spans, by their row in the trace.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/trace.h"

namespace spoor::analyze {

// A view of a trace, which must outlive it. `row` is below trace.spans.size(). Thread-safe.
class TraceReader {
 public:
  explicit TraceReader(const Trace& trace) : spans_(trace.spans) {}

  uint64_t start_ns(uint32_t row) const { return Batch(row).start_ns[At(row)]; }
  // Never before the start.
  uint64_t end_ns(uint32_t row) const { return start_ns(row) + Batch(row).duration_ns(At(row)); }
  SpanKind kind(uint32_t row) const { return static_cast<SpanKind>(Batch(row).kind[At(row)]); }
  bool failed(uint32_t row) const {
    return Batch(row).status_code[At(row)] == static_cast<uint8_t>(StatusCode::kError);
  }
  std::string_view service(uint32_t row) const { return Batch(row).String(Batch(row).service_name(At(row))); }
  std::string_view name(uint32_t row) const { return Batch(row).String(Batch(row).name[At(row)]); }
  SpanId parent_span_id(uint32_t row) const { return Batch(row).parent_span_id[At(row)]; }

 private:
  const SpanBatch& Batch(uint32_t row) const { return *spans_[row].batch; }
  uint32_t At(uint32_t row) const { return spans_[row].row; }

  const std::vector<TraceSpan>& spans_;
};

// For each row the one behind its last descendant: rows stand in preorder, so a subtree is one run of them.
inline std::vector<uint32_t> SubtreeEnds(const Trace& trace) {
  std::vector<uint32_t> ends(trace.spans.size(), 0);
  for (auto row = static_cast<uint32_t>(ends.size()); row-- > 0;) {
    if (ends[row] == 0) ends[row] = row + 1;
    const uint32_t parent = trace.spans[row].parent;
    if (parent != AssembledSpan::kNoParent && ends[parent] < ends[row]) ends[parent] = ends[row];
  }
  return ends;
}

}  // namespace spoor::analyze
