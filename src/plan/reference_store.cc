#include "plan/reference_store.h"

#include <algorithm>
#include <set>

#include "plan/naive_filter.h"
#include "plan/naive_overview.h"

namespace spoor {
namespace {

std::string_view ServiceOf(const TraceSpan& span) { return span.batch->String(span.batch->service_name(span.row)); }

bool AnySpanMatches(const Trace& trace, const SearchPlan& plan) {
  return std::any_of(trace.spans.begin(), trace.spans.end(), [&](const TraceSpan& span) {
    const uint64_t start_ns = span.batch->start_ns[span.row];
    return start_ns >= plan.start_min_ns && start_ns <= plan.start_max_ns &&
           NaiveMatches(plan.filter, *span.batch, span.row);
  });
}

}  // namespace

void ReferenceStore::Add(std::shared_ptr<const SpanBatch> batch) {
  const std::lock_guard lock(mutex_);
  for (uint32_t row = 0; row < batch->span_count(); ++row) {
    const std::string_view service = batch->String(batch->service_name(row));
    if (!service.empty()) colours_.try_emplace(std::string(service), static_cast<uint32_t>(colours_.size() + 1));
  }
  batches_.push_back(std::move(batch));
}

void ReferenceStore::Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation, Done done) {
  Add(std::move(batch));
  done({});
}

ReferenceStore::Batches ReferenceStore::Snapshot() const {
  const std::lock_guard lock(mutex_);
  return batches_;
}

std::map<TraceId, Trace> ReferenceStore::Traces() const {
  std::map<TraceId, Batches> batches_of;
  for (const auto& batch : Snapshot()) {
    for (uint32_t row = 0; row < batch->span_count(); ++row) {
      Batches& batches = batches_of[batch->trace_id(row)];
      if (batches.empty() || batches.back() != batch) batches.push_back(batch);
    }
  }
  std::map<TraceId, Trace> traces;
  for (const auto& [id, batches] : batches_of) traces.emplace(id, MakeTrace(id, batches));
  return traces;
}

Result<Trace> ReferenceStore::GetTrace(TraceId id, const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  Trace trace = MakeTrace(id, Snapshot());
  if (trace.spans.empty()) return NotFound("trace not found");
  return trace;
}

std::vector<TraceSummary> ReferenceStore::Matches(const SearchPlan& plan) const {
  std::vector<TraceSummary> matches;
  for (const auto& [id, trace] : Traces()) {
    if (!AnySpanMatches(trace, plan)) continue;
    TraceSummary summary = Summarise(trace);
    if (plan.conditions.HoldFor(summary)) matches.push_back(std::move(summary));
  }
  std::sort(matches.begin(), matches.end(), [&](const TraceSummary& a, const TraceSummary& b) {
    return RankOf(plan.order, a).IsBefore(RankOf(plan.order, b));
  });
  return matches;
}

Result<SearchAnswer> ReferenceStore::Search(const SearchPlan& plan, const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  SearchAnswer answer;
  std::vector<TraceSummary> matches = Matches(plan);
  if (plan.count) answer.trace_count = matches.size();
  for (TraceSummary& match : matches) {
    if (plan.after && !plan.after->IsBefore(RankOf(plan.order, match))) continue;
    answer.has_more = answer.traces.size() == plan.limit;
    if (answer.has_more) break;
    answer.traces.push_back(std::move(match));
  }
  return answer;
}

Result<Overview> ReferenceStore::GetOverview(const SearchPlan& plan, const OverviewShape& shape,
                                             const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  return NaiveOverview(Matches(plan), shape);
}

Result<std::vector<std::string>> ReferenceStore::Services(const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  const std::lock_guard lock(mutex_);
  std::vector<std::string> services;
  for (const auto& [service, colour] : colours_) services.push_back(service);
  return services;
}

Result<std::vector<Operation>> ReferenceStore::Operations(std::string_view service, const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  std::set<Operation> operations;
  for (const auto& batch : Snapshot()) {
    for (uint32_t row = 0; row < batch->span_count(); ++row) {
      if (batch->String(batch->service_name(row)) != service) continue;
      operations.insert({std::string(batch->String(batch->name[row])), batch->kind[row]});
    }
  }
  return std::vector<Operation>(operations.begin(), operations.end());
}

Result<std::vector<Dependency>> ReferenceStore::Dependencies(uint64_t start_min_ns, uint64_t start_max_ns,
                                                             const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  std::map<std::pair<std::string, std::string>, uint64_t> calls;
  for (const auto& [id, trace] : Traces()) {
    for (const TraceSpan& child : trace.spans) {
      if (child.parent == AssembledSpan::kNoParent) continue;
      const uint64_t start_ns = child.batch->start_ns[child.row];
      if (start_ns < start_min_ns || start_ns > start_max_ns) continue;
      const std::string from(ServiceOf(trace.spans[child.parent])), to(ServiceOf(child));
      if (!from.empty() && !to.empty() && from != to) ++calls[{from, to}];
    }
  }
  std::vector<Dependency> dependencies;
  for (const auto& [pair, count] : calls) dependencies.push_back({pair.first, pair.second, count});
  return dependencies;
}

uint32_t ReferenceStore::ServiceColour(std::string_view service) {
  const std::lock_guard lock(mutex_);
  const auto it = colours_.find(service);
  return it == colours_.end() ? 0 : it->second;
}

StoreStats ReferenceStore::Stats() {
  StoreStats stats;
  for (const auto& batch : Snapshot()) stats.spans_received += batch->span_count();
  for (const auto& [id, trace] : Traces()) stats.spans_stored += trace.spans.size();
  stats.spans_live = stats.spans_stored;
  return stats;
}

}  // namespace spoor
