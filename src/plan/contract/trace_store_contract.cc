#include "plan/contract/trace_store_contract.h"

#include <algorithm>
#include <future>
#include <utility>

namespace spoor::contract {
namespace {

template <class T>
T Succeeded(Result<T> answer) {
  if (answer) return *std::move(answer);
  ADD_FAILURE() << CodeName(answer.error().code) << ": " << answer.error().message;
  return {};
}

template <class T>
T Complete(Result<T> answer) {
  T complete = Succeeded(std::move(answer));
  EXPECT_TRUE(complete.complete);
  EXPECT_EQ(complete.warnings, std::vector<std::string>());
  return complete;
}

}  // namespace

Status AppendNow(SpanSink& sink, std::shared_ptr<const SpanBatch> batch) {
  std::promise<Status> answered;
  sink.Append(std::move(batch), {}, [&](Status status) { answered.set_value(std::move(status)); });
  return answered.get_future().get();
}

void TraceStoreContract::BeginAnew() {
  in_state_ = GetParam().make();
  settled_ = true;
}

void TraceStoreContract::SendBatch(const std::shared_ptr<const SpanBatch>& batch) {
  const Status taken = AppendNow(in_state_->sink(), batch);
  ASSERT_TRUE(taken) << taken.error().message;
  in_state_->AfterBatch();
  settled_ = false;
}

TraceStore& TraceStoreContract::Store() {
  if (!settled_) in_state_->Settle();
  settled_ = true;
  return in_state_->store();
}

Trace TraceStoreContract::Get(TraceId id) { return Succeeded(Store().GetTrace(id, {})); }

SearchAnswer TraceStoreContract::Search(const SearchPlan& plan) { return Complete(Store().Search(plan, {})); }

Overview TraceStoreContract::GetOverview(const SearchPlan& plan, const OverviewShape& shape) {
  return Complete(Store().GetOverview(plan, shape, {}));
}

std::vector<RedSeries> TraceStoreContract::Red(const RedPlan& plan) { return Complete(Store().Red(plan, {})).series; }

std::vector<ServiceCalls> TraceStoreContract::Calls(uint64_t start_min_ns, uint64_t start_max_ns) {
  return Complete(Store().Calls(start_min_ns, start_max_ns, {})).calls;
}

std::vector<uint64_t> TraceStoreContract::Found(const SearchPlan& plan) {
  std::vector<uint64_t> numbers;
  for (const TraceSummary& trace : Search(plan).traces) numbers.push_back(trace.id.low);
  return numbers;
}

std::vector<uint64_t> TraceStoreContract::Matching(const Filter& filter) {
  std::vector<uint64_t> numbers = Found({.filter = filter, .limit = 100'000});
  std::ranges::sort(numbers);
  return numbers;
}

std::vector<SpanId> TraceStoreContract::SpanIds(TraceId id) {
  std::vector<SpanId> ids;
  for (const TraceSpan& span : Get(id).spans) ids.push_back(span.batch->span_id[span.row]);
  return ids;
}

void TraceStoreContract::ExpectKept(const SpanBatch& batch) {
  TraceId last;
  Trace trace;
  for (uint32_t row = 0; row < batch.span_count(); ++row) {
    if (batch.trace_id(row) != last) trace = Get(last = batch.trace_id(row));
    const auto same = std::ranges::count_if(trace.spans, [&](const TraceSpan& span) {
      return span.batch->span_id[span.row] == batch.span_id[row] && SameSpan(*span.batch, span.row, batch, row);
    });
    ASSERT_EQ(same, 1) << "span " << row << " of the batch";
  }
}

Filter Compare(Intrinsic field, CompareOp op, Literal value) { return {CompareIntrinsic{field, op, std::move(value)}}; }

Filter Not(Filter filter) { return {NotOf{std::make_shared<const Filter>(std::move(filter))}}; }

}  // namespace spoor::contract
