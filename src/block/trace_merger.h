// The traces of several blocks as those of one: which stand where, whole again where blocks had parts of them.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "block/dictionary_merger.h"
#include "block/span_order.h"
#include "block/trace_table_builder.h"

namespace spoor {

struct MergedTraces {
  // Batches are pages: page p of source s is batch first_page[s] + p.
  SpanOrder order;
  std::vector<uint32_t> first_page;
  AssembledTraces traces;  // but for `service`, and the parents of rows of traces that stand in one source alone
  // By source and trace: the first row of a trace that stands there alone, and so moves as it is; else kNotAlone.
  static constexpr uint32_t kNotAlone = UINT32_MAX;
  std::vector<std::vector<uint32_t>> row_of_trace;
};

// The sources stand in the order of their arrival. Reads the spans of traces that stand in several of them: of these,
// equal ones are left out but for the first. kTooLarge where one of these has more than limits::kSplitTraceSpansMax
// spans: a trace is put together in memory, and those are about 40 MiB.
Result<MergedTraces> MergeTraces(MergeSources sources);

}  // namespace spoor
