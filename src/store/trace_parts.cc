#include "store/trace_parts.h"

#include <algorithm>
#include <utility>

namespace spoor {
namespace {

void AddLive(const View& view, TraceId id, TraceParts& parts) {
  for (const auto& live : view.lives) {
    for (auto& batch : live->BatchesOf(id)) parts.live.push_back(std::move(batch));
  }
}

// The first block of `blocks` that holds the trace.
Result<std::optional<BlockPart>> FindAny(const std::vector<std::shared_ptr<Block>>& blocks, TraceId id) {
  for (const auto& block : blocks) {
    ASSIGN_OR_RETURN(const std::optional<uint32_t> trace, block->FindTrace(id));
    if (trace) return std::optional<BlockPart>({block, *trace});
  }
  return std::optional<BlockPart>();
}

}  // namespace

Result<TraceParts> FindParts(const View& view, const Straddlers& straddlers, TraceId id) {
  ASSIGN_OR_RETURN(const std::optional<BlockPart> part, FindAny(straddlers.MayHold(view, id, nullptr), id));
  if (part) return FindOtherParts(view, straddlers, id, *part);
  TraceParts parts;
  AddLive(view, id, parts);
  return parts;
}

Result<TraceParts> FindOtherParts(const View& view, const Straddlers& straddlers, TraceId id, const BlockPart& known) {
  TraceParts parts;
  parts.blocks.push_back(known);
  for (const auto& block : straddlers.MayHold(view, id, known.block.get())) {
    ASSIGN_OR_RETURN(const std::optional<uint32_t> trace, block->FindTrace(id));
    if (trace) parts.blocks.push_back({block, *trace});
  }
  std::ranges::sort(parts.blocks, {}, [](const BlockPart& part) { return part.block->info().wal_last_sequence; });
  AddLive(view, id, parts);
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
