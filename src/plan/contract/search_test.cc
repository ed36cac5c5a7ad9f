// The contract of Search: windows, orders, limits, pages, conditions on whole traces, and the summaries that come back.
#include <algorithm>
#include <tuple>

#include "plan/contract/trace_store_contract.h"

namespace spoor::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TraceOrder kOrders[] = {TraceOrder::kNewest, TraceOrder::kLongest, TraceOrder::kShortest,
                                  TraceOrder::kMostSpans, TraceOrder::kMostErrors};

TEST_P(TraceStoreContract, FindsNothingInAnEmptyStore) {
  for (const TraceOrder order : kOrders) {
    const SearchAnswer answer = Search({.order = order, .count = true});
    EXPECT_THAT(answer.traces, IsEmpty());
    EXPECT_FALSE(answer.has_more);
    EXPECT_EQ(answer.trace_count, 0u);
  }
}

TEST_P(TraceStoreContract, TellsOfATraceWhatItsSpansSayTogether) {
  Send({{.id = 2, .parent = 1, .start_ns = kStartNs + 5, .duration_ns = 100, .resource = {.service = "cart"}},
        {.id = 3, .parent = 1, .start_ns = kStartNs + 6, .status = kError, .resource = {.service = "bank"}}});
  Send({{.id = 1, .duration_ns = 50, .name = "GET /", .status = kError, .resource = {.service = "web"}},
        {.id = 4, .parent = 88, .start_ns = kStartNs + 7, .status = 1, .resource = {.service = "cart"}}});
  const SearchAnswer answer = Search();
  ASSERT_EQ(answer.traces.size(), 1u);
  const TraceSummary& trace = answer.traces[0];
  EXPECT_EQ(trace.id, NumberedTrace(1));
  EXPECT_EQ(trace.root_service, "web");
  EXPECT_EQ(trace.root_name, "GET /");
  EXPECT_EQ(trace.start_ns, kStartNs);
  EXPECT_EQ(trace.end_ns, kStartNs + 105);
  EXPECT_EQ(trace.span_count, 4u);
  EXPECT_EQ(trace.error_count, 2u);
  EXPECT_EQ(trace.orphan_count, 1u);
  EXPECT_FALSE(trace.root_missing);
  ASSERT_EQ(trace.services.size(), 3u);
  const auto expect_service = [&](size_t at, const char* name, uint32_t spans, uint32_t errors) {
    const ServiceCount& service = trace.services[at];
    EXPECT_EQ(std::tie(service.name, service.span_count, service.error_count), std::tuple(name, spans, errors));
  };
  expect_service(0, "cart", 2, 0);
  expect_service(1, "bank", 1, 1);
  expect_service(2, "web", 1, 1);
}

TEST_P(TraceStoreContract, TakesTheEarliestOrphanWhereTheRootIsMissing) {
  Send({{.id = 5, .parent = 9, .start_ns = kStartNs + 5, .name = "late", .resource = {.service = "b"}}});
  Send({{.id = 6, .parent = 8, .start_ns = kStartNs + 4, .name = "early", .resource = {.service = "a"}}});
  const TraceSummary trace = Search().traces.at(0);
  EXPECT_TRUE(trace.root_missing);
  EXPECT_EQ(trace.orphan_count, 2u);
  EXPECT_EQ(trace.root_service, "a");
  EXPECT_EQ(trace.root_name, "early");
}

TEST_P(TraceStoreContract, TellsTheWholeTraceWhicheverSpanMatched) {
  Send({{.id = 1, .name = "root"}, {.id = 2, .parent = 1, .start_ns = kStartNs + 3 * kMinuteNs, .name = "late"}});
  Send({{.id = 3, .parent = 1, .start_ns = kStartNs + 6 * kMinuteNs, .name = "later"}});
  const SearchPlan plan{.filter = Is(Intrinsic::kName, "later"), .start_min_ns = kStartNs + 5 * kMinuteNs};
  for (const TraceOrder order : kOrders) {
    SearchPlan ordered = plan;
    ordered.order = order;
    const SearchAnswer answer = Search(ordered);
    ASSERT_EQ(answer.traces.size(), 1u);
    EXPECT_EQ(answer.traces[0].start_ns, kStartNs);
    EXPECT_EQ(answer.traces[0].span_count, 3u);
    EXPECT_EQ(answer.traces[0].root_name, "root");
  }
}

TEST_P(TraceStoreContract, CountsBothEndsOfAWindowIn) {
  Send({{.trace = NumberedTrace(1), .start_ns = 100}, {.trace = NumberedTrace(2), .start_ns = 200}});
  Send({{.trace = NumberedTrace(3), .start_ns = 300}});
  const auto within = [&](uint64_t min, uint64_t max) { return Found({.start_min_ns = min, .start_max_ns = max}); };
  EXPECT_THAT(within(100, 300), ElementsAre(3, 2, 1));
  EXPECT_THAT(within(101, 299), ElementsAre(2));
  EXPECT_THAT(within(200, 200), ElementsAre(2));
  EXPECT_THAT(within(201, 299), IsEmpty());
  EXPECT_THAT(within(0, 99), IsEmpty());
  EXPECT_THAT(within(301, UINT64_MAX), IsEmpty());
  EXPECT_THAT(within(300, 100), IsEmpty()) << "a window that ends before it begins";
}

// Five traces of which each order makes another list; with ties, some of whose spans come late.
class OrderedTraces {
 public:
  static std::vector<std::vector<SentSpan>> Batches() {
    const auto span = [](uint64_t trace, SpanId id, uint64_t start, uint64_t duration, uint8_t status = 0) {
      return SentSpan{.trace = NumberedTrace(trace),
                      .id = id,
                      .parent = id == 1 ? 0 : SpanId{1},
                      .start_ns = kStartNs + start,
                      .duration_ns = duration,
                      .status = status};
    };
    return {{span(1, 1, 10, 100), span(2, 1, 20, 50, kError), span(3, 1, 30, 70), span(3, 2, 31, 1)},
            {span(4, 1, 40, 100, kError), span(4, 2, 40, 1), span(4, 3, 40, 1), span(5, 1, 50, 50)},
            {span(1, 2, 11, 5), span(2, 2, 21, 9, kError), span(5, 2, 45, 1)}};
  }
  // By (key, start descending): durations 100, 50, 70, 100, 55; spans 2, 2, 2, 3, 2; errors 0, 2, 0, 1, 0; trace 5
  // starts at 45 since its late span came.
  static std::vector<uint64_t> In(TraceOrder order) {
    switch (order) {
      case TraceOrder::kNewest: return {5, 4, 3, 2, 1};
      case TraceOrder::kLongest: return {4, 1, 3, 5, 2};
      case TraceOrder::kShortest: return {2, 5, 3, 4, 1};
      case TraceOrder::kMostSpans: return {4, 5, 3, 2, 1};
      case TraceOrder::kMostErrors: return {2, 4, 5, 3, 1};
    }
    return {};
  }
};

TEST_P(TraceStoreContract, ListsTracesInEveryOrderUpToEveryLimit) {
  for (const auto& batch : OrderedTraces::Batches()) Send(batch);
  for (const TraceOrder order : kOrders) {
    const std::vector<uint64_t> expected = OrderedTraces::In(order);
    for (uint32_t limit = 0; limit <= 6; ++limit) {
      for (const bool count : {false, true}) {
        const SearchPlan plan{.limit = limit, .order = order, .count = count};
        const std::vector<uint64_t> first(expected.begin(), expected.begin() + std::min<int64_t>(limit, 5));
        EXPECT_EQ(Found(plan), first) << "order " << static_cast<int>(order);
        const SearchAnswer answer = Search(plan);
        EXPECT_EQ(answer.has_more, limit < 5) << "order " << static_cast<int>(order) << " limit " << limit;
        EXPECT_EQ(answer.trace_count, count ? std::optional<uint64_t>(5) : std::nullopt);
      }
    }
  }
}

TEST_P(TraceStoreContract, GoesOnBehindTheLastTraceOfAPage) {
  for (const auto& batch : OrderedTraces::Batches()) Send(batch);
  for (const TraceOrder order : kOrders) {
    for (uint32_t limit = 1; limit <= 3; ++limit) {
      SearchPlan plan{.limit = limit, .order = order, .count = true};
      std::vector<uint64_t> paged;
      for (bool has_more = true; has_more && paged.size() < 10;) {
        const SearchAnswer page = Search(plan);
        EXPECT_EQ(page.trace_count, 5u) << "all that match, whatever the page";
        for (const TraceSummary& trace : page.traces) paged.push_back(trace.id.low);
        has_more = page.has_more;
        if (!page.traces.empty()) plan.after = RankOf(order, page.traces.back());
      }
      EXPECT_EQ(paged, OrderedTraces::In(order)) << "order " << static_cast<int>(order) << " limit " << limit;
    }
  }
}

TEST_P(TraceStoreContract, NeitherRepeatsNorSkipsATraceWhileOthersArriveBetweenPages) {
  for (const TraceOrder order : kOrders) {
    SCOPED_TRACE("order " + std::to_string(static_cast<int>(order)));
    // Traces of this order alone, told apart by their names.
    const std::string name = "order " + std::to_string(static_cast<int>(order));
    const uint64_t first = 1 + 1'000 * static_cast<uint64_t>(order);
    const auto trace = [&](uint64_t i) {
      return SentSpan{.trace = NumberedTrace(first + i),
                      .start_ns = kStartNs + i * 37 % 100,
                      .duration_ns = 10 + i * 53 % 7,
                      .name = name,
                      .status = i % 3 == 0 ? kError : uint8_t{0}};
    };
    for (uint64_t i = 0; i < 20; i += 5) Send({trace(i), trace(i + 1), trace(i + 2), trace(i + 3), trace(i + 4)});
    SearchPlan plan{.filter = Is(Intrinsic::kName, name), .limit = 100, .order = order};
    const std::vector<uint64_t> before = Found(plan);
    ASSERT_EQ(before.size(), 20u);
    plan.limit = 3;
    std::vector<uint64_t> old;  // of the pages, those that were there before
    uint64_t next = 20;
    for (bool has_more = true; has_more;) {
      const SearchAnswer page = Search(plan);
      for (const TraceSummary& one : page.traces) {
        if (one.id.low < first + 20) old.push_back(one.id.low);
      }
      has_more = page.has_more;
      ASSERT_FALSE(page.traces.empty());
      plan.after = RankOf(order, page.traces.back());
      if (next < 40) Send({trace(next), trace(next + 1)});
      next += 2;
    }
    EXPECT_EQ(old, before);
  }
}

TEST_P(TraceStoreContract, GoesOnBehindAPlaceThatNoTraceHas) {
  for (const auto& batch : OrderedTraces::Batches()) Send(batch);
  const auto behind = [&](TraceOrder order, uint64_t key, uint64_t start_ns) {
    return Found({.order = order, .after = TraceRank{key, start_ns, {}}});
  };
  EXPECT_THAT(behind(TraceOrder::kLongest, RankKey(TraceOrder::kLongest, {.duration_ns = 80}), 0),
              ElementsAre(3, 5, 2));
  EXPECT_THAT(behind(TraceOrder::kLongest, 0, 0), IsEmpty());
  EXPECT_THAT(behind(TraceOrder::kMostErrors, RankKey(TraceOrder::kMostErrors, {.error_count = 9}), 0),
              ElementsAre(2, 4, 5, 3, 1));
  const uint64_t between_ns = kStartNs + 35;
  EXPECT_THAT(behind(TraceOrder::kNewest, RankKey(TraceOrder::kNewest, {.start_ns = between_ns}), between_ns),
              ElementsAre(3, 2, 1));
}

TEST_P(TraceStoreContract, KeepsTracesThatFulfilEveryConditionAsAWhole) {
  for (const auto& batch : OrderedTraces::Batches()) Send(batch);
  Send({{.trace = NumberedTrace(6), .parent = 5, .start_ns = kStartNs + 60, .resource = {.service = "lost"}},
        {.trace = NumberedTrace(7), .start_ns = kStartNs + 70, .resource = {.service = std::nullopt}}});
  const auto with = [&](const TraceConditions& conditions) {
    const SearchAnswer counted = Search({.limit = 1, .conditions = conditions, .count = true});
    const std::vector<uint64_t> found = Found({.conditions = conditions});
    EXPECT_EQ(counted.trace_count, found.size());
    EXPECT_EQ(counted.has_more, found.size() > 1);
    return found;
  };
  EXPECT_THAT(with({.duration_min_ns = 70}), ElementsAre(4, 3, 1));
  EXPECT_THAT(with({.duration_min_ns = 71}), ElementsAre(4, 1));
  EXPECT_THAT(with({.duration_max_ns = 50}), ElementsAre(7, 6, 2));
  EXPECT_THAT(with({.duration_max_ns = 49}), ElementsAre(7, 6));
  EXPECT_THAT(with({.duration_min_ns = 55, .duration_max_ns = 55}), ElementsAre(5)) << "with its late span";
  EXPECT_THAT(with({.start_min_ns = kStartNs + 45}), ElementsAre(7, 6, 5));
  EXPECT_THAT(with({.start_min_ns = kStartNs + 46}), ElementsAre(7, 6)) << "it starts with its late span";
  EXPECT_THAT(with({.start_max_ns = kStartNs + 20}), ElementsAre(2, 1));
  EXPECT_THAT(with({.start_max_ns = kStartNs + 19}), ElementsAre(1));
  EXPECT_THAT(with({.with_errors = true}), ElementsAre(4, 2));
  EXPECT_THAT(with({.root_missing = true}), ElementsAre(6));
  EXPECT_THAT(with({.root_service = "lost"}), ElementsAre(6));
  EXPECT_THAT(with({.root_service = ""}), ElementsAre(7));
  EXPECT_THAT(with({.root_service = "nowhere"}), IsEmpty());
  EXPECT_THAT(with({.duration_min_ns = 60, .with_errors = true}), ElementsAre(4));
  EXPECT_THAT(with({.duration_min_ns = 100, .duration_max_ns = 99}), IsEmpty());
  EXPECT_THAT(with({.with_errors = true, .root_missing = true}), IsEmpty());
}

TEST_P(TraceStoreContract, DecidesConditionsAnewOnceALateSpanIsThere) {
  Send({{.id = 2, .parent = 1, .start_ns = kStartNs + 10, .name = "child"}});
  EXPECT_THAT(Found({.conditions = {.root_missing = true}}), ElementsAre(1));
  EXPECT_THAT(Found({.conditions = {.with_errors = true}}), IsEmpty());
  Send({{.id = 1, .duration_ns = 500, .status = kError, .resource = {.service = "front"}}});
  EXPECT_THAT(Found({.conditions = {.root_missing = true}}), IsEmpty());
  EXPECT_THAT(Found({.conditions = {.with_errors = true}}), ElementsAre(1));
  EXPECT_THAT(Found({.filter = Is(Intrinsic::kName, "child"), .conditions = {.root_service = "front"}}),
              ElementsAre(1));
  EXPECT_THAT(Found({.conditions = {.duration_min_ns = 500}}), ElementsAre(1));
  Send({{.id = 1, .duration_ns = 500, .status = kError, .resource = {.service = "front"}}});
  EXPECT_EQ(Search().traces.at(0).error_count, 1u) << "a retry is no second error";
}

// More than any page of columns has rows.
TEST_P(TraceStoreContract, FindsWhatIsRareAmongManyTraces) {
  constexpr uint64_t kTraces = 21'000, kBatches = 3;
  const auto start_ns = [](uint64_t number) { return kStartNs + number * 7'919 % kTraces; };  // 7,919 is a prime
  for (uint64_t batch = 0; batch < kBatches; ++batch) {
    std::vector<SentSpan> spans;
    for (uint64_t number = 1 + batch; number <= kTraces; number += kBatches) {
      SentSpan span{.trace = NumberedTrace(number), .start_ns = start_ns(number), .duration_ns = number};
      span.attributes = {{"number", static_cast<int64_t>(number)}};
      if (number % 10'000 == 0) span.name = "rare", span.status = kError;
      spans.push_back(std::move(span));
    }
    Send(spans);
  }
  EXPECT_THAT(Found({.filter = Tag("number", "12345")}), ElementsAre(12'345));
  EXPECT_THAT(Matching(Is(Intrinsic::kName, "rare")), ElementsAre(10'000, 20'000));
  EXPECT_THAT(Found({.limit = 3, .order = TraceOrder::kLongest}), ElementsAre(21'000, 20'999, 20'998));
  EXPECT_THAT(Found({.limit = 3, .order = TraceOrder::kShortest}), ElementsAre(1, 2, 3));
  EXPECT_THAT(Found({.limit = 2, .order = TraceOrder::kMostErrors}), ElementsAre(10'000, 20'000));
  const uint64_t of_777_ns = start_ns(777);
  EXPECT_THAT(Found({.start_min_ns = of_777_ns, .start_max_ns = of_777_ns}), ElementsAre(777));
  EXPECT_THAT(Found({.limit = 0, .count = true}), IsEmpty());
  EXPECT_EQ(Search({.filter = Compare(Intrinsic::kDurationNs, CompareOp::kGreater, int64_t{20'000}), .count = true})
                .trace_count,
            1'000u);
  uint64_t last_ns = UINT64_MAX;
  for (const uint64_t number : Found({.limit = 500})) {
    EXPECT_EQ(start_ns(number), last_ns == UINT64_MAX ? kStartNs + kTraces - 1 : last_ns - 1);
    last_ns = start_ns(number);
  }
}

TEST_P(TraceStoreContract, MovesATraceInItsOrderOnceALateSpanIsThere) {
  Send(
      {{.trace = NumberedTrace(1), .start_ns = kStartNs + 10}, {.trace = NumberedTrace(2), .start_ns = kStartNs + 20}});
  EXPECT_THAT(Found(), ElementsAre(2, 1));
  Send({{.trace = NumberedTrace(2), .id = 2, .start_ns = kStartNs + 5}});
  EXPECT_THAT(Found(), ElementsAre(1, 2)) << "it started earlier than was known";
  EXPECT_THAT(Found({.limit = 1}), ElementsAre(1));
  Send({{.trace = NumberedTrace(1), .id = 2, .start_ns = kStartNs + 5'000}});
  EXPECT_THAT(Found(), ElementsAre(1, 2)) << "a later span does not make it newer";
  EXPECT_THAT(Found({.limit = 1, .order = TraceOrder::kLongest}), ElementsAre(1));
  Send({{.trace = NumberedTrace(2), .id = 3, .start_ns = kStartNs + 90'000}});
  EXPECT_THAT(Found({.limit = 1, .order = TraceOrder::kLongest}), ElementsAre(2));
  EXPECT_THAT(Found({.start_min_ns = kStartNs + 1'000, .start_max_ns = kStartNs + 6'000}), ElementsAre(1));
}

}  // namespace
}  // namespace spoor::contract
