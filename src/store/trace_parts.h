// TraceParts: where a trace stands. Most stand in one place; those that do not are put together here.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/result.h"
#include "model/trace.h"
#include "store/straddlers.h"
#include "store/view.h"

namespace spoor {

struct BlockPart {
  std::shared_ptr<Block> block;
  uint32_t trace = 0;  // ordinal
};

struct TraceParts {
  std::vector<BlockPart> blocks;  // in the order of the view: older spans first
  Batches live;                   // in order of arrival

  bool empty() const { return blocks.empty() && live.empty(); }
};

// All parts of a trace. Reads blocks whose filters say that they may hold it.
Result<TraceParts> FindParts(const View& view, const Straddlers& straddlers, TraceId id);
// The same where one part is known: `known`, and where `straddlers` list the trace.
Result<TraceParts> FindOtherParts(const View& view, const Straddlers& straddlers, TraceId id, const BlockPart& known);

// The spans of one part.
Result<std::shared_ptr<const SpanBatch>> ReadPart(const BlockPart& part);

// The batches with all spans of the trace, in order of arrival. Reads the blocks.
Result<Batches> ReadParts(const TraceParts& parts);

// The summary of the whole trace. Reads the summary table where one block holds it all, else the spans.
Result<TraceSummary> SummariseParts(TraceId id, const TraceParts& parts);

}  // namespace spoor
