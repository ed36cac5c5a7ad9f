// The naive evaluator: a filter on one span at a time, read off the batch. Slow and plain; tests compare the evaluator
// over columns with it. Test support: the server does not use it.
#pragma once

#include <cstdint>

#include "model/span_batch.h"
#include "plan/filter.h"

namespace spoor {

bool NaiveMatches(const Filter& filter, const SpanBatch& batch, uint32_t row);

}  // namespace spoor
