// The contract of Red and Calls: every span that trace assembly keeps counted once, by the minute.
#include <fmt/format.h>

#include "plan/contract/trace_store_contract.h"

namespace spoor::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "service/operation kind: count, errors, sum of durations", and a line a step.
std::vector<std::string> Lines(const std::vector<RedSeries>& all) {
  std::vector<std::string> lines;
  const auto counts = [](const SpanCounts& one) {
    return fmt::format("{} spans, {} errors, {} ns", one.count(), one.error_count,
                       static_cast<int64_t>(one.durations.sum_ns()));
  };
  for (const RedSeries& one : all) {
    lines.push_back(fmt::format("{}/{} {}: {}", one.service, one.operation, one.kind, counts(one.total)));
    for (const RedStep& step : one.steps) lines.push_back(fmt::format("  {}: {}", step.index, counts(step.counts)));
  }
  return lines;
}

std::vector<std::string> Lines(const std::vector<ServiceCalls>& all) {
  std::vector<std::string> lines;
  for (const ServiceCalls& one : all) {
    lines.push_back(fmt::format("{} > {}: {} calls, {} errors, {} ns", one.parent, one.child, one.total.count(),
                                one.total.error_count, static_cast<int64_t>(one.total.durations.sum_ns())));
  }
  return lines;
}

SentSpan Counted(uint64_t trace, uint64_t minute, const char* service, const char* name, uint8_t kind,
                 uint64_t duration, uint8_t status = 0) {
  return {.trace = NumberedTrace(trace),
          .start_ns = kStartNs + minute * kMinuteNs + trace,
          .duration_ns = duration,
          .name = name,
          .kind = kind,
          .status = status,
          .resource = {.service = service}};
}

TEST_P(TraceStoreContract, CountsNothingInAnEmptyStore) {
  EXPECT_THAT(Red(), IsEmpty());
  EXPECT_THAT(Calls(), IsEmpty());
}

TEST_P(TraceStoreContract, CountsSpansByServiceAndKindAndByOperationWhereAsked) {
  Send({Counted(1, 0, "a", "x", 2, 10), Counted(2, 0, "a", "y", 2, 20, kError), Counted(3, 1, "a", "x", 3, 30)});
  Send({Counted(4, 2, "b", "x", 2, 40), Counted(5, 3, "a", "x", 2, 50, kError), Counted(6, 3, "", "x", 2, 60, 1)});
  EXPECT_THAT(Lines(Red()), ElementsAre("/ 2: 1 spans, 0 errors, 60 ns", "a/ 2: 3 spans, 2 errors, 80 ns",
                                        "a/ 3: 1 spans, 0 errors, 30 ns", "b/ 2: 1 spans, 0 errors, 40 ns"));
  EXPECT_THAT(Lines(Red({.by_operation = true})),
              ElementsAre("/x 2: 1 spans, 0 errors, 60 ns", "a/x 2: 2 spans, 1 errors, 60 ns",
                          "a/x 3: 1 spans, 0 errors, 30 ns", "a/y 2: 1 spans, 1 errors, 20 ns",
                          "b/x 2: 1 spans, 0 errors, 40 ns"));
  EXPECT_THAT(Lines(Red({.service = "a"})),
              ElementsAre("a/ 2: 3 spans, 2 errors, 80 ns", "a/ 3: 1 spans, 0 errors, 30 ns"));
  EXPECT_THAT(Lines(Red({.service = "a", .operation = "x", .kind = 2})), ElementsAre("a/ 2: 2 spans, 1 errors, 60 ns"));
  EXPECT_THAT(Lines(Red({.service = ""})), ElementsAre("/ 2: 1 spans, 0 errors, 60 ns"));
  EXPECT_THAT(Red({.service = "nowhere"}), IsEmpty());
  EXPECT_THAT(Red({.operation = ""}), IsEmpty());
}

TEST_P(TraceStoreContract, WidensTheWindowOfCountsToWholeMinutes) {
  for (uint64_t minute = 0; minute < 4; ++minute) Send({Counted(minute + 1, minute, "a", "x", 2, 1 + minute)});
  const auto count = [&](uint64_t min_ns, uint64_t max_ns) {
    int64_t sum = 0;
    for (const RedSeries& one : Red({.start_min_ns = min_ns, .start_max_ns = max_ns})) sum += one.total.count();
    return sum;
  };
  const uint64_t second_ns = kStartNs + kMinuteNs;
  EXPECT_EQ(count(second_ns, second_ns), 1);
  EXPECT_EQ(count(second_ns + kMinuteNs - 1, second_ns + kMinuteNs - 1), 1);
  EXPECT_EQ(count(second_ns + kMinuteNs - 1, second_ns + kMinuteNs), 2);
  EXPECT_EQ(count(second_ns - 1, second_ns), 2);
  EXPECT_EQ(count(kStartNs, UINT64_MAX), 4);
  EXPECT_EQ(count(0, kStartNs - 1), 0);
  EXPECT_EQ(count(second_ns + kMinuteNs, second_ns), 0) << "a window that ends before it begins";
}

TEST_P(TraceStoreContract, CountsByStepsFromTheFirstMinuteOn) {
  for (uint64_t minute = 0; minute < 6; ++minute) {
    if (minute != 3) Send({Counted(minute + 1, minute, "a", "x", 2, 1 + minute, minute == 5 ? kError : uint8_t{0})});
  }
  EXPECT_THAT(
      Lines(Red({.start_min_ns = kStartNs + 30, .step_minutes = 1})),
      ElementsAre("a/ 2: 5 spans, 1 errors, 17 ns", "  0: 1 spans, 0 errors, 1 ns", "  1: 1 spans, 0 errors, 2 ns",
                  "  2: 1 spans, 0 errors, 3 ns", "  4: 1 spans, 0 errors, 5 ns", "  5: 1 spans, 1 errors, 6 ns"));
  EXPECT_THAT(
      Lines(Red({.start_min_ns = kStartNs + kMinuteNs, .start_max_ns = kStartNs + 4 * kMinuteNs, .step_minutes = 2})),
      ElementsAre("a/ 2: 3 spans, 0 errors, 10 ns", "  0: 2 spans, 0 errors, 5 ns", "  1: 1 spans, 0 errors, 5 ns"));
  EXPECT_THAT(Lines(Red({.start_min_ns = kStartNs, .step_minutes = 1'000'000})),
              ElementsAre("a/ 2: 5 spans, 1 errors, 17 ns", "  0: 5 spans, 1 errors, 17 ns"));
}

TEST_P(TraceStoreContract, CountsASpanOnceHoweverOftenItWasSent) {
  const SentSpan root = Counted(1, 0, "a", "x", 2, 10, kError);
  SentSpan child = Counted(1, 0, "b", "y", 2, 5);
  child.id = 2;
  child.parent = 1;
  Send({root, child});
  Send({child, root, Counted(2, 0, "a", "x", 2, 1)});
  Send({root});
  EXPECT_THAT(Lines(Red()), ElementsAre("a/ 2: 2 spans, 1 errors, 11 ns", "b/ 2: 1 spans, 0 errors, 5 ns"));
  EXPECT_THAT(Lines(Calls()), ElementsAre("a > b: 1 calls, 0 errors, 5 ns"));
}

TEST_P(TraceStoreContract, CountsDurationsExactlyToTheBucketAndTheirSumExactly) {
  LatencySketch expected;
  std::vector<SentSpan> spans;
  for (uint64_t i = 0; i < 64; ++i) {
    spans.push_back({.trace = NumberedTrace(i + 1), .start_ns = 0, .duration_ns = (uint64_t{1} << i) - 1});
    expected.Add(spans.back().duration_ns);
  }
  spans.push_back({.trace = NumberedTrace(65), .start_ns = 0, .duration_ns = UINT64_MAX});
  spans.push_back({.trace = NumberedTrace(66), .start_ns = 5, .end_ns = 0});
  expected.Add(UINT64_MAX);
  expected.Add(0);
  Send(spans);
  const std::vector<RedSeries> series = Red();
  ASSERT_EQ(series.size(), 1u);
  EXPECT_EQ(series[0].total.durations, expected);
}

TEST_P(TraceStoreContract, CountsKindsThatOtlpDoesNotHaveAsUnspecified) {
  Send({Counted(1, 0, "a", "x", 9, 1), Counted(2, 0, "a", "x", 0, 2), Counted(3, 0, "a", "x", 255, 4)});
  EXPECT_THAT(Lines(Red()), ElementsAre("a/ 0: 3 spans, 0 errors, 7 ns"));
}

TEST_P(TraceStoreContract, CountsSpansAtTheEndsOfTime) {
  Send({{.trace = NumberedTrace(1), .start_ns = 0, .duration_ns = 1},
        {.trace = NumberedTrace(2), .start_ns = UINT64_MAX, .duration_ns = 0}});
  EXPECT_THAT(Lines(Red()), ElementsAre("shop/ 1: 2 spans, 0 errors, 1 ns"));
  EXPECT_THAT(Lines(Red({.start_max_ns = 0})), ElementsAre("shop/ 1: 1 spans, 0 errors, 1 ns"));
  EXPECT_THAT(Lines(Red({.start_min_ns = UINT64_MAX})), ElementsAre("shop/ 1: 1 spans, 0 errors, 0 ns"));
}

SentSpan Called(SpanId id, SpanId parent, uint64_t minute, std::optional<std::string> service, uint8_t status = 0) {
  return {.id = id,
          .parent = parent,
          .start_ns = kStartNs + minute * kMinuteNs + id,
          .status = status,
          .resource = {.service = std::move(service)}};
}

TEST_P(TraceStoreContract, CountsCallsFromServiceToServiceByTheChildsOfRealParents) {
  Send({Called(1, 0, 0, "a"), Called(2, 1, 0, "a"), Called(3, 2, 0, "b"), Called(4, 2, 1, "b", kError)});
  Send({Called(5, 3, 1, "a"), Called(6, 77, 0, "c"), Called(7, 1, 0, std::nullopt), Called(8, 7, 0, "c"),
        Called(9, 1, 0, "")});
  EXPECT_THAT(Lines(Calls()), ElementsAre("a > b: 2 calls, 1 errors, 20 ns", "b > a: 1 calls, 0 errors, 10 ns"));
  EXPECT_THAT(Lines(Calls(kStartNs, kStartNs)), ElementsAre("a > b: 1 calls, 0 errors, 10 ns"));
  EXPECT_THAT(Lines(Calls(kStartNs + kMinuteNs + 7, UINT64_MAX)),
              ElementsAre("a > b: 1 calls, 1 errors, 10 ns", "b > a: 1 calls, 0 errors, 10 ns"));
  EXPECT_THAT(Calls(0, kStartNs - 1), IsEmpty());
  const auto dependencies = *Store().Dependencies(0, UINT64_MAX, {});
  ASSERT_EQ(dependencies.size(), 2u);
  EXPECT_EQ(dependencies[0].parent, "a");
  EXPECT_EQ(dependencies[0].child, "b");
  EXPECT_EQ(dependencies[0].call_count, 2u);
}

TEST_P(TraceStoreContract, CountsACallOnceItsParentIsThereAndTakesItBackWhereTheParentChanges) {
  Send({Called(2, 1, 5, "b")});
  EXPECT_THAT(Calls(), IsEmpty());
  Send({Called(1, 0, 9, "a")});
  EXPECT_THAT(Lines(Calls()), ElementsAre("a > b: 1 calls, 0 errors, 10 ns"));
  EXPECT_THAT(Lines(Calls(kStartNs + 9 * kMinuteNs, UINT64_MAX)), IsEmpty()) << "the child's time counts";
  // Another span of the parent's id that starts earlier is the parent from then on.
  Send({Called(1, 0, 0, "z")});
  EXPECT_THAT(Lines(Calls()), ElementsAre("z > b: 1 calls, 0 errors, 10 ns"));
  EXPECT_THAT(Lines(Red()), ElementsAre("a/ 1: 1 spans, 0 errors, 10 ns", "b/ 1: 1 spans, 0 errors, 10 ns",
                                        "z/ 1: 1 spans, 0 errors, 10 ns"));
}

TEST_P(TraceStoreContract, CountsCallsOfManyTracesTogether) {
  for (uint64_t part = 0; part < 3; ++part) {
    std::vector<SentSpan> spans;
    for (uint64_t trace = 1; trace <= 300; ++trace) {
      SentSpan span = Called(part + 1, part, trace % 4, std::string(1, static_cast<char>('a' + part)));
      span.trace = NumberedTrace(trace);
      if (trace % 10 == 0) span.status = kError;
      spans.push_back(std::move(span));
    }
    Send(spans);
  }
  EXPECT_THAT(Lines(Calls()),
              ElementsAre("a > b: 300 calls, 30 errors, 3000 ns", "b > c: 300 calls, 30 errors, 3000 ns"));
  EXPECT_THAT(Lines(Calls(kStartNs, kStartNs + kMinuteNs)),
              ElementsAre("a > b: 150 calls, 15 errors, 1500 ns", "b > c: 150 calls, 15 errors, 1500 ns"));
}

}  // namespace
}  // namespace spoor::contract
