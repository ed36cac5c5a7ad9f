#include "store/split_counter.h"

#include <algorithm>
#include <optional>

#include <boost/unordered/unordered_flat_map.hpp>

#include "model/span_columns.h"
#include "model/trace.h"
#include "model/trace_counter.h"

namespace spoor {
namespace {

// How many spans are gathered at a time: about 40 MiB.
constexpr size_t kGatheredMax = size_t{1} << 19;
// How many rows are read at a time to compare some of them.
constexpr uint32_t kComparedRows = 32;

}  // namespace

Result<std::vector<TraceId>> FindIn(const CountedPart& part, std::span<const TraceId> ids) {
  std::vector<TraceId> found;
  for (const TraceId id : ids) {
    if (part.block == nullptr) {
      if (part.index->Find(id)) found.push_back(id);
      continue;
    }
    if (!part.block->MayHoldTrace(id)) continue;
    ASSIGN_OR_RETURN(const std::optional<uint32_t> trace, part.block->FindTrace(id));
    if (trace) found.push_back(id);
  }
  return found;
}

void ReadTrouble::Note(const Error& error) {
  damage_.Report(error);
  if (!first_) first_ = error;
  may_pass_ = may_pass_ || error.code != Code::kCorrupt;
}

Status SplitCounter::Count(std::vector<TraceId> ids, uint32_t first_new_batch, bool counted_alone) {
  if (ids.empty()) return {};
  std::sort(ids.begin(), ids.end());
  const size_t passes = RowCount(ids) / kGatheredMax + 1;
  const size_t per_pass = ids.size() / passes + 1;
  for (size_t begin = 0; begin < ids.size(); begin += per_pass) {
    const auto of_pass = std::span(ids).subspan(begin, std::min(per_pass, ids.size() - begin));
    RETURN_IF_ERROR(Gather(of_pass, first_new_batch));
    RETURN_IF_ERROR(CountGathered(counted_alone));
  }
  return {};
}

size_t SplitCounter::RowCount(std::span<const TraceId> ids) {
  size_t rows = 0;
  for (const CountedPart& part : parts_) {
    if (part.block == nullptr) continue;  // in memory anyway
    const auto traces = part.block->Traces();
    if (!traces) continue;
    for (const TraceId id : ids) {
      if (!part.block->MayHoldTrace(id)) continue;
      const auto trace = part.block->FindTrace(id);
      if (trace && *trace) rows += traces->row_begin[**trace + 1] - traces->row_begin[**trace];
    }
  }
  return rows;
}

Status SplitCounter::Gather(std::span<const TraceId> ids, uint32_t first_new_batch) {
  gathered_.clear();
  for (uint32_t part = 0; part < parts_.size(); ++part) {
    if (parts_[part].block == nullptr) {
      GatherLive(part, ids, first_new_batch);
      continue;
    }
    const size_t before = gathered_.size();
    const Status read = GatherBlock(part, ids);
    if (read) continue;
    if (read.error().code == Code::kCancelled) return read;
    trouble_.Note(read.error());
    gathered_.resize(before);
  }
  return {};
}

Status SplitCounter::GatherBlock(uint32_t part, std::span<const TraceId> ids) {
  Block& block = *parts_[part].block;
  ASSIGN_OR_RETURN(const TraceColumns traces, block.Traces());
  std::vector<bool> wanted(block.info().span_count);
  bool any = false;
  for (const TraceId id : ids) {
    if (!block.MayHoldTrace(id)) continue;
    ASSIGN_OR_RETURN(const std::optional<uint32_t> trace, block.FindTrace(id));
    if (!trace) continue;
    std::fill(wanted.begin() + traces.row_begin[*trace], wanted.begin() + traces.row_begin[*trace + 1], true);
    any = true;
  }
  if (!any) return {};
  for (uint32_t page = 0; page < block.page_count(); ++page) {
    const uint32_t begin = block.page_begin(page), end = block.page_begin(page + 1);
    if (std::find(wanted.begin() + begin, wanted.begin() + end, true) == wanted.begin() + end) continue;
    RETURN_IF_ERROR(context_.Check());
    ASSIGN_OR_RETURN(const auto columns, block.Page(page));
    RETURN_IF_ERROR(GatherPage(part, *columns, begin, wanted));
  }
  return {};
}

Status SplitCounter::GatherPage(uint32_t part, SpanColumns& columns, uint32_t page_begin,
                                const std::vector<bool>& wanted) {
  ASSIGN_OR_RETURN(const Column<uint64_t> high, columns.Get(Fixed64::kTraceIdHigh));
  ASSIGN_OR_RETURN(const Column<uint64_t> low, columns.Get(Fixed64::kTraceIdLow));
  ASSIGN_OR_RETURN(const Column<uint64_t> ids, columns.Get(Fixed64::kSpanId));
  ASSIGN_OR_RETURN(const Column<uint64_t> parents, columns.Get(Fixed64::kParentSpanId));
  ASSIGN_OR_RETURN(const Column<uint64_t> starts, columns.Get(Fixed64::kStartNs));
  ASSIGN_OR_RETURN(const Column<uint64_t> ends, columns.Get(Fixed64::kEndNs));
  ASSIGN_OR_RETURN(const Column<uint8_t> kinds, columns.Get(Byte8::kKind));
  ASSIGN_OR_RETURN(const Column<uint8_t> statuses, columns.Get(Byte8::kStatusCode));
  ASSIGN_OR_RETURN(const Column<uint32_t> services, columns.Get(Code32::kServiceName));
  ASSIGN_OR_RETURN(const Column<uint32_t> names, columns.Get(Code32::kName));
  boost::unordered_flat_map<uint32_t, uint32_t> texts;  // by code
  const auto text = [&](uint32_t code) {
    const auto [at, is_new] = texts.try_emplace(code, 0);
    if (is_new) at->second = builder_.Text(columns.String(code));
    return at->second;
  };
  const bool is_new = part + 1 == parts_.size();
  for (uint32_t i = 0; i < columns.size(); ++i) {
    if (!wanted[page_begin + i]) continue;
    gathered_.push_back(
        {{high.values[i], low.values[i]},
         {ids.values[i], parents.values[i], starts.values[i], ends.values[i], kinds.values[i]},
         builder_.SpanSeries(text(services.values[i]), text(names.values[i]), kinds.values[i], statuses.values[i]),
         part,
         0,
         page_begin + i,
         is_new});
  }
  return columns.status();
}

void SplitCounter::GatherLive(uint32_t part, std::span<const TraceId> ids, uint32_t first_new_batch) {
  const Batches& batches = *parts_[part].batches;
  const LiveIndex& index = *parts_[part].index;
  const bool is_last = part + 1 == parts_.size();
  std::vector<RowRef> rows;
  for (const TraceId id : ids) {
    const std::optional<uint32_t> trace = index.Find(id);
    if (!trace) continue;
    index.RowsOf(*trace, rows);
    for (const auto [at, row] : rows) {
      const SpanBatch& batch = *batches[at];
      const uint32_t service = builder_.Text(batch.String(batch.service_name(row)));
      const uint32_t name = builder_.Text(batch.String(batch.name[row]));
      gathered_.push_back(
          {id,
           {batch.span_id[row], batch.parent_span_id[row], batch.start_ns[row], batch.end_ns[row], batch.kind[row]},
           builder_.SpanSeries(service, name, batch.kind[row], batch.status_code[row]),
           part,
           at,
           row,
           is_last && at >= first_new_batch});
    }
  }
}

Status SplitCounter::CountGathered(bool counted_alone) {
  // Parts ascend within a trace, so that of equal spans the older stays.
  std::stable_sort(gathered_.begin(), gathered_.end(),
                   [](const Gathered& a, const Gathered& b) { return a.trace < b.trace; });
  for (size_t begin = 0, end = 0; begin < gathered_.size(); begin = end) {
    while (end < gathered_.size() && gathered_[end].trace == gathered_[begin].trace) ++end;
    RETURN_IF_ERROR(context_.Check());
    const auto all = std::span(gathered_).subspan(begin, end - begin);
    const auto count_those = [&](bool is_new) {
      chosen_.clear();
      std::copy_if(all.begin(), all.end(), std::back_inserter(chosen_),
                   [&](const Gathered& span) { return span.is_new == is_new; });
      return CountSpans(chosen_, -1);
    };
    RETURN_IF_ERROR(CountSpans(all, 1));
    RETURN_IF_ERROR(count_those(false));
    if (counted_alone) RETURN_IF_ERROR(count_those(true));
  }
  return {};
}

Status SplitCounter::CountSpans(std::span<const Gathered> spans, int32_t times) {
  inputs_.clear();
  series_.clear();
  for (const Gathered& span : spans) {
    inputs_.push_back(span.span);
    series_.push_back(span.series);
  }
  const auto equal = [&](uint32_t a, uint32_t b) {
    const auto same = HaveSameContent(spans[a], spans[b]);
    if (!same) trouble_.Note(same.error());
    return same && *same;
  };
  const auto content_hash = [&](uint32_t i) -> uint64_t {
    const auto batch = BatchOf(spans[i], read_a_);
    if (!batch) trouble_.Note(batch.error());
    return batch ? SpanContentHash(*batch->first, batch->second) : 0;
  };
  AssembleTrace(inputs_, equal, assembly_, content_hash);
  CountTrace(inputs_, series_, assembly_, times, builder_);
  return {};
}

// Asked only for spans whose ids and times are the same: nearly always one span that was sent twice.
Result<bool> SplitCounter::HaveSameContent(const Gathered& a, const Gathered& b) {
  if (a.series != b.series) return false;
  ASSIGN_OR_RETURN(const auto batch_a, BatchOf(a, read_a_));
  ASSIGN_OR_RETURN(const auto batch_b, BatchOf(b, read_b_));
  return SameSpan(*batch_a.first, batch_a.second, *batch_b.first, batch_b.second);
}

Result<std::pair<std::shared_ptr<const SpanBatch>, uint32_t>> SplitCounter::BatchOf(const Gathered& span,
                                                                                    ReadRows& slot) {
  const CountedPart& part = parts_[span.part];
  if (part.block == nullptr) return std::pair((*part.batches)[span.batch], span.row);
  const bool is_there = slot.part == span.part && span.row >= slot.begin && slot.batch != nullptr &&
                        span.row - slot.begin < slot.batch->span_count();
  if (!is_there) {
    const uint32_t end = std::min(part.block->info().span_count, span.row + kComparedRows);
    ASSIGN_OR_RETURN(slot.batch, part.block->ReadRows(span.row, end));
    slot.part = span.part;
    slot.begin = span.row;
  }
  return std::pair(slot.batch, span.row - slot.begin);
}

}  // namespace spoor
