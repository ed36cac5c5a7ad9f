// The contract of GetTrace: which spans a trace has, once each, and how they stand.
#include <algorithm>
#include <limits>

#include "plan/contract/trace_store_contract.h"

namespace spoor::contract {
namespace {

using ::testing::ElementsAre;

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();

std::vector<uint8_t> Warnings(const Trace& trace) {
  std::vector<uint8_t> warnings;
  for (const TraceSpan& span : trace.spans) warnings.push_back(span.warnings);
  return warnings;
}

TEST_P(TraceStoreContract, GivesATraceWholeWhicheverBatchesItsSpansCameIn) {
  Send({{.id = 3, .parent = 2, .start_ns = kStartNs + 20}, {.trace = NumberedTrace(2)}});
  Send({{.id = 1, .start_ns = kStartNs}});
  Send({{.trace = NumberedTrace(3)}, {.id = 2, .parent = 1, .start_ns = kStartNs + 10}});
  EXPECT_THAT(SpanIds(NumberedTrace(1)), ElementsAre(1, 2, 3));
  const Trace trace = Get(NumberedTrace(1));
  EXPECT_EQ(trace.id, NumberedTrace(1));
  EXPECT_EQ(trace.spans[0].parent, AssembledSpan::kNoParent);
  EXPECT_EQ(trace.spans[1].parent, 0u);
  EXPECT_EQ(trace.spans[2].parent, 1u);
  EXPECT_EQ(trace.spans[2].depth, 2u);
  EXPECT_EQ(trace.root, 0u);
  EXPECT_FALSE(trace.root_missing);
  EXPECT_EQ(trace.orphan_count, 0u);
}

TEST_P(TraceStoreContract, SaysNotFoundOfATraceThatNobodySent) {
  const auto code_of = [&](TraceId id) {
    const auto answer = Store().GetTrace(id, {});
    return answer ? Code::kInternal : answer.error().code;
  };
  EXPECT_EQ(code_of(NumberedTrace(1)), Code::kNotFound) << "the store is empty";
  Send({{}});
  EXPECT_EQ(code_of(NumberedTrace(2)), Code::kNotFound);
  EXPECT_EQ(code_of({}), Code::kNotFound);
  EXPECT_EQ(code_of({NumberedTrace(1).high, 2}), Code::kNotFound) << "half of the id is known";
  EXPECT_EQ(code_of({0, 1}), Code::kNotFound) << "half of the id is known";
}

TEST_P(TraceStoreContract, TakesTraceIdsOfAllSizesAndKeepsThoseApartThatShareHalfOfThem) {
  const std::vector<TraceId> ids{{0, 1}, {0, kMax}, {1, 0}, {1, 1}, {1, kMax}, {kMax, 0}, {kMax, 1}, {kMax, kMax}};
  for (const bool second : {false, true}) {
    std::vector<SentSpan> spans;
    for (const TraceId id : ids) spans.push_back({.trace = id, .id = second ? 9u : 8u});
    Send(spans);
  }
  for (const TraceId id : ids) EXPECT_THAT(SpanIds(id), ElementsAre(8, 9)) << TraceIdHex(id);
  std::vector<TraceId> found;
  for (const TraceSummary& trace : Search().traces) found.push_back(trace.id);
  EXPECT_EQ(found, ids) << "equal starts stand by trace id";
}

TEST_P(TraceStoreContract, TakesSpanIdsOfAllSizes) {
  Send({{.id = kMax, .parent = 1, .start_ns = kStartNs + 1}, {.id = 1}});
  Send({{.id = uint64_t{1} << 63, .parent = kMax, .start_ns = kStartNs + 2}});
  EXPECT_THAT(SpanIds(NumberedTrace(1)), ElementsAre(1, kMax, uint64_t{1} << 63));
  EXPECT_EQ(Get(NumberedTrace(1)).orphan_count, 0u);
}

TEST_P(TraceStoreContract, KeepsASpanOnceHoweverOftenItWasSent) {
  const SentSpan root{.id = 1, .attributes = {{"key", "value"}}, .events = {{.name = "event"}}};
  const SentSpan child{.id = 2, .parent = 1, .start_ns = kStartNs + 1};
  const SentSpan other{.trace = NumberedTrace(2), .attributes = {{"key", "another"}}};
  Send({root});
  Send({root});
  Send({child, root, child});
  Send({other, root});
  Send({root, child, other});
  EXPECT_THAT(SpanIds(NumberedTrace(1)), ElementsAre(1, 2));
  EXPECT_THAT(Warnings(Get(NumberedTrace(1))), ElementsAre(0, 0));
  const SearchAnswer answer = Search({.count = true});
  EXPECT_EQ(answer.trace_count, 2u);
  for (const TraceSummary& trace : answer.traces) EXPECT_EQ(trace.span_count, trace.id.low == 1 ? 2u : 1u);
}

TEST_P(TraceStoreContract, KeepsSpansOfOneIdApartWhereAnyFieldDiffers) {
  const std::vector<SentSpan> spans{
      {},
      {.name = "other"},
      {.parent = 7},
      {.duration_ns = 11},
      {.status = 2},
      {.status_message = "m"},
      {.trace_state = "a=b"},
      {.flags = 1},
      {.dropped_attributes = 1},
      {.dropped_events = 1},
      {.dropped_links = 1},
      {.attributes = {{"a", 1}}},
      {.attributes = {{"a", "1"}}},
      {.attributes = {{"a", 1}, {"a", 1}}},
      {.events = {{.name = "e"}}},
      {.events = {{.time_ns = kStartNs + 1, .name = "e"}}},
      {.events = {{.name = "e", .attributes = {{"a", true}}}}},
      {.links = {{}}},
      {.links = {{.id = 2}}},
      {.resource = {.service = "other"}},
      {.resource = {.attributes = {{"a", 1.5}}}},
      {.resource = {.schema_url = "s"}},
      {.resource = {.dropped_attributes = 1}},
      {.scope = {.name = "s"}},
      {.scope = {.name = "", .version = "1"}},
      {.scope = {.name = "", .attributes = {{"a", ""}}}},
  };
  for (size_t i = 0; i < spans.size(); i += 2)
    Send({spans.begin() + static_cast<int64_t>(i), spans.begin() + static_cast<int64_t>(i + 2)});
  Send(spans);
  const Trace trace = Get(NumberedTrace(1));
  EXPECT_EQ(trace.spans.size(), spans.size());
  for (const TraceSpan& span : trace.spans) EXPECT_TRUE(span.warnings & span_warning::kSharedId);
  ExpectKept(*MakeBatch(spans));
}

TEST_P(TraceStoreContract, PutsAServerSpanUnderTheClientSpanThatSharesItsId) {
  const auto kServer = static_cast<uint8_t>(SpanKind::kServer), kClient = static_cast<uint8_t>(SpanKind::kClient);
  Send({{.id = 5, .start_ns = kStartNs + 2, .kind = kServer}, {.id = 6, .parent = 5, .start_ns = kStartNs + 3}});
  Send({{.id = 5, .start_ns = kStartNs + 1, .kind = kClient}});
  const Trace trace = Get(NumberedTrace(1));
  EXPECT_THAT(SpanIds(NumberedTrace(1)), ElementsAre(5, 5, 6));
  EXPECT_EQ(trace.spans[0].batch->kind[trace.spans[0].row], kClient);
  EXPECT_EQ(trace.spans[1].parent, 0u);
  EXPECT_EQ(trace.spans[2].parent, 1u) << "children are the server span's";
  EXPECT_THAT(Warnings(trace), ElementsAre(0, 0, 0));
}

TEST_P(TraceStoreContract, StandsSiblingsByStartThenLongestThenId) {
  Send({{.id = 1, .duration_ns = 100}, {.id = 9, .parent = 1, .start_ns = kStartNs + 1}});
  Send({{.id = 8, .parent = 1, .start_ns = kStartNs + 2, .duration_ns = 5},
        {.id = 4, .parent = 8, .start_ns = kStartNs + 50},
        {.id = 7, .parent = 1, .start_ns = kStartNs + 2, .duration_ns = 6}});
  Send({{.id = 6, .parent = 1, .start_ns = kStartNs + 2, .duration_ns = 5}});
  EXPECT_THAT(SpanIds(NumberedTrace(1)), ElementsAre(1, 9, 7, 6, 8, 4));
}

TEST_P(TraceStoreContract, TakesInAParentThatComesLongAfterItsChild) {
  Send({{.id = 2, .parent = 1, .start_ns = kStartNs + 10}});
  Trace trace = Get(NumberedTrace(1));
  EXPECT_TRUE(trace.root_missing);
  EXPECT_EQ(trace.orphan_count, 1u);
  EXPECT_THAT(Warnings(trace), ElementsAre(span_warning::kParentMissing));
  Send({{.id = 1}});
  trace = Get(NumberedTrace(1));
  EXPECT_FALSE(trace.root_missing);
  EXPECT_EQ(trace.orphan_count, 0u);
  EXPECT_THAT(SpanIds(NumberedTrace(1)), ElementsAre(1, 2));
  EXPECT_EQ(trace.spans[1].parent, 0u);
  Send({{.id = 3, .parent = 2, .start_ns = kStartNs + 11}});
  EXPECT_THAT(SpanIds(NumberedTrace(1)), ElementsAre(1, 2, 3));
}

TEST_P(TraceStoreContract, TellsTheRootFromOrphansThatStartEarlier) {
  Send({{.id = 3, .parent = 77, .start_ns = kStartNs - 5}});
  Send({{.id = 2, .parent = 1, .start_ns = kStartNs + 1}, {.id = 1, .start_ns = kStartNs}});
  const Trace trace = Get(NumberedTrace(1));
  EXPECT_THAT(SpanIds(NumberedTrace(1)), ElementsAre(3, 1, 2));
  EXPECT_EQ(trace.root, 1u);
  EXPECT_FALSE(trace.root_missing);
  EXPECT_EQ(trace.orphan_count, 1u);
}

TEST_P(TraceStoreContract, CutsACircleOfParentsAtItsEarliestSpan) {
  Send({{.id = 1, .parent = 3, .start_ns = kStartNs + 2}, {.id = 2, .parent = 1, .start_ns = kStartNs + 1}});
  Send({{.id = 3, .parent = 2, .start_ns = kStartNs + 3}});
  Send({{.trace = NumberedTrace(2), .id = 4, .parent = 4}});
  EXPECT_THAT(SpanIds(NumberedTrace(1)), ElementsAre(2, 3, 1));
  const Trace trace = Get(NumberedTrace(1));
  EXPECT_TRUE(trace.spans[0].warnings & span_warning::kCycle);
  EXPECT_TRUE(trace.root_missing);
  EXPECT_EQ(Get(NumberedTrace(2)).spans[0].parent, AssembledSpan::kNoParent) << "a span that is its own parent";
}

TEST_P(TraceStoreContract, KeepsAnEndBeforeTheStartAsItWasSent) {
  const auto batch = MakeBatch({{.start_ns = kStartNs, .end_ns = kStartNs - 1},
                                {.trace = NumberedTrace(2), .end_ns = 0},
                                {.trace = NumberedTrace(3), .start_ns = 0, .end_ns = 0}});
  SendBatch(batch);
  ExpectKept(*batch);
  EXPECT_THAT(Warnings(Get(NumberedTrace(1))), ElementsAre(span_warning::kEndBeforeStart));
  EXPECT_THAT(Warnings(Get(NumberedTrace(3))), ElementsAre(0));
  for (const TraceSummary& trace : Search().traces) EXPECT_EQ(trace.duration_ns(), 0u);
}

TEST_P(TraceStoreContract, TakesTimesFromZeroToTheHighest) {
  const auto batch = MakeBatch({{.trace = NumberedTrace(1), .start_ns = 0, .end_ns = 0},
                                {.trace = NumberedTrace(2), .start_ns = 0, .end_ns = kMax},
                                {.trace = NumberedTrace(3), .start_ns = kMax, .end_ns = kMax},
                                {.trace = NumberedTrace(4), .start_ns = kMax, .end_ns = 0},
                                {.trace = NumberedTrace(5), .start_ns = kMax - 1, .end_ns = kMax},
                                {.trace = NumberedTrace(6), .start_ns = uint64_t{1} << 63, .end_ns = kMax}});
  SendBatch(batch);
  Send({{.trace = NumberedTrace(7), .id = 1, .start_ns = 0, .end_ns = 1}});
  Send({{.trace = NumberedTrace(7), .id = 2, .parent = 1, .start_ns = kMax, .end_ns = kMax}});
  ExpectKept(*batch);
  EXPECT_THAT(Found(), ElementsAre(4, 3, 5, 6, 2, 7, 1));
  EXPECT_THAT(Found({.order = TraceOrder::kLongest}), ElementsAre(2, 7, 6, 5, 4, 3, 1));
  EXPECT_THAT(Found({.start_min_ns = kMax}), ElementsAre(4, 3, 7));
  EXPECT_THAT(Found({.start_max_ns = 0}), ElementsAre(2, 7, 1));
}

// Ids that decide what stands first where starts are equal.
TEST_P(TraceStoreContract, OrdersTracesOfOneStartByTheWholeId) {
  Send({{.trace = {2, 1}}, {.trace = {1, 9}}});
  Send({{.trace = {1, 3}}, {.trace = {0, 7}}});
  EXPECT_THAT(Found(), ElementsAre(7, 3, 9, 1));
  EXPECT_THAT(Found({.order = TraceOrder::kMostSpans}), ElementsAre(7, 3, 9, 1));
}

TEST_P(TraceStoreContract, PutsAChainOfThousandsOfSpansTogether) {
  constexpr uint32_t kSpans = 6'000, kBatches = 3;
  for (uint32_t batch = 0; batch < kBatches; ++batch) {
    std::vector<SentSpan> spans;
    for (uint64_t i = batch; i < kSpans; i += kBatches) {
      spans.push_back({.id = i + 1, .parent = i, .start_ns = kStartNs + i});
    }
    Send(spans);
  }
  const Trace trace = Get(NumberedTrace(1));
  ASSERT_EQ(trace.spans.size(), kSpans);
  for (uint32_t i = 0; i < kSpans; ++i) {
    ASSERT_EQ(trace.spans[i].batch->span_id[trace.spans[i].row], i + 1);
    ASSERT_EQ(trace.spans[i].depth, i);
  }
  const SearchAnswer answer = Search();
  ASSERT_EQ(answer.traces.size(), 1u);
  EXPECT_EQ(answer.traces[0].span_count, kSpans);
}

}  // namespace
}  // namespace spoor::contract
