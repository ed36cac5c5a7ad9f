// The contract suite: what every store answers, whatever has become of its spans meanwhile. The tests know TraceStore
// and SpanSink alone; a store takes part with a driver for each state that its spans can be in:
//
//   INSTANTIATE_TEST_SUITE_P(Mine, TraceStoreContract, ::testing::Values(Driver{"Live", MakeMine}), DriverName);
//
// in a test program that links spoor_contract. What is expected is worked out by hand from what was sent; random
// questions are also asked of the naive store.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "model/span_sink.h"
#include "plan/contract/sent_span.h"
#include "plan/trace_store.h"

namespace spoor::contract {

// A store, and how its spans come into one state. One thread's, but for what it gives.
class StoreInState {
 public:
  virtual ~StoreInState() = default;

  // The store from both of its sides; until the next call of Settle.
  virtual SpanSink& sink() = 0;
  virtual TraceStore& store() = 0;

  // A batch was acknowledged: time to cut traces in two.
  virtual void AfterBatch() {}
  // Questions come: everything that was taken in is brought into the state.
  virtual void Settle() {}
};

struct Driver {
  std::string name;                                     // letters and digits
  std::function<std::unique_ptr<StoreInState>()> make;  // an empty one
};
inline void PrintTo(const Driver& driver, std::ostream* out) { *out << driver.name; }
inline std::string DriverName(const ::testing::TestParamInfo<Driver>& info) { return info.param.name; }

// Appends and waits for the answer.
Status AppendNow(SpanSink& sink, std::shared_ptr<const SpanBatch> batch);

class TraceStoreContract : public ::testing::TestWithParam<Driver> {
 protected:
  TraceStoreContract() : in_state_(GetParam().make()) {}

  // Another store of the driver's, empty, in place of this one.
  void BeginAnew();

  // One batch, which must be acknowledged.
  void Send(const std::vector<SentSpan>& spans) { SendBatch(MakeBatch(spans)); }
  void SendBatch(const std::shared_ptr<const SpanBatch>& batch);

  // The store, with everything that was sent in the driver's state. What Sink takes in besides is not brought there.
  TraceStore& Store();
  SpanSink& Sink() { return in_state_->sink(); }

  // Answers to questions that must succeed, completely.
  Trace Get(TraceId id);
  SearchAnswer Search(const SearchPlan& plan = {});
  Overview GetOverview(const SearchPlan& plan = {}, const OverviewShape& shape = {});
  std::vector<RedSeries> Red(const RedPlan& plan = {});
  std::vector<ServiceCalls> Calls(uint64_t start_min_ns = 0, uint64_t start_max_ns = UINT64_MAX);

  // The numbers of the traces that a search finds, in its order; and ascending, for one filter.
  std::vector<uint64_t> Found(const SearchPlan& plan = {});
  std::vector<uint64_t> Matching(const Filter& filter);
  // The ids of a trace's spans, in its order.
  std::vector<SpanId> SpanIds(TraceId id);

  // Every span of `batch` stands once in its trace, with all that was sent.
  void ExpectKept(const SpanBatch& batch);

 private:
  std::unique_ptr<StoreInState> in_state_;
  bool settled_ = true;
};

Filter Compare(Intrinsic field, CompareOp op, Literal value);
inline Filter Is(Intrinsic field, Literal value) { return Compare(field, CompareOp::kEqual, std::move(value)); }
inline Filter Tag(std::string key, std::string text) { return {AttributeText{std::move(key), std::move(text)}}; }
Filter Not(Filter filter);

}  // namespace spoor::contract
