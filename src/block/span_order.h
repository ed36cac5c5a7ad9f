// The order of spans in a block: by (their trace's first start, trace id, start, span id, arrival), so that a trace is
// one run of rows and traces stand in order of their start. Spans equal to an earlier one are left out.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <tuple>
#include <vector>

#include "model/span_batch.h"

namespace spoor {

using Batches = std::span<const std::shared_ptr<const SpanBatch>>;

// Where a span stands in the input.
struct SpanPlace {
  uint32_t batch = 0;
  uint32_t row = 0;
};

struct SpanOrder {
  std::vector<SpanPlace> rows;
  std::vector<uint32_t> trace_begin;  // of trace t, and the number of rows at the end
};

SpanOrder OrderSpans(Batches batches);

// A span of a trace that is put in order. Batches ascend by arrival.
struct TraceRow {
  uint64_t start_ns = 0;
  SpanId span_id = 0;
  SpanPlace place;

  auto key() const { return std::tuple(start_ns, span_id, place.batch, place.row); }
};

// Appends the spans of one trace, put in order, but for those that are equal to an earlier one.
void AppendTrace(Batches batches, std::span<TraceRow> rows, SpanOrder& order);

}  // namespace spoor
