// A whole trace, and its summary: what questions are answered with.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/ids.h"
#include "model/span_batch.h"
#include "model/trace_assembly.h"

namespace spoor {

// Whether two spans, of any batches, have the same content: every field, attribute, event, link, resource and scope.
// Values compare as they are stored, so a NaN is the same as itself; a string and bytes never are.
bool SameSpan(const SpanBatch& a, uint32_t row_a, const SpanBatch& b, uint32_t row_b);

// A hash of all that SameSpan compares: equal spans of any batches have the same one. With a secret of this process, so
// it must not be stored.
uint64_t SpanContentHash(const SpanBatch& batch, uint32_t row);

// One span of an assembled trace, in preorder.
struct TraceSpan {
  const SpanBatch* batch = nullptr;  // owned by the trace
  uint32_t row = 0;
  uint32_t parent = AssembledSpan::kNoParent;  // index into Trace::spans
  uint32_t depth = 0;
  uint8_t warnings = 0;  // span_warning bits
};

// A trace with everything that was sent, assembled. Spans that were sent twice stand once.
struct Trace {
  TraceId id;
  std::vector<std::shared_ptr<const SpanBatch>> batches;
  std::vector<TraceSpan> spans;
  uint32_t root = 0;  // index into spans
  bool root_missing = false;
  uint32_t orphan_count = 0;
};

// Assembles the rows of `id` that stand anywhere in `batches` (which may hold other traces' rows too, and are kept by
// the trace only where they hold its own). No such row: a trace without spans. Thread-safe.
Trace MakeTrace(TraceId id, std::vector<std::shared_ptr<const SpanBatch>> batches);

struct ServiceCount {
  std::string name;
  uint32_t span_count = 0;
  uint32_t error_count = 0;
};

// One row of a result list.
struct TraceSummary {
  TraceId id;
  std::string root_service;  // of the root, or of the earliest orphan where the root is missing
  std::string root_name;
  uint64_t start_ns = 0;  // earliest start
  uint64_t end_ns = 0;    // latest end, at least start_ns
  uint32_t span_count = 0;
  uint32_t error_count = 0;
  uint32_t orphan_count = 0;
  bool root_missing = false;
  std::vector<ServiceCount> services;  // by span count descending, then name

  uint64_t duration_ns() const { return end_ns - start_ns; }
};

TraceSummary Summarise(const Trace& trace);

}  // namespace spoor
