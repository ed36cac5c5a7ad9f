// ReferenceStore: a TraceStore that keeps batches in a list and answers every question by looking at all of them. It is
// meant to be obviously right, as what other stores are compared with and what the APIs are tested over. Test support:
// the server does not use it.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "model/span_sink.h"
#include "plan/trace_store.h"

namespace spoor {

// Thread-safe. Never fails but with kNotFound and kCancelled.
class ReferenceStore final : public TraceStore, public SpanSink {
 public:
  void Add(std::shared_ptr<const SpanBatch> batch);

  // SpanSink: Add, then success.
  void Append(std::shared_ptr<const SpanBatch> batch, MemoryReservation memory, Done done) override;

  Result<Trace> GetTrace(TraceId id, const QueryContext& context) override;
  Result<SearchAnswer> Search(const SearchPlan& plan, const QueryContext& context) override;
  Result<Overview> GetOverview(const SearchPlan& plan, const OverviewShape& shape,
                               const QueryContext& context) override;
  Result<std::vector<std::string>> Services(const QueryContext& context) override;
  Result<std::vector<Operation>> Operations(std::string_view service, const QueryContext& context) override;
  Result<RedAnswer> Red(const RedPlan& plan, const QueryContext& context) override;
  Result<CallsAnswer> Calls(uint64_t start_min_ns, uint64_t start_max_ns, const QueryContext& context) override;
  // By first appearance: in the order of batches, then of rows.
  uint32_t ServiceColour(std::string_view service) override;
  // spans_stored counts equal spans once, spans_received every row that was added.
  StoreStats Stats() override;
  Status SealAll() override { return {}; }

 private:
  using Batches = std::vector<std::shared_ptr<const SpanBatch>>;
  Batches Snapshot() const;
  // Every trace, whole, by id.
  std::map<TraceId, Trace> Traces() const;
  // All that match, in the plan's order.
  std::vector<TraceSummary> Matches(const SearchPlan& plan) const;

  mutable std::mutex mutex_;
  Batches batches_;
  std::map<std::string, uint32_t, std::less<>> colours_;
};

}  // namespace spoor
