#include "model/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "model/span_batch_builder.h"

namespace spoor {
namespace {

using ::testing::ElementsAre;

constexpr TraceId kTrace{1, 2};
constexpr uint8_t kError = static_cast<uint8_t>(StatusCode::kError);

struct TestSpan {
  SpanFields fields;
  std::string name;
  std::string service;
};

TestSpan Span(SpanId id, SpanId parent, uint64_t start, std::string service, uint8_t status = 0,
              TraceId trace = kTrace) {
  return {{.trace_id = trace,
           .span_id = id,
           .parent_span_id = parent,
           .start_ns = start,
           .end_ns = start + 10,
           .status_code = status},
          "span " + std::to_string(id),
          std::move(service)};
}

std::shared_ptr<const SpanBatch> BatchOf(const std::vector<TestSpan>& spans) {
  SpanBatchBuilder builder;
  for (TestSpan span : spans) {
    builder.BeginAttributes();
    EXPECT_TRUE(builder.AddAttribute(builder.InternString("service.name"), ValueType::kString,
                                     builder.InternString(span.service)));
    builder.AddResource(builder.EndAttributes(), 0, 0);
    builder.AddScope(0, 0, {}, 0, 0);
    builder.BeginSpan();
    span.fields.name = builder.InternString(span.name);
    builder.EndSpan(span.fields);
  }
  return builder.Finish().value();
}

std::vector<SpanId> Ids(const Trace& trace) {
  std::vector<SpanId> ids;
  for (const TraceSpan& span : trace.spans) ids.push_back(span.batch->span_id[span.row]);
  return ids;
}

TEST(MakeTrace, TakesTheSpansOfOneTraceOutOfAllBatches) {
  const auto first = BatchOf({Span(9, 0, 5, "a", 0, {1, 3}), Span(2, 1, 20, "a"), Span(8, 0, 5, "a", 0, {0, 2})});
  const auto second = BatchOf({Span(7, 0, 5, "a", 0, {5, 5})});
  const auto third = BatchOf({Span(3, 2, 30, "b"), Span(1, 0, 10, "b"), Span(4, 1, 40, "c")});
  const Trace trace = MakeTrace(kTrace, {first, second, third});
  EXPECT_EQ(trace.id, kTrace);
  EXPECT_THAT(Ids(trace), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(trace.batches, ElementsAre(first, third)) << "only what it needs is kept alive";
  EXPECT_EQ(trace.spans[0].parent, AssembledSpan::kNoParent);
  EXPECT_EQ(trace.spans[2].parent, 1u);
  EXPECT_EQ(trace.spans[2].depth, 2u);
  EXPECT_EQ(trace.spans[2].batch, third.get());
  EXPECT_EQ(trace.spans[2].row, 0u);
  EXPECT_EQ(trace.root, 0u);
  EXPECT_FALSE(trace.root_missing);
}

TEST(MakeTrace, FindsNothingOfAnUnknownTrace) {
  const Trace trace = MakeTrace({7, 7}, {BatchOf({Span(1, 0, 10, "a")})});
  EXPECT_TRUE(trace.spans.empty());
  EXPECT_TRUE(trace.batches.empty());
  EXPECT_TRUE(MakeTrace({7, 7}, {}).spans.empty());
}

TEST(MakeTrace, TakesSpansThatWereSentTwiceOnce) {
  const auto sent = BatchOf({Span(1, 0, 10, "a"), Span(2, 1, 20, "a")});
  const auto again = BatchOf({Span(5, 0, 1, "z", 0, {9, 9}), Span(2, 1, 20, "a"), Span(1, 0, 10, "a")});
  const auto different = BatchOf({Span(2, 1, 20, "b")});
  EXPECT_THAT(Ids(MakeTrace(kTrace, {sent, again, sent})), ElementsAre(1, 2));
  const Trace trace = MakeTrace(kTrace, {sent, again, different});
  EXPECT_THAT(Ids(trace), ElementsAre(1, 2, 2));
  EXPECT_EQ(trace.spans[1].warnings, span_warning::kSharedId);
}

TEST(MakeTrace, CountsManySpansOfOneIdAndTimeByTheirContent) {
  std::vector<TestSpan> spans;
  for (int i = 0; i < 300; ++i) spans.push_back(Span(1, 0, 10, "service " + std::to_string(i % 150)));
  EXPECT_EQ(MakeTrace(kTrace, {BatchOf(spans)}).spans.size(), 150u);
}

TEST(Summarise, TellsOfRootTimesCountsAndServices) {
  const auto batch = BatchOf({Span(1, 0, 100, "shop"), Span(2, 1, 90, "cart", kError), Span(3, 1, 120, "cart"),
                              Span(4, 1, 130, "auth", kError), Span(5, 66, 140, "cart", kError)});
  const TraceSummary summary = Summarise(MakeTrace(kTrace, {batch}));
  EXPECT_EQ(summary.id, kTrace);
  EXPECT_EQ(summary.root_service, "shop");
  EXPECT_EQ(summary.root_name, "span 1");
  EXPECT_EQ(summary.start_ns, 90u);
  EXPECT_EQ(summary.end_ns, 150u);
  EXPECT_EQ(summary.duration_ns(), 60u);
  EXPECT_EQ(summary.span_count, 5u);
  EXPECT_EQ(summary.error_count, 3u);
  EXPECT_EQ(summary.orphan_count, 1u);
  EXPECT_FALSE(summary.root_missing);
  ASSERT_EQ(summary.services.size(), 3u);
  EXPECT_EQ(summary.services[0].name, "cart");
  EXPECT_EQ(summary.services[0].span_count, 3u);
  EXPECT_EQ(summary.services[0].error_count, 2u);
  EXPECT_EQ(summary.services[1].name, "auth") << "by name where the counts are the same";
  EXPECT_EQ(summary.services[2].name, "shop");
}

TEST(Summarise, NamesTheEarliestOrphanWhereTheRootIsMissing) {
  const TraceSummary summary =
      Summarise(MakeTrace(kTrace, {BatchOf({Span(2, 1, 30, "late"), Span(3, 1, 20, "early")})}));
  EXPECT_TRUE(summary.root_missing);
  EXPECT_EQ(summary.root_service, "early");
  EXPECT_EQ(summary.root_name, "span 3");
  EXPECT_EQ(summary.orphan_count, 2u);
}

TEST(Summarise, NeverEndsBeforeItStarts) {
  TestSpan span = Span(1, 0, 100, "a");
  span.fields.end_ns = 3;
  const TraceSummary summary = Summarise(MakeTrace(kTrace, {BatchOf({span})}));
  EXPECT_EQ(summary.start_ns, 100u);
  EXPECT_EQ(summary.end_ns, 100u);
}

TEST(Summarise, HasOnlyTheIdOfATraceWithoutSpans) {
  const TraceSummary summary = Summarise(MakeTrace(kTrace, {}));
  EXPECT_EQ(summary.id, kTrace);
  EXPECT_EQ(summary.span_count, 0u);
  EXPECT_EQ(summary.duration_ns(), 0u);
}

}  // namespace
}  // namespace spoor
