#include "store/trace_gatherer.h"

#include <algorithm>
#include <numeric>

#include "model/span_columns.h"
#include "model/trace.h"

namespace spoor {
namespace {

// How many spans are gathered at a time, unless one trace has more: about 64 MiB with their grouping.
constexpr size_t kGatheredSpansMax = size_t{512} << 10;

constexpr auto kError = static_cast<uint8_t>(StatusCode::kError);

// The columns of a page that assembling needs.
struct PageColumns {
  std::unique_ptr<SpanColumns> page;
  Column<uint64_t> ids, parents, starts, ends;
  Column<uint8_t> kinds, statuses;
  Column<uint32_t> services;

  static Result<PageColumns> Read(Block& block, uint32_t page_number, const TraceFacts& facts) {
    PageColumns columns;
    ASSIGN_OR_RETURN(columns.page, block.Page(page_number, TimesOf(facts)));
    ASSIGN_OR_RETURN(columns.ids, columns.page->Get(Fixed64::kSpanId));
    ASSIGN_OR_RETURN(columns.parents, columns.page->Get(Fixed64::kParentSpanId));
    ASSIGN_OR_RETURN(columns.starts, columns.page->Get(Fixed64::kStartNs));
    ASSIGN_OR_RETURN(columns.ends, columns.page->Get(Fixed64::kEndNs));
    ASSIGN_OR_RETURN(columns.kinds, columns.page->Get(Byte8::kKind));
    ASSIGN_OR_RETURN(columns.statuses, columns.page->Get(Byte8::kStatusCode));
    ASSIGN_OR_RETURN(columns.services, columns.page->Get(Code32::kServiceName));
    return columns;
  }

  AssemblySpan Span(uint32_t row) const {
    return {ids.values[row], parents.values[row], starts.values[row], ends.values[row], kinds.values[row]};
  }
};

}  // namespace

Status TraceGatherer::Run() {
  unreadable_.resize(plan_.ids.size());
  RETURN_IF_ERROR(CountSpans());
  while (share_begin_ < plan_.ids.size()) {
    share_end_ = ShareEnd(share_begin_);
    gathered_.clear();
    for (uint32_t block = 0; block < plan_.parts.size(); ++block) RETURN_IF_ERROR(GatherBlock(block));
    GatherLive();
    GroupByTrace();
    RETURN_IF_ERROR(AddTraces());
    share_begin_ = share_end_;
  }
  return {};
}

Status TraceGatherer::CountSpans() {
  span_counts_.resize(plan_.ids.size());
  for (uint32_t block = 0; block < plan_.parts.size(); ++block) {
    if (plan_.parts[block].empty()) continue;
    const auto facts = state_.Facts(block);
    if (!facts) continue;  // shows when it is gathered
    for (const auto [ordinal, trace] : plan_.parts[block]) span_counts_[trace] += (*facts)->span_count(ordinal);
  }
  for (const GatherPlan::LiveRow& row : plan_.live_rows) ++span_counts_[row.trace];
  return state_.Check();
}

uint32_t TraceGatherer::ShareEnd(uint32_t begin) const {
  size_t spans = 0;
  uint32_t end = begin;
  while (end < plan_.ids.size() && (end == begin || spans + span_counts_[end] <= kGatheredSpansMax)) {
    spans += span_counts_[end++];
  }
  return end;
}

Status TraceGatherer::GatherBlock(uint32_t block) {
  Status read = ReadBlock(block);
  if (read) return {};
  for (const auto [ordinal, trace] : plan_.parts[block]) {
    if (IsInShare(trace)) unreadable_[trace] = 1;
  }
  if (read.error().code == Code::kCancelled) return read;
  whole_.problems.push_back(std::move(read).error());
  return {};
}

Status TraceGatherer::ReadBlock(uint32_t block) {
  const auto& parts = plan_.parts[block];
  if (std::ranges::none_of(parts, [&](const auto& part) { return IsInShare(part.trace); })) return {};
  Block& file = *state_.view().blocks[block];
  ASSIGN_OR_RETURN(const std::shared_ptr<const TraceFacts> facts, state_.Facts(block));
  boost::unordered_flat_map<uint32_t, uint32_t> number_of_code;
  auto part = parts.begin();  // the first that does not lie before the page
  for (uint32_t page = 0; page < file.page_count(); ++page) {
    const uint32_t begin = file.page_begin(page), end = file.page_begin(page + 1);
    PageColumns columns;
    for (auto at = part; at != parts.end() && facts->row_begin[at->ordinal] < end; ++at) {
      const uint32_t row_begin = facts->row_begin[at->ordinal], row_end = facts->row_begin[at->ordinal + 1];
      if (row_end <= begin) part = at + 1;
      if (row_end <= begin || !IsInShare(at->trace)) continue;
      if (!columns.page) {
        RETURN_IF_ERROR(state_.Check());
        ASSIGN_OR_RETURN(columns, PageColumns::Read(file, page, *facts));
      }
      for (uint32_t row = std::max(row_begin, begin); row < std::min(row_end, end); ++row) {
        const auto [number, is_new] = number_of_code.try_emplace(columns.services.values[row - begin], 0);
        if (is_new) number->second = builder_.ServiceNumber(columns.page->String(number->first));
        gathered_.push_back({columns.Span(row - begin), at->trace, number->second, block, row,
                             columns.statuses.values[row - begin] == kError});
      }
    }
    if (columns.page) RETURN_IF_ERROR(columns.page->status());
  }
  return {};
}

void TraceGatherer::GatherLive() {
  const auto blocks = static_cast<uint32_t>(plan_.parts.size());
  uint32_t last_batch = UINT32_MAX, last_resource = 0, service = 0;
  for (const auto& [ref, trace] : plan_.live_rows) {
    if (!IsInShare(trace)) continue;
    const SpanBatch& batch = *plan_.batches[ref.batch];
    const uint32_t row = ref.row;
    if (ref.batch != last_batch || batch.resource[row] != last_resource) {
      last_batch = ref.batch;
      last_resource = batch.resource[row];
      service = builder_.ServiceNumber(batch.String(batch.service_name(row)));
    }
    gathered_.push_back(
        {{batch.span_id[row], batch.parent_span_id[row], batch.start_ns[row], batch.end_ns[row], batch.kind[row]},
         trace,
         service,
         blocks + ref.batch,
         row,
         batch.status_code[row] == kError});
  }
}

// Places ascend within a trace, so that of equal spans the oldest stays.
void TraceGatherer::GroupByTrace() {
  group_begin_.assign(share_end_ - share_begin_ + 1, 0);
  for (const GatheredSpan& span : gathered_) ++group_begin_[span.trace - share_begin_ + 1];
  std::partial_sum(group_begin_.begin(), group_begin_.end(), group_begin_.begin());
  std::vector<uint32_t> next(group_begin_.begin(), group_begin_.end() - 1);
  grouped_.resize(gathered_.size());
  for (const GatheredSpan& span : gathered_) grouped_[next[span.trace - share_begin_]++] = span;
}

Status TraceGatherer::AddTraces() {
  last_trace_of_service_.resize(builder_.facts().service_names.size());
  for (uint32_t trace = share_begin_; trace < share_end_; ++trace) {
    if ((trace & 255) == 0) RETURN_IF_ERROR(state_.Check());
    const uint32_t begin = group_begin_[trace - share_begin_], end = group_begin_[trace - share_begin_ + 1];
    if (unreadable_[trace] || begin == end) {
      AddHidden(trace);
    } else {
      RETURN_IF_ERROR(AddTrace(trace, std::span(grouped_).subspan(begin, end - begin)));
    }
  }
  return {};
}

Status TraceGatherer::AddTrace(uint32_t trace, std::span<const GatheredSpan> spans) {
  const auto blocks = static_cast<uint32_t>(plan_.parts.size());
  inputs_.clear();
  for (const GatheredSpan& one : spans) inputs_.push_back(one.span);
  bool needs_contents = false;
  const auto equal = [&](uint32_t a, uint32_t b) {
    if (spans[a].place >= blocks && spans[b].place >= blocks) {
      return SameSpan(*plan_.batches[spans[a].place - blocks], spans[a].row, *plan_.batches[spans[b].place - blocks],
                      spans[b].row);
    }
    needs_contents = true;
    return false;
  };
  AssembleTrace(inputs_, equal, assembly_);
  uint64_t start_ns = UINT64_MAX, end_ns = 0, last_start_ns = 0;
  for (const AssemblySpan& span : inputs_) {
    start_ns = std::min(start_ns, span.start_ns);
    end_ns = std::max(end_ns, span.end_ns);
    last_start_ns = std::max(last_start_ns, span.start_ns);
  }
  whole_.last_start_ns.push_back(last_start_ns);
  if (needs_contents) {
    auto summary = ReadWhole(trace, spans);
    whole_.hidden.push_back(summary ? 0 : 1);
    builder_.Add(summary ? *summary : TraceSummary{.id = plan_.ids[trace]});
    if (summary) return {};
    if (summary.error().code == Code::kCancelled) return std::move(summary).error();
    whole_.problems.push_back(std::move(summary).error());
    return {};
  }
  TraceMeasures measures{.start_ns = start_ns,
                         .duration_ns = std::max(end_ns, start_ns) - start_ns,
                         .span_count = static_cast<uint32_t>(assembly_.spans.size()),
                         .root_missing = assembly_.root_missing};
  services_.clear();
  for (const AssembledSpan& span : assembly_.spans) {
    measures.error_count += spans[span.input].is_error;
    const uint32_t service = spans[span.input].service;
    if (last_trace_of_service_[service] == trace + 1) continue;
    last_trace_of_service_[service] = trace + 1;
    services_.push_back(service);
  }
  whole_.hidden.push_back(0);
  builder_.Add(plan_.ids[trace], measures, spans[assembly_.spans[assembly_.root].input].service, services_);
  return {};
}

// Equal spans in several places are one that was sent again, and then mostly all of its trace: so all of it is read.
Result<TraceSummary> TraceGatherer::ReadWhole(uint32_t trace, std::span<const GatheredSpan> spans) {
  RETURN_IF_ERROR(state_.Check());
  const auto blocks = static_cast<uint32_t>(plan_.parts.size());
  Batches batches;
  for (size_t begin = 0, end = 0; begin < spans.size(); begin = end) {
    while (end < spans.size() && spans[end].place == spans[begin].place) ++end;
    const uint32_t place = spans[begin].place;
    if (place >= blocks) {
      batches.push_back(plan_.batches[place - blocks]);
    } else {
      ASSIGN_OR_RETURN(auto batch, state_.view().blocks[place]->ReadRows(spans[begin].row, spans[end - 1].row + 1));
      batches.push_back(std::move(batch));
    }
  }
  return Summarise(MakeTrace(plan_.ids[trace], std::move(batches)));
}

void TraceGatherer::AddHidden(uint32_t trace) {
  whole_.last_start_ns.push_back(0);
  whole_.hidden.push_back(1);
  builder_.Add(TraceSummary{.id = plan_.ids[trace]});
}

}  // namespace spoor
