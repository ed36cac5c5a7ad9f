#include "store/whole_traces.h"

#include <algorithm>

#include "store/trace_parts.h"

namespace spoor {
namespace {

class Finder {
 public:
  Finder(const View& view, Straddlers& straddlers, const QueryContext& context,
         const std::function<Status(Error)>& miss)
      : view_(view), straddlers_(straddlers), context_(context), miss_(miss) {}

  Result<WholeTraces> Run() {
    whole_.in_block.resize(view_.blocks.size());
    for (const auto& live : view_.lives) {
      for (auto& batch : live->Snapshot()) whole_.live_batches.push_back(std::move(batch));
    }
    ASSIGN_OR_RETURN(const Straddlers::PerBlock split, straddlers_.Find(view_));
    for (uint32_t i = 0; i < view_.blocks.size(); ++i) {
      const auto listed = split.find(view_.blocks[i]->info().id);
      if (listed == split.end()) continue;
      for (const TraceId id : listed->second) RETURN_IF_ERROR(Add(id).second);
    }
    for (const auto& batch : whole_.live_batches) {
      for (uint32_t row = 0; row < batch->span_count(); ++row) {
        const auto [index, added] = Add(batch->trace_id(row));
        RETURN_IF_ERROR(Status(added));
        whole_.live[batch->trace_id(row)] = index;
      }
    }
    for (auto& places : whole_.in_block) std::ranges::sort(places);
    whole_.facts = std::move(builder_.facts());
    return std::move(whole_);
  }

 private:
  std::pair<uint32_t, Status> Add(TraceId id) {
    const auto [found, is_new] = index_of_.try_emplace(id, static_cast<uint32_t>(index_of_.size()));
    const uint32_t index = found->second;
    if (!is_new) return {index, Status()};
    if (index % 64 == 0) {
      if (Status waited = context_.Check(); !waited) return {index, std::move(waited)};
    }
    whole_.unreadable.push_back(0);
    whole_.last_start_ns.push_back(0);
    const auto summary = Summarised(id, index);
    if (summary) {
      builder_.Add(*summary);
      return {index, Status()};
    }
    whole_.unreadable.back() = 1;
    builder_.Add(TraceSummary{.id = id});
    return {index, miss_(summary.error())};
  }

  Result<TraceSummary> Summarised(TraceId id, uint32_t index) {
    ASSIGN_OR_RETURN(const TraceParts parts, FindParts(view_, straddlers_, id));
    for (const BlockPart& part : parts.blocks) {
      const auto at = std::ranges::find(view_.blocks, part.block) - view_.blocks.begin();
      whole_.in_block[static_cast<size_t>(at)].emplace_back(part.trace, index);
    }
    ASSIGN_OR_RETURN(Batches batches, ReadParts(parts));
    const Trace trace = MakeTrace(id, std::move(batches));
    for (const TraceSpan& span : trace.spans) {
      whole_.last_start_ns.back() = std::max(whole_.last_start_ns.back(), span.batch->start_ns[span.row]);
    }
    return Summarise(trace);
  }

  const View& view_;
  Straddlers& straddlers_;
  const QueryContext& context_;
  const std::function<Status(Error)>& miss_;
  boost::unordered_flat_map<TraceId, uint32_t, TraceIdHash> index_of_;
  TraceFactsBuilder builder_;
  WholeTraces whole_;
};

}  // namespace

Result<WholeTraces> FindWholeTraces(const View& view, Straddlers& straddlers, const QueryContext& context,
                                    const std::function<Status(Error)>& miss) {
  return Finder(view, straddlers, context, miss).Run();
}

}  // namespace spoor
