#include "model/trace.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

#include <boost/unordered/unordered_flat_map.hpp>

namespace spoor {
namespace {

struct Row {
  const SpanBatch* batch;
  uint32_t row;
};

// Appends the rows of `batch` that belong to `id`. The low half decides nearly always, so only it is scanned.
void FindRows(TraceId id, const SpanBatch& batch, std::vector<Row>& rows) {
  const std::span<const uint64_t> low = batch.trace_id_low;
  for (auto at = low.begin(); (at = std::find(at, low.end(), id.low)) != low.end(); ++at) {
    const auto row = static_cast<uint32_t>(at - low.begin());
    if (batch.trace_id_high[row] == id.high) rows.push_back({&batch, row});
  }
}

// Counts spans and errors by service.
class ServiceCounter {
 public:
  explicit ServiceCounter(std::vector<ServiceCount>& services) : services_(services) {}

  void Add(const SpanBatch& batch, uint32_t row) {
    const uint32_t resource = batch.resource[row];
    if (&batch != last_batch_ || resource != last_resource_) {
      last_batch_ = &batch;
      last_resource_ = resource;
      last_ = IndexOf(batch.String(batch.resource_service_name[resource]));
    }
    ++services_[last_].span_count;
    services_[last_].error_count += batch.status_code[row] == static_cast<uint8_t>(StatusCode::kError) ? 1 : 0;
  }

 private:
  // The names stay in the batches for as long as this lives.
  size_t IndexOf(std::string_view name) {
    auto [at, added] = index_of_.try_emplace(name, services_.size());
    if (added) services_.push_back({std::string(name)});
    return at->second;
  }

  std::vector<ServiceCount>& services_;
  boost::unordered_flat_map<std::string_view, size_t> index_of_;
  const SpanBatch* last_batch_ = nullptr;
  uint32_t last_resource_ = 0;
  size_t last_ = 0;
};

}  // namespace

Trace MakeTrace(TraceId id, std::vector<std::shared_ptr<const SpanBatch>> batches) {
  Trace trace;
  trace.id = id;
  std::vector<Row> rows;
  for (std::shared_ptr<const SpanBatch>& batch : batches) {
    const size_t before = rows.size();
    FindRows(id, *batch, rows);
    if (rows.size() > before) trace.batches.push_back(std::move(batch));
  }
  std::vector<AssemblySpan> input;
  input.reserve(rows.size());
  for (const auto& [batch, row] : rows) {
    input.push_back(
        {batch->span_id[row], batch->parent_span_id[row], batch->start_ns[row], batch->end_ns[row], batch->kind[row]});
  }
  const auto equal = [&rows](uint32_t a, uint32_t b) {
    return SameSpan(*rows[a].batch, rows[a].row, *rows[b].batch, rows[b].row);
  };
  const auto hash = [&rows](uint32_t i) { return SpanContentHash(*rows[i].batch, rows[i].row); };
  Assembly assembly;
  AssembleTrace(input, equal, assembly, hash);
  trace.spans.reserve(assembly.spans.size());
  for (const AssembledSpan& span : assembly.spans) {
    const auto& [batch, row] = rows[span.input];
    trace.spans.push_back({batch, row, span.parent, span.depth, span.warnings});
  }
  trace.root = assembly.root;
  trace.root_missing = assembly.root_missing;
  trace.orphan_count = assembly.orphan_count;
  return trace;
}

TraceSummary Summarise(const Trace& trace) {
  TraceSummary summary;
  summary.id = trace.id;
  summary.root_missing = trace.root_missing;
  summary.orphan_count = trace.orphan_count;
  if (trace.spans.empty()) return summary;
  const TraceSpan& root = trace.spans[trace.root];
  summary.root_service = root.batch->String(root.batch->service_name(root.row));
  summary.root_name = root.batch->String(root.batch->name[root.row]);
  summary.span_count = static_cast<uint32_t>(trace.spans.size());
  summary.start_ns = UINT64_MAX;
  ServiceCounter services(summary.services);
  for (const TraceSpan& span : trace.spans) {
    summary.start_ns = std::min(summary.start_ns, span.batch->start_ns[span.row]);
    summary.end_ns = std::max(summary.end_ns, span.batch->end_ns[span.row]);
    services.Add(*span.batch, span.row);
  }
  summary.end_ns = std::max(summary.end_ns, summary.start_ns);
  for (const ServiceCount& service : summary.services) summary.error_count += service.error_count;
  std::sort(summary.services.begin(), summary.services.end(), [](const ServiceCount& a, const ServiceCount& b) {
    return std::tie(b.span_count, a.name) < std::tie(a.span_count, b.name);
  });
  return summary;
}

}  // namespace spoor
