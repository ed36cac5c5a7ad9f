#include "plan/reference_store.h"

#include <gtest/gtest.h>

#include "model/span_batch_builder.h"

namespace spoor {
namespace {

// One span a call, each in a batch of its own.
struct TestSpan {
  TraceId trace{0, 1};
  SpanId id = 1;
  SpanId parent = 0;
  uint64_t start_ns = 100;
  uint64_t end_ns = 200;
  std::string service = "shop";
  std::string name = "GET";
  uint8_t kind = 0;
};

std::shared_ptr<const SpanBatch> BatchOf(const TestSpan& span) {
  SpanBatchBuilder builder;
  builder.BeginAttributes();
  EXPECT_TRUE(builder.AddAttribute(builder.InternString("service.name"), ValueType::kString,
                                   builder.InternString(span.service)));
  builder.AddResource(builder.EndAttributes(), 0, 0);
  builder.AddScope(0, 0, {}, 0, 0);
  builder.BeginSpan();
  builder.EndSpan({.trace_id = span.trace,
                   .span_id = span.id,
                   .parent_span_id = span.parent,
                   .start_ns = span.start_ns,
                   .end_ns = span.end_ns,
                   .name = builder.InternString(span.name),
                   .kind = span.kind});
  return *builder.Finish();
}

SearchPlan Plan(Filter filter, uint64_t min = 0, uint64_t max = UINT64_MAX, uint32_t limit = 100) {
  return {std::move(filter), min, max, limit};
}

TEST(ReferenceStore, CountsEqualSpansOnce) {
  ReferenceStore store;
  store.Add(BatchOf({}));
  store.Add(BatchOf({}));
  store.Add(BatchOf({.id = 2, .parent = 1}));
  EXPECT_EQ(store.GetTrace({0, 1}, {})->spans.size(), 2u);
  EXPECT_EQ(store.Stats().spans_stored, 2u);
  EXPECT_EQ(store.Stats().spans_received, 3u);
  EXPECT_EQ(store.GetTrace({0, 9}, {}).error().code, Code::kNotFound);
}

TEST(ReferenceStore, SearchAnswersTheNewestFirstUpToTheLimit) {
  ReferenceStore store;
  for (uint64_t i = 1; i <= 4; ++i) store.Add(BatchOf({.trace = {0, i}, .start_ns = 100 * (i / 2), .end_ns = 1000}));
  const auto answer = store.Search(Plan(Filter{AllOf{}}, 0, UINT64_MAX, 3), {});
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer->traces.size(), 3u);
  EXPECT_EQ(answer->traces[0].id, (TraceId{0, 4}));
  EXPECT_EQ(answer->traces[1].id, (TraceId{0, 2}));  // as new as 3, but a smaller id
  EXPECT_EQ(answer->traces[2].id, (TraceId{0, 3}));
}

TEST(ReferenceStore, OneSpanMustFulfilEverything) {
  ReferenceStore store;
  store.Add(BatchOf({.id = 1, .start_ns = 100, .service = "a", .name = "x"}));
  store.Add(BatchOf({.id = 2, .parent = 1, .start_ns = 150, .service = "b", .name = "y"}));
  const auto found = [&](const char* service, const char* name, uint64_t min, uint64_t max) {
    const Filter filter{AllOf{{Filter{CompareIntrinsic{Intrinsic::kServiceName, CompareOp::kEqual, service}},
                               Filter{CompareIntrinsic{Intrinsic::kName, CompareOp::kEqual, name}}}}};
    return store.Search(Plan(filter, min, max), {})->traces.size();
  };
  EXPECT_EQ(found("a", "x", 0, UINT64_MAX), 1u);
  EXPECT_EQ(found("a", "y", 0, UINT64_MAX), 0u);
  EXPECT_EQ(found("b", "y", 150, 150), 1u);
  EXPECT_EQ(found("a", "x", 101, 200), 0u);
}

TEST(ReferenceStore, KnowsServicesOperationsAndColours) {
  ReferenceStore store;
  store.Add(BatchOf({.service = "zoo", .name = "b", .kind = 2}));
  store.Add(BatchOf({.id = 2, .service = "zoo", .name = "a", .kind = 3}));
  store.Add(BatchOf({.id = 3, .service = "", .name = "c"}));
  store.Add(BatchOf({.id = 4, .service = "ant", .name = "d"}));
  EXPECT_EQ(*store.Services({}), (std::vector<std::string>{"ant", "zoo"}));
  EXPECT_EQ(*store.Operations("zoo", {}), (std::vector<Operation>{{"a", 3}, {"b", 2}}));
  EXPECT_TRUE(store.Operations("none", {})->empty());
  EXPECT_EQ(store.ServiceColour("zoo"), 1u);
  EXPECT_EQ(store.ServiceColour("ant"), 2u);
  EXPECT_EQ(store.ServiceColour("none"), 0u);
}

TEST(ReferenceStore, CountsCallsBetweenServicesByTheirChildSpans) {
  constexpr uint64_t kMinute = 60'000'000'000;
  ReferenceStore store;
  store.Add(BatchOf({.id = 1, .start_ns = 100, .service = "a"}));
  store.Add(BatchOf({.id = 2, .parent = 1, .start_ns = 110, .service = "a"}));
  store.Add(BatchOf({.id = 3, .parent = 2, .start_ns = 120, .service = "b"}));
  store.Add(BatchOf({.id = 4, .parent = 2, .start_ns = kMinute, .service = "b"}));
  store.Add(BatchOf({.id = 5, .parent = 77, .start_ns = 130, .service = "c"}));
  const auto all = *store.Dependencies(0, UINT64_MAX, {});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].parent, "a");
  EXPECT_EQ(all[0].child, "b");
  EXPECT_EQ(all[0].call_count, 2u);
  EXPECT_EQ((*store.Dependencies(kMinute, kMinute, {}))[0].call_count, 1u);
  EXPECT_EQ((*store.Dependencies(121, 130, {}))[0].call_count, 1u) << "widened to the minute";
  EXPECT_TRUE(store.Dependencies(2 * kMinute, 3 * kMinute, {})->empty());
}

TEST(ReferenceStore, CountsSpansByServiceOperationKindAndStep) {
  constexpr uint64_t kMinute = 60'000'000'000;
  ReferenceStore store;
  const auto add = [&](SpanId id, uint64_t start_ns, const char* name, uint8_t kind) {
    store.Add(BatchOf({.id = id, .start_ns = start_ns, .service = "a", .name = name, .kind = kind}));
  };
  add(1, 5 * kMinute, "x", 2);
  add(1, 5 * kMinute, "x", 2);  // sent again
  add(2, 6 * kMinute, "y", 2);
  add(3, 7 * kMinute + 1, "y", 2);
  add(4, 7 * kMinute, "y", 9);
  const auto by_kind = *store.Red({}, {});
  ASSERT_EQ(by_kind.series.size(), 2u);
  EXPECT_EQ(by_kind.series[0].kind, 0) << "a number that OTLP does not have";
  EXPECT_EQ(by_kind.series[0].total.count(), 1);
  EXPECT_EQ(by_kind.series[1].total.count(), 3);
  const auto stepped = *store.Red({.start_min_ns = 5 * kMinute + 59,
                                   .start_max_ns = 7 * kMinute,
                                   .kind = 2,
                                   .by_operation = true,
                                   .step_minutes = 2},
                                  {});
  ASSERT_EQ(stepped.series.size(), 2u);
  EXPECT_EQ(stepped.series[0].operation, "x");
  ASSERT_EQ(stepped.series[1].steps.size(), 2u);
  EXPECT_EQ(stepped.series[1].steps[0].index, 0u);
  EXPECT_EQ(stepped.series[1].steps[1].index, 1u);
  EXPECT_EQ(store.Red({.operation = "y"}, {})->series.size(), 2u);
  EXPECT_EQ(store.Red({.start_max_ns = kMinute}, {})->series.size(), 0u);
}

TEST(ReferenceStore, StopsWhereNobodyWaits) {
  ReferenceStore store;
  QueryContext context;
  context.cancelled = std::make_shared<const std::atomic<bool>>(true);
  EXPECT_EQ(store.Services(context).error().code, Code::kCancelled);
  QueryContext late;
  late.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  EXPECT_EQ(store.Search(SearchPlan{}, late).error().code, Code::kCancelled);
}

}  // namespace
}  // namespace spoor
