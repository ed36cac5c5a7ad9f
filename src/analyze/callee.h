// What a span waited for among its children: whom not, and which is the server behind a client span.
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

// Whether `child` is work of the same process that goes on long after `parent` has ended: their clock is the same, so
// the parent did not wait for it. Spans are often ended by a callback a little later; so what stands out must be more
// than a quarter of the child.
inline bool IsLeftBehind(const TraceReader& trace, uint32_t parent, uint32_t child) {
  const uint64_t end_ns = trace.end_ns(child), parent_end_ns = trace.end_ns(parent);
  if (end_ns <= parent_end_ns || IsCallee(trace.kind(child))) return false;
  return end_ns - parent_end_ns > (end_ns - trace.start_ns(child)) / 4 && trace.service(child) == trace.service(parent);
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
