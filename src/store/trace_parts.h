// TraceParts: where a trace stands. Most stand in one place; those that do not are put together here.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "model/trace.h"
#include "store/view.h"

namespace spoor {

struct BlockPart {
  std::shared_ptr<Block> block;
  uint32_t trace = 0;  // ordinal
};

struct TraceParts {
  std::vector<BlockPart> blocks;  // by id, ascending: older spans first
  Batches live;                   // in order of arrival

  bool empty() const { return blocks.empty() && live.empty(); }
};

// All parts of a trace. A part that is known already can be given, to save looking for it.
Result<TraceParts> FindParts(const View& view, TraceId id, const BlockPart* known = nullptr);

// The spans of one part.
Result<std::shared_ptr<const SpanBatch>> ReadPart(const BlockPart& part);

// The batches with all spans of the trace, in order of arrival. Reads the blocks.
Result<Batches> ReadParts(const TraceParts& parts);

// The summary of the whole trace. Reads the summary table where one block holds it all, else the spans.
Result<TraceSummary> SummariseParts(TraceId id, const TraceParts& parts);

}  // namespace spoor
