#include "store/dependencies.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include "model/span_columns.h"
#include "model/trace.h"
#include "model/trace_assembly.h"
#include "store/edge_counter.h"

namespace spoor {
namespace {

using TraceIds = boost::unordered_flat_set<TraceId, TraceIdHash>;

struct SpanRef {
  const SpanBatch* batch = nullptr;
  uint32_t row = 0;
};

// What counting needs of a span of a trace that stands in several places.
struct SplitSpan {
  TraceId trace;
  AssemblySpan span;
  uint32_t service = 0;  // number
  uint32_t place = 0;    // index of the block, or behind them of the live batch
  uint32_t row = 0;      // of the place
};

// How many of them are gathered at a time: about 64 MiB.
constexpr size_t kSplitSpansMax = size_t{1} << 20;

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
    ASSIGN_OR_RETURN(split_in_, straddlers_.Find(view_));
    for (const auto& [block, ids] : split_in_) split_.insert(ids.begin(), ids.end());
    RETURN_IF_ERROR(CountLives());
    for (const auto& block : view_.blocks) RETURN_IF_ERROR(Unless(CountBlock(*block)));
    RETURN_IF_ERROR(CountSplits());
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
      live_batches_.insert(live_batches_.end(), lives.back().batches.begin(), lives.back().batches.end());
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

  // Split traces may be most of all where spans arrive late, so they are not read one by one: each pass gathers a few
  // columns of a share of them from everywhere.
  Status CountSplits() {
    ChooseSplits();
    if (chosen_.empty()) return {};
    size_t rows = 0;
    for (const auto& block : view_.blocks) RETURN_IF_ERROR(CountRows(*block, rows));
    for (const auto& batch : live_batches_) rows += batch->span_count();
    const size_t passes = rows / kSplitSpansMax + 1;
    for (size_t pass = 0; pass < passes; ++pass) {
      const auto is_of_pass = [&](TraceId id) { return TraceIdHash()(id) % passes == pass; };
      gathered_.clear();
      for (uint32_t i = 0; i < view_.blocks.size(); ++i) RETURN_IF_ERROR(GatherBlock(i, is_of_pass));
      GatherLives(is_of_pass);
      RETURN_IF_ERROR(CountGathered());
    }
    return {};
  }

  // Those of which a part may lie in the window.
  void ChooseSplits() {
    for (const auto& block : view_.blocks) {
      if (!Overlaps(block->info())) continue;
      const auto& ids = split_in_[block->info().id];
      chosen_.insert(ids.begin(), ids.end());
    }
    for (const auto& batch : live_batches_) {
      for (uint32_t row = 0; row < batch->span_count(); ++row) {
        if (split_.contains(batch->trace_id(row))) chosen_.insert(batch->trace_id(row));
      }
    }
  }

  Status CountRows(Block& block, size_t& rows) {
    const auto traces = block.Traces();
    if (!traces) return Unless(traces.error());
    for (const TraceId id : split_in_[block.info().id]) {
      const auto trace = block.FindTrace(id);
      if (trace && *trace) rows += traces->row_begin[**trace + 1] - traces->row_begin[**trace];
    }
    return {};
  }

  // Where a block cannot be read, the traces that stand in it are not counted.
  template <class IsOfPass>
  Status GatherBlock(uint32_t index, const IsOfPass& is_of_pass) {
    const Block& block = *view_.blocks[index];
    const Status gathered = ReadSplitRows(index, is_of_pass);
    if (!gathered) {
      for (const TraceId id : split_in_[block.info().id]) chosen_.erase(id);
    }
    return Unless(gathered);
  }

  template <class IsOfPass>
  Status ReadSplitRows(uint32_t index, const IsOfPass& is_of_pass) {
    Block& block = *view_.blocks[index];
    const auto is_wanted = [&](TraceId id) { return chosen_.contains(id) && is_of_pass(id); };
    ASSIGN_OR_RETURN(const std::vector<bool> wanted, RowsOf(block, is_wanted));
    for (uint32_t page = 0; page < block.page_count(); ++page) {
      const uint32_t begin = block.page_begin(page), end = block.page_begin(page + 1);
      if (std::find(wanted.begin() + begin, wanted.begin() + end, true) == wanted.begin() + end) continue;
      RETURN_IF_ERROR(context_.Check());
      ASSIGN_OR_RETURN(const auto columns, block.Page(page));
      ASSIGN_OR_RETURN(const Column<uint64_t> high, columns->Get(Fixed64::kTraceIdHigh));
      ASSIGN_OR_RETURN(const Column<uint64_t> low, columns->Get(Fixed64::kTraceIdLow));
      ASSIGN_OR_RETURN(const Column<uint64_t> ids, columns->Get(Fixed64::kSpanId));
      ASSIGN_OR_RETURN(const Column<uint64_t> parents, columns->Get(Fixed64::kParentSpanId));
      ASSIGN_OR_RETURN(const Column<uint64_t> starts, columns->Get(Fixed64::kStartNs));
      ASSIGN_OR_RETURN(const Column<uint64_t> ends, columns->Get(Fixed64::kEndNs));
      ASSIGN_OR_RETURN(const Column<uint8_t> kinds, columns->Get(Byte8::kKind));
      ASSIGN_OR_RETURN(const Column<uint32_t> services, columns->Get(Code32::kServiceName));
      for (uint32_t i = 0; i < end - begin; ++i) {
        if (!wanted[begin + i]) continue;
        gathered_.push_back({{high.values[i], low.values[i]},
                             {ids.values[i], parents.values[i], starts.values[i], ends.values[i], kinds.values[i]},
                             counter_.ServiceNumber(columns->String(services.values[i])),
                             index,
                             begin + i});
      }
    }
    return {};
  }

  template <class IsOfPass>
  void GatherLives(const IsOfPass& is_of_pass) {
    for (size_t i = 0; i < live_batches_.size(); ++i) {
      const SpanBatch& batch = *live_batches_[i];
      for (uint32_t row = 0; row < batch.span_count(); ++row) {
        const TraceId id = batch.trace_id(row);
        if (!chosen_.contains(id) || !is_of_pass(id)) continue;
        gathered_.push_back(
            {id,
             {batch.span_id[row], batch.parent_span_id[row], batch.start_ns[row], batch.end_ns[row], batch.kind[row]},
             ServiceOf({&batch, row}),
             static_cast<uint32_t>(view_.blocks.size() + i),
             row});
      }
    }
  }

  Status CountGathered() {
    // Places ascend within a trace, so that of equal spans the older stays.
    std::stable_sort(gathered_.begin(), gathered_.end(),
                     [](const SplitSpan& a, const SplitSpan& b) { return a.trace < b.trace; });
    for (size_t begin = 0, end = 0; begin < gathered_.size(); begin = end) {
      while (end < gathered_.size() && gathered_[end].trace == gathered_[begin].trace) ++end;
      if (!chosen_.contains(gathered_[begin].trace)) continue;
      RETURN_IF_ERROR(Unless(CountSplit(std::span(gathered_).subspan(begin, end - begin))));
    }
    return {};
  }

  Status CountSplit(std::span<const SplitSpan> spans) {
    inputs_.clear();
    for (const SplitSpan& split : spans) inputs_.push_back(split.span);
    Status readable;
    const auto equal = [&](uint32_t a, uint32_t b) {
      const auto same = HaveSameContent(spans[a], spans[b]);
      if (!same) readable = same.error();
      return same && *same;
    };
    AssembleTrace(inputs_, equal, assembly_);
    RETURN_IF_ERROR(std::move(readable));
    for (const AssembledSpan& child : assembly_.spans) {
      if (child.parent == AssembledSpan::kNoParent || !InWindow(inputs_[child.input].start_ns)) continue;
      counter_.Add(spans[assembly_.spans[child.parent].input].service, spans[child.input].service);
    }
    return {};
  }

  // Asked only for spans whose ids and times are the same: nearly always one span that was sent twice.
  Result<bool> HaveSameContent(const SplitSpan& a, const SplitSpan& b) {
    RETURN_IF_ERROR(context_.Check());
    ASSIGN_OR_RETURN(const auto batch_a, BatchOf(a));
    ASSIGN_OR_RETURN(const auto batch_b, BatchOf(b));
    return SameSpan(*batch_a.first, batch_a.second, *batch_b.first, batch_b.second);
  }

  // A batch with the span, and its row in it.
  Result<std::pair<std::shared_ptr<const SpanBatch>, uint32_t>> BatchOf(const SplitSpan& split) {
    if (split.place >= view_.blocks.size()) {
      return std::pair(live_batches_[split.place - view_.blocks.size()], split.row);
    }
    ASSIGN_OR_RETURN(auto batch, view_.blocks[split.place]->ReadRows(split.row, split.row + 1));
    return std::pair(std::move(batch), uint32_t{0});
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
    ASSIGN_OR_RETURN(const std::vector<bool> split_rows, RowsOf(block, [](TraceId) { return true; }));
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

  // A bit a row: those of the block's split traces that are wanted.
  template <class IsWanted>
  Result<std::vector<bool>> RowsOf(Block& block, const IsWanted& is_wanted) {
    std::vector<bool> rows(block.info().span_count);
    ASSIGN_OR_RETURN(const TraceColumns traces, block.Traces());
    for (const TraceId id : split_in_[block.info().id]) {
      if (!is_wanted(id)) continue;
      ASSIGN_OR_RETURN(const std::optional<uint32_t> trace, block.FindTrace(id));
      if (!trace) continue;
      std::fill(rows.begin() + traces.row_begin[*trace], rows.begin() + traces.row_begin[*trace + 1], true);
    }
    return rows;
  }

  const View& view_;
  const uint64_t start_min_ns_;
  const uint64_t start_max_ns_;
  const QueryContext& context_;
  Straddlers& straddlers_;
  DamageLog& damage_;
  Straddlers::PerBlock split_in_;  // traces that stand in several places, by block
  TraceIds split_;                 // all of them
  TraceIds chosen_;                // of these, those that are counted
  Batches live_batches_;           // of all live blocks
  std::vector<SplitSpan> gathered_;
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
