#include "store/export_spans.h"

#include <algorithm>
#include <utility>

#include <boost/unordered/unordered_flat_set.hpp>

#include "model/span_columns.h"

namespace spoor {
namespace {

class Exporter {
 public:
  Exporter(const View& view, const ExportQuestion& question, DamageLog& damage, uint64_t& unreadable,
           const VisitRows& visit)
      : view_(view), question_(question), damage_(damage), unreadable_(unreadable), visit_(visit) {}

  Status Run() {
    if (!question_.is_everything()) FindTraces();
    for (const UnreadableBlock& block : view_.unreadable) {
      damage_.Report(Corrupt(block.reason));
      ++unreadable_;
    }
    for (const auto& block : view_.blocks) RETURN_IF_ERROR(VisitBlock(*block));
    for (const auto& live : view_.lives) {
      for (const auto& batch : live->Snapshot()) RETURN_IF_ERROR(VisitBatch(*batch));
    }
    return {};
  }

 private:
  void FindTraces() {
    for (const auto& block : view_.blocks) {
      const BlockInfo& info = block->info();
      if (info.start_max_ns < question_.start_min_ns || info.start_min_ns > question_.start_max_ns) continue;
      for (uint32_t page = 0; page < block->page_count(); ++page) {
        if (!block->PageOverlaps(page, question_.start_min_ns, question_.start_max_ns)) continue;
        // What cannot be read is told when it is to be written out.
        if (const auto columns = block->Page(page)) static_cast<void>(FindIn(**columns).has_value());
      }
    }
    for (const auto& live : view_.lives) {
      for (const auto& batch : live->Snapshot()) static_cast<void>(FindIn(*ColumnsOf(*batch)).has_value());
    }
  }

  Status FindIn(SpanColumns& columns) {
    ASSIGN_OR_RETURN(const Column<uint64_t> high, columns.Get(Fixed64::kTraceIdHigh));
    ASSIGN_OR_RETURN(const Column<uint64_t> low, columns.Get(Fixed64::kTraceIdLow));
    ASSIGN_OR_RETURN(const Column<uint64_t> starts, columns.Get(Fixed64::kStartNs));
    ASSIGN_OR_RETURN(const Column<uint32_t> services, columns.Get(Code32::kServiceName));
    for (uint32_t i = 0; i < columns.size(); ++i) {
      if (starts.values[i] < question_.start_min_ns || starts.values[i] > question_.start_max_ns) continue;
      if (!question_.services.empty() &&
          std::ranges::find(question_.services, columns.String(services.values[i])) == question_.services.end()) {
        continue;
      }
      traces_.insert({high.values[i], low.values[i]});
    }
    return {};
  }

  bool IsWanted(TraceId id) const { return question_.is_everything() || traces_.contains(id); }

  Status VisitBlock(Block& block) {
    const auto traces = block.Traces();
    if (!traces) return Miss(block.info().span_count, traces.error());
    for (uint32_t page = 0; page < block.page_count(); ++page) {
      const uint32_t begin = block.page_begin(page), end = block.page_begin(page + 1);
      if (!HasWanted(*traces, begin, end)) {
        done_ += end - begin;
        continue;
      }
      const auto batch = block.ReadRows(begin, end);
      RETURN_IF_ERROR(batch ? VisitBatch(**batch) : Miss(end - begin, batch.error()));
    }
    return {};
  }

  bool HasWanted(const TraceColumns& traces, uint32_t begin, uint32_t end) const {
    const auto first = std::ranges::upper_bound(traces.row_begin, begin) - traces.row_begin.begin() - 1;
    for (auto i = static_cast<size_t>(first); i < traces.id_low.size() && traces.row_begin[i] < end; ++i) {
      if (IsWanted({traces.id_high[i], traces.id_low[i]})) return true;
    }
    return false;
  }

  Status Miss(uint64_t spans, const Error& error) {
    damage_.Report(error);
    ++unreadable_;
    done_ += spans;
    return {};
  }

  Status VisitBatch(const SpanBatch& batch) {
    rows_.clear();
    for (uint32_t row = 0; row < batch.span_count(); ++row) {
      if (IsWanted(batch.trace_id(row))) rows_.push_back(row);
    }
    done_ += batch.span_count();
    if (rows_.empty()) return {};
    return visit_(batch, rows_, done_);
  }

  const View& view_;
  const ExportQuestion& question_;
  DamageLog& damage_;
  uint64_t& unreadable_;
  const VisitRows& visit_;
  boost::unordered_flat_set<TraceId, TraceIdHash> traces_;
  std::vector<uint32_t> rows_;
  uint64_t done_ = 0;
};

}  // namespace

Status VisitSpans(const View& view, const ExportQuestion& question, DamageLog& damage, uint64_t& unreadable,
                  const VisitRows& visit) {
  return Exporter(view, question, damage, unreadable, visit).Run();
}

}  // namespace spoor
