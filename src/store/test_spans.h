// Spans for the store's tests: a few fields each, as a batch, and ways to put them into a store.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "model/span_batch_builder.h"
#include "model/span_sink.h"
#include "store/store_options.h"

namespace spoor {

struct TestSpan {
  uint64_t trace = 1;
  SpanId id = 1;
  SpanId parent = 0;
  uint64_t start_ns = 0;
  uint64_t duration_ns = 10;
  std::string service = "service";
  std::string name = "name";
  uint8_t kind = 1;
  uint8_t status = 0;
  std::vector<std::pair<std::string, std::string>> attributes = {};
};

// A trace id whose halves are both in use.
inline TraceId TestTraceId(uint64_t number) { return {number * 0x9E3779B97F4A7C15ull, number}; }

inline std::shared_ptr<const SpanBatch> MakeTestBatch(const std::vector<TestSpan>& spans) {
  SpanBatchBuilder builder;
  builder.Clear();
  for (const TestSpan& span : spans) {
    builder.BeginAttributes();
    (void)builder.AddAttribute(builder.InternString("service.name"), ValueType::kString,
                               builder.InternString(span.service));
    builder.AddResource(builder.EndAttributes(), 0, 0);
    builder.AddScope(0, 0, {}, 0, 0);
    builder.BeginSpan();
    builder.BeginAttributes();
    for (const auto& [key, value] : span.attributes) {
      (void)builder.AddAttribute(builder.InternString(key), ValueType::kString, builder.InternString(value));
    }
    builder.SetSpanAttributes(builder.EndAttributes());
    builder.EndSpan({.trace_id = TestTraceId(span.trace),
                     .span_id = span.id,
                     .parent_span_id = span.parent,
                     .start_ns = span.start_ns,
                     .end_ns = span.start_ns + span.duration_ns,
                     .name = builder.InternString(span.name),
                     .kind = span.kind,
                     .status_code = span.status});
  }
  auto batch = builder.Finish();
  SPOOR_CHECK(batch.has_value());
  return *std::move(batch);
}

// Appends and waits for the answer.
inline Status AppendNow(SpanSink& sink, std::shared_ptr<const SpanBatch> batch, MemoryReservation memory = {}) {
  std::promise<Status> answered;
  sink.Append(std::move(batch), std::move(memory), [&](Status status) { answered.set_value(std::move(status)); });
  return answered.get_future().get();
}

// Waits until other threads have made it true.
template <class Condition>
void Until(const Condition& condition) {
  while (!condition()) std::this_thread::yield();
}

// Options of a store that is small enough to be sealed often if asked to, over `files`.
inline StoreOptions TestStoreOptions(FileSystem& files, MemoryBudget& budget, const Clock& clock = SystemClock()) {
  StoreOptions options;
  options.files = &files;
  options.clock = &clock;
  options.budget = &budget;
  options.folder = "/data/tenants/default";
  options.compaction.enabled = false;  // where it is not what a test is about, blocks stay as they were sealed
  return options;
}

}  // namespace spoor
