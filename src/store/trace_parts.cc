#include "store/trace_parts.h"

#include <utility>

namespace spoor {

Result<TraceParts> FindParts(const View& view, TraceId id, const BlockPart* known) {
  TraceParts parts;
  for (const auto& block : view.blocks) {
    if (known != nullptr && known->block == block) {
      parts.blocks.push_back(*known);
      continue;
    }
    if (!block->MayHoldTrace(id)) continue;
    ASSIGN_OR_RETURN(const std::optional<uint32_t> trace, block->FindTrace(id));
    if (trace) parts.blocks.push_back({block, *trace});
  }
  for (const auto& live : view.lives) {
    for (auto& batch : live->BatchesOf(id)) parts.live.push_back(std::move(batch));
  }
  return parts;
}

Result<std::shared_ptr<const SpanBatch>> ReadPart(const BlockPart& part) {
  ASSIGN_OR_RETURN(const TraceColumns traces, part.block->Traces());
  return part.block->ReadRows(traces.row_begin[part.trace], traces.row_begin[part.trace + 1]);
}

Result<Batches> ReadParts(const TraceParts& parts) {
  Batches batches;
  for (const BlockPart& part : parts.blocks) {
    ASSIGN_OR_RETURN(std::shared_ptr<const SpanBatch> batch, ReadPart(part));
    batches.push_back(std::move(batch));
  }
  batches.insert(batches.end(), parts.live.begin(), parts.live.end());
  return batches;
}

Result<TraceSummary> SummariseParts(TraceId id, const TraceParts& parts) {
  if (parts.live.empty() && parts.blocks.size() == 1) return parts.blocks[0].block->Summary(parts.blocks[0].trace);
  ASSIGN_OR_RETURN(Batches batches, ReadParts(parts));
  return Summarise(MakeTrace(id, std::move(batches)));
}

}  // namespace spoor
