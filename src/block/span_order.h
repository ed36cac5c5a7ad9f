// The order of spans in a block: by (their trace's first start, trace id, start, span id, arrival), so that a trace is
// one run of rows and traces stand in order of their start. Spans equal to an earlier one are left out.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
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

}  // namespace spoor
