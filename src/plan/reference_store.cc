#include "plan/reference_store.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "plan/naive_filter.h"
#include "plan/naive_overview.h"

namespace spoor {
namespace {

std::string_view ServiceOf(const TraceSpan& span) { return span.batch->String(span.batch->service_name(span.row)); }

uint64_t MinuteOf(uint64_t ns) { return ns / 60'000'000'000; }

bool StartsWithin(const TraceSpan& span, uint64_t start_min_ns, uint64_t start_max_ns) {
  const uint64_t minute = MinuteOf(span.batch->start_ns[span.row]);
  return minute >= MinuteOf(start_min_ns) && minute <= MinuteOf(start_max_ns);
}

uint8_t KindOf(const TraceSpan& span) {
  const uint8_t kind = span.batch->kind[span.row];
  return kind <= static_cast<uint8_t>(SpanKind::kConsumer) ? kind : 0;
}

void AddSpan(const TraceSpan& span, SpanCounts& counts) {
  counts.durations.Add(span.batch->duration_ns(span.row));
  if (span.batch->status_code[span.row] == static_cast<uint8_t>(StatusCode::kError)) ++counts.error_count;
}

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

Result<RedAnswer> ReferenceStore::Red(const RedPlan& plan, const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  struct Group {
    SpanCounts total;
    std::map<uint32_t, SpanCounts> steps;
  };
  std::map<std::tuple<std::string, std::string, uint8_t>, Group> groups;
  for (const auto& [id, trace] : Traces()) {
    for (const TraceSpan& span : trace.spans) {
      const std::string service(ServiceOf(span)), operation(span.batch->String(span.batch->name[span.row]));
      const uint8_t kind = KindOf(span);
      if (!StartsWithin(span, plan.start_min_ns, plan.start_max_ns) || (plan.service && *plan.service != service) ||
          (plan.operation && *plan.operation != operation) || (plan.kind && *plan.kind != kind)) {
        continue;
      }
      Group& group = groups[{service, plan.by_operation ? operation : "", kind}];
      AddSpan(span, group.total);
      if (plan.step_minutes == 0) continue;
      const uint64_t minutes = MinuteOf(span.batch->start_ns[span.row]) - MinuteOf(plan.start_min_ns);
      AddSpan(span, group.steps[static_cast<uint32_t>(minutes / plan.step_minutes)]);
    }
  }
  RedAnswer answer;
  for (const auto& [key, group] : groups) {
    RedSeries series{std::get<0>(key), std::get<1>(key), std::get<2>(key), group.total, {}};
    for (const auto& [index, counts] : group.steps) series.steps.push_back({index, counts});
    answer.series.push_back(std::move(series));
  }
  return answer;
}

Result<CallsAnswer> ReferenceStore::Calls(uint64_t start_min_ns, uint64_t start_max_ns, const QueryContext& context) {
  RETURN_IF_ERROR(context.Check());
  std::map<std::pair<std::string, std::string>, SpanCounts> calls;
  for (const auto& [id, trace] : Traces()) {
    for (const TraceSpan& child : trace.spans) {
      if (child.parent == AssembledSpan::kNoParent || !StartsWithin(child, start_min_ns, start_max_ns)) continue;
      const std::string from(ServiceOf(trace.spans[child.parent])), to(ServiceOf(child));
      if (!from.empty() && !to.empty() && from != to) AddSpan(child, calls[{from, to}]);
    }
  }
  CallsAnswer answer;
  for (const auto& [pair, counts] : calls) answer.calls.push_back({pair.first, pair.second, counts});
  return answer;
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
