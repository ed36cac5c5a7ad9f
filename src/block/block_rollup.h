// Counts the spans and calls of a block while its input is in memory.
#pragma once

#include "block/span_order.h"
#include "block/trace_table_builder.h"
#include "model/rollup_builder.h"

namespace spoor {

// Adds every span of `order` to `out`, and every call within one of its traces. `traces` was made of the same input.
void CountBlock(Batches batches, const SpanOrder& order, const AssembledTraces& traces, RollupBuilder& out);

}  // namespace spoor
