#include "store/dependencies.h"

#include <algorithm>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "model/span_columns.h"
#include "model/trace_assembly.h"
#include "store/edge_counter.h"
#include "store/trace_parts.h"

namespace spoor {
namespace {

using TraceIds = boost::unordered_flat_set<TraceId, TraceIdHash>;

struct SpanRef {
  const SpanBatch* batch = nullptr;
  uint32_t row = 0;
};

class DependencyCount {
 public:
  DependencyCount(const View& view, uint64_t start_min_ns, uint64_t start_max_ns, const QueryContext& context,
                  Straddlers& straddlers, DamageLog& damage)
      : view_(view),
        start_min_ns_(start_min_ns),
        start_max_ns_(start_max_ns),
        context_(context),
        straddlers_(straddlers),
        damage_(damage) {}

  Result<std::vector<Dependency>> Run() {
    RETURN_IF_ERROR(context_.Check());
    split_in_ = straddlers_.Find(view_);
    for (const auto& [block, ids] : split_in_) split_.insert(ids.begin(), ids.end());
    RETURN_IF_ERROR(CountLives());
    for (const auto& block : view_.blocks) RETURN_IF_ERROR(Unless(CountBlock(*block)));
    for (const TraceId id : split_) RETURN_IF_ERROR(Unless(CountSplit(id)));
    return counter_.Dependencies();
  }

 private:
  bool InWindow(uint64_t start_ns) const { return start_ns >= start_min_ns_ && start_ns <= start_max_ns_; }

  // Damage is told and passed over; that nobody waits any more is not.
  Status Unless(Status status) {
    if (status) return {};
    if (status.error().code == Code::kCancelled) return status;
    damage_.Report(status.error());
    return {};
  }

  // Counts the traces that stand in one live block and nowhere else; the others are split.
  Status CountLives() {
    std::vector<Live::Grouped> lives;
    boost::unordered_flat_map<TraceId, uint32_t, TraceIdHash> places;
    for (const auto& live : view_.lives) {
      lives.push_back(live->Group());
      for (const TraceId id : lives.back().groups.ids) ++places[id];
    }
    for (const auto& [id, count] : places) {
      if (count > 1) split_.insert(id);
    }
    for (const Live::Grouped& live : lives) {
      RETURN_IF_ERROR(context_.Check());
      for (size_t i = 0; i < live.groups.ids.size(); ++i) RETURN_IF_ERROR(Unless(CountLiveTrace(live, i)));
    }
    return {};
  }

  Status CountLiveTrace(const Live::Grouped& live, size_t index) {
    const TraceId id = live.groups.ids[index];
    for (const auto& block : view_.blocks) {
      if (!block->MayHoldTrace(id)) continue;
      ASSIGN_OR_RETURN(const std::optional<uint32_t> trace, block->FindTrace(id));
      if (!trace) continue;
      split_.insert(id);
      split_in_[block->info().id].push_back(id);
    }
    if (split_.contains(id)) return {};
    spans_.clear();
    for (uint32_t i = live.groups.begin[index]; i < live.groups.begin[index + 1]; ++i) {
      const RowRef ref = live.groups.rows[i];
      spans_.push_back({live.batches[ref.batch].get(), ref.row});
    }
    CountSpans();
    return {};
  }

  Status CountSplit(TraceId id) {
    RETURN_IF_ERROR(context_.Check());
    ASSIGN_OR_RETURN(const TraceParts parts, FindParts(view_, id));
    if (parts.live.empty() && std::none_of(parts.blocks.begin(), parts.blocks.end(),
                                           [&](const BlockPart& part) { return Overlaps(part.block->info()); })) {
      return {};
    }
    ASSIGN_OR_RETURN(const Batches batches, ReadParts(parts));
    spans_.clear();
    for (const auto& batch : batches) {
      for (uint32_t row = 0; row < batch->span_count(); ++row) {
        if (batch->trace_id(row) == id) spans_.push_back({batch.get(), row});
      }
    }
    CountSpans();
    return {};
  }

  // Counts the calls within one whole trace, whose spans are spans_.
  void CountSpans() {
    inputs_.clear();
    for (const auto& [batch, row] : spans_) {
      inputs_.push_back({batch->span_id[row], batch->parent_span_id[row], batch->start_ns[row], batch->end_ns[row],
                         batch->kind[row]});
    }
    const auto equal = [&](uint32_t a, uint32_t b) {
      return SameSpan(*spans_[a].batch, spans_[a].row, *spans_[b].batch, spans_[b].row);
    };
    AssembleTrace(inputs_, equal, assembly_);
    for (const AssembledSpan& child : assembly_.spans) {
      if (child.parent == AssembledSpan::kNoParent || !InWindow(inputs_[child.input].start_ns)) continue;
      counter_.Add(ServiceOf(spans_[assembly_.spans[child.parent].input]), ServiceOf(spans_[child.input]));
    }
  }

  uint32_t ServiceOf(SpanRef span) {
    return counter_.ServiceNumber(span.batch->String(span.batch->service_name(span.row)));
  }

  bool Overlaps(const BlockInfo& info) const {
    return info.start_max_ns >= start_min_ns_ && info.start_min_ns <= start_max_ns_;
  }

  // Counts a block's traces but the split ones; all of them or, where something cannot be read, none.
  Status CountBlock(Block& block) {
    if (!Overlaps(block.info())) return {};
    EdgeCounter counter;
    ASSIGN_OR_RETURN(const std::vector<uint32_t> services, ServicesByRow(block, counter));
    ASSIGN_OR_RETURN(const std::vector<bool> split_rows, SplitRows(block));
    for (uint32_t page = 0; page < block.page_count(); ++page) {
      if (!block.PageOverlaps(page, start_min_ns_, start_max_ns_)) continue;
      RETURN_IF_ERROR(context_.Check());
      ASSIGN_OR_RETURN(const std::vector<uint32_t> parents, block.ParentRows(page));
      ASSIGN_OR_RETURN(const auto columns, block.Page(page));
      ASSIGN_OR_RETURN(const Column<uint64_t> starts, columns->Get(Fixed64::kStartNs));
      for (uint32_t i = 0; i < columns->size(); ++i) {
        const uint32_t row = block.page_begin(page) + i;
        if (parents[i] == Block::kNoRow || split_rows[row] || !InWindow(starts.values[i])) continue;
        counter.Add(services[parents[i]], services[row]);
      }
    }
    counter_.Add(counter);
    return {};
  }

  Result<std::vector<uint32_t>> ServicesByRow(Block& block, EdgeCounter& counter) {
    std::vector<uint32_t> services;
    services.reserve(block.info().span_count);
    for (uint32_t page = 0; page < block.page_count(); ++page) {
      RETURN_IF_ERROR(context_.Check());
      ASSIGN_OR_RETURN(const auto columns, block.Page(page));
      ASSIGN_OR_RETURN(const Column<uint32_t> codes, columns->Get(Code32::kServiceName));
      boost::unordered_flat_map<uint32_t, uint32_t> number_of_code;
      for (const uint32_t code : codes.values) {
        const auto [it, is_new] = number_of_code.try_emplace(code, 0);
        if (is_new) it->second = counter.ServiceNumber(columns->String(code));
        services.push_back(it->second);
      }
    }
    return services;
  }

  Result<std::vector<bool>> SplitRows(Block& block) {
    std::vector<bool> split(block.info().span_count);
    ASSIGN_OR_RETURN(const TraceColumns traces, block.Traces());
    for (const TraceId id : split_in_[block.info().id]) {
      ASSIGN_OR_RETURN(const std::optional<uint32_t> trace, block.FindTrace(id));
      if (!trace) continue;
      std::fill(split.begin() + traces.row_begin[*trace], split.begin() + traces.row_begin[*trace + 1], true);
    }
    return split;
  }

  const View& view_;
  const uint64_t start_min_ns_;
  const uint64_t start_max_ns_;
  const QueryContext& context_;
  Straddlers& straddlers_;
  DamageLog& damage_;
  Straddlers::PerBlock split_in_;  // traces that stand in several places, by block
  TraceIds split_;                 // all of them
  EdgeCounter counter_;
  std::vector<SpanRef> spans_;  // of one trace
  std::vector<AssemblySpan> inputs_;
  Assembly assembly_;
};

}  // namespace

Result<std::vector<Dependency>> CountDependencies(const View& view, uint64_t start_min_ns, uint64_t start_max_ns,
                                                  const QueryContext& context, Straddlers& straddlers,
                                                  DamageLog& damage) {
  return DependencyCount(view, start_min_ns, start_max_ns, context, straddlers, damage).Run();
}

}  // namespace spoor
