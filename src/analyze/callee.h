// Who a client span waited for: the server span of another service below it.
#pragma once

#include <cstdint>
#include <vector>

#include "analyze/trace_reader.h"

namespace spoor::analyze {

inline constexpr uint32_t kNoCallee = UINT32_MAX;

inline bool IsCaller(SpanKind kind) { return kind == SpanKind::kClient || kind == SpanKind::kProducer; }
inline bool IsCallee(SpanKind kind) { return kind == SpanKind::kServer || kind == SpanKind::kConsumer; }

// Whether `child` is a message's consumer that ends after its producer, `parent`: messaging goes on without waiting.
inline bool IsMessage(const TraceReader& trace, uint32_t parent, uint32_t child) {
  return trace.kind(child) == SpanKind::kConsumer && trace.kind(parent) == SpanKind::kProducer &&
         trace.end_ns(child) > trace.end_ns(parent);
}

// The first child of a client (producer) span that is a server (consumer) span of another service, is no message, and
// whose time touches the span's. kNoCallee where there is none, or the span is of another kind.
inline uint32_t FindCallee(const TraceReader& trace, const std::vector<uint32_t>& subtree_end, uint32_t row) {
  if (!IsCaller(trace.kind(row))) return kNoCallee;
  for (uint32_t child = row + 1; child < subtree_end[row]; child = subtree_end[child]) {
    if (!IsCallee(trace.kind(child)) || IsMessage(trace, row, child)) continue;
    if (trace.start_ns(child) > trace.end_ns(row) || trace.end_ns(child) < trace.start_ns(row)) continue;
    if (trace.service(child) != trace.service(row)) return child;
  }
  return kNoCallee;
}

}  // namespace spoor::analyze
