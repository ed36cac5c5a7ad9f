#include "query/spoor/search.h"

#include <gtest/gtest.h>

#include "query/spoor/page_token.h"

namespace spoor::query {
namespace {

constexpr uint64_t kNow = 1'700'000'000'000'000'000;
constexpr uint64_t kHour = 3'600'000'000'000;

using Pairs = std::vector<std::pair<std::string, std::string>>;

Search Parsed(Pairs pairs) {
  auto search = ParseSearch(jaeger::Parameters(std::move(pairs)), kNow);
  EXPECT_TRUE(search.has_value()) << search.error().message;
  return search ? *std::move(search) : Search{};
}
OverviewQuestion ParsedOverview(Pairs pairs) {
  auto question = ParseOverview(jaeger::Parameters(std::move(pairs)), kNow);
  EXPECT_TRUE(question.has_value()) << question.error().message;
  return question ? *std::move(question) : OverviewQuestion{};
}
std::string Refused(Pairs pairs) {
  const auto search = ParseSearch(jaeger::Parameters(pairs), kNow);
  const auto question = ParseOverview(jaeger::Parameters(std::move(pairs)), kNow);
  if (search) return question ? "accepted" : "accepted by search";
  EXPECT_EQ(search.error().code, Code::kInvalid);
  return search.error().message;
}
std::string RefusedOverview(Pairs pairs) {
  const auto question = ParseOverview(jaeger::Parameters(std::move(pairs)), kNow);
  return question ? "accepted" : question.error().message;
}

TEST(SpoorSearch, WithoutParametersListsTheNewestWithoutConditions) {
  const Search search = Parsed({});
  EXPECT_EQ(search.plan.order, TraceOrder::kNewest);
  EXPECT_FALSE(search.plan.after);
  EXPECT_FALSE(search.plan.count);
  EXPECT_FALSE(search.critical_path);
  const TraceConditions& traces = search.plan.conditions;
  EXPECT_EQ(traces.duration_min_ns, 0u);
  EXPECT_EQ(traces.duration_max_ns, UINT64_MAX);
  EXPECT_EQ(traces.start_min_ns, 0u);
  EXPECT_EQ(traces.start_max_ns, UINT64_MAX);
  EXPECT_FALSE(traces.with_errors || traces.root_missing || traces.root_service);
  EXPECT_EQ(search.plan.start_min_ns, kNow - 48 * kHour);
  EXPECT_EQ(search.plan.limit, 100u);
}

TEST(SpoorSearch, TakesConditionsOnWholeTraces) {
  const Search search = Parsed({{"traceDurationMin", "1.5ms"},
                                {"traceDurationMax", "2s"},
                                {"traceStartMin", "1699999999999999999"},
                                {"traceStartMax", "18446744073709551615"},
                                {"traceErrors", "true"},
                                {"rootMissing", "1"},
                                {"rootService", "shop"},
                                {"count", "true"},
                                {"criticalPath", "true"},
                                {"limit", "7"}});
  const TraceConditions& traces = search.plan.conditions;
  EXPECT_EQ(traces.duration_min_ns, 1'500'000u);
  EXPECT_EQ(traces.duration_max_ns, 2'000'000'000u);
  EXPECT_EQ(traces.start_min_ns, kNow - 1);
  EXPECT_EQ(traces.start_max_ns, UINT64_MAX);
  EXPECT_TRUE(traces.with_errors && traces.root_missing);
  EXPECT_EQ(traces.root_service, "shop");
  EXPECT_TRUE(search.plan.count && search.critical_path);
  EXPECT_EQ(search.plan.limit, 7u);
}

TEST(SpoorSearch, KnowsFiveOrdersAndGoesOnBehindATokenOfTheSame) {
  const std::pair<const char*, TraceOrder> orders[] = {{"newest", TraceOrder::kNewest},
                                                       {"longest", TraceOrder::kLongest},
                                                       {"shortest", TraceOrder::kShortest},
                                                       {"most-spans", TraceOrder::kMostSpans},
                                                       {"most-errors", TraceOrder::kMostErrors}};
  for (const auto& [name, order] : orders) {
    const TraceRank last{.key = 5, .start_ns = 6, .id = {7, 8}};
    const Search search = Parsed({{"order", name}, {"after", PageToken(order, last)}});
    EXPECT_EQ(search.plan.order, order);
    EXPECT_EQ(search.plan.after, last);
  }
  EXPECT_EQ(RefusedOverview({{"order", "best"}}), "accepted") << "an overview has no order";
}

TEST(SpoorSearch, SaysWhatItCannotRead) {
  const auto search_only = [](Pairs pairs) {
    const auto search = ParseSearch(jaeger::Parameters(std::move(pairs)), kNow);
    return search ? "accepted" : search.error().message;
  };
  EXPECT_EQ(search_only({{"order", "best"}}),
            "parameter 'order' must be newest, longest, shortest, most-spans or most-errors");
  EXPECT_EQ(search_only({{"after", "x"}}),
            "parameter 'after' is no 'next' of an earlier answer, or was changed on its way");
  EXPECT_EQ(search_only({{"count", "yes"}}),
            "unable to parse param 'count': strconv.ParseBool: parsing \"yes\": invalid syntax");
  EXPECT_EQ(Refused({{"traceDurationMin", "5"}}),
            "unable to parse param 'traceDurationMin': time: missing unit in duration \"5\"");
  EXPECT_EQ(Refused({{"traceDurationMax", "-1s"}}),
            "unable to parse param 'traceDurationMax': a duration must not be negative");
  EXPECT_EQ(Refused({{"traceDurationMin", "2s"}, {"traceDurationMax", "1s"}}),
            "'traceDurationMin' must not be greater than 'traceDurationMax'");
  EXPECT_EQ(Refused({{"traceStartMin", "-1"}}),
            "unable to parse param 'traceStartMin': \"-1\" is no count of nanoseconds since 1970");
  EXPECT_EQ(Refused({{"traceStartMax", "18446744073709551616"}}),
            "unable to parse param 'traceStartMax': \"18446744073709551616\" is no count of nanoseconds since 1970");
  EXPECT_EQ(Refused({{"traceStartMin", "2"}, {"traceStartMax", "1"}}),
            "'traceStartMin' must not be greater than 'traceStartMax'");
  EXPECT_EQ(Refused({{"rootService", "a"}, {"rootService", "b"}}),
            "parameter 'rootService' is given twice, with different values");
  EXPECT_EQ(Refused({{"start", "x"}}),
            "unable to parse param 'start': strconv.ParseInt: parsing \"x\": invalid syntax");
}

TEST(SpoorOverview, BoundsItsShape) {
  const OverviewShape usual = ParsedOverview({}).shape;
  EXPECT_EQ(usual.columns, 120u);
  EXPECT_EQ(usual.rows, 36u);
  EXPECT_EQ(usual.points, 0u);
  const OverviewShape most = ParsedOverview({{"columns", "500"}, {"rows", "200"}, {"points", "10000"}}).shape;
  EXPECT_EQ(most.columns, 500u);
  EXPECT_EQ(most.rows, 200u);
  EXPECT_EQ(most.points, 10'000u);
  EXPECT_EQ(RefusedOverview({{"columns", "0"}}), "parameter 'columns' must be between 1 and 500");
  EXPECT_EQ(RefusedOverview({{"columns", "501"}}), "parameter 'columns' must be between 1 and 500");
  EXPECT_EQ(RefusedOverview({{"rows", "-1"}}), "parameter 'rows' must be between 1 and 200");
  EXPECT_EQ(RefusedOverview({{"rows", "9223372036854775807"}}), "parameter 'rows' must be between 1 and 200");
  EXPECT_EQ(RefusedOverview({{"points", "10001"}}), "parameter 'points' must be between 0 and 10000");
  EXPECT_EQ(RefusedOverview({{"points", "many"}}),
            "unable to parse param 'points': strconv.ParseInt: parsing \"many\": invalid syntax");
}

TEST(SpoorOverview, CutsTheWindowThatWasAskedForUpToNow) {
  const OverviewShape open = ParsedOverview({}).shape;
  EXPECT_FALSE(open.start_ns || open.end_ns);
  const OverviewShape back = ParsedOverview({{"lookback", "1h"}}).shape;
  EXPECT_EQ(back.start_ns, kNow - kHour);
  EXPECT_EQ(back.end_ns, kNow);
  const OverviewShape ever = ParsedOverview({{"start", "0"}}).shape;
  EXPECT_FALSE(ever.start_ns || ever.end_ns);
  const OverviewShape window = ParsedOverview({{"start", "1000"}, {"end", "2000"}}).shape;
  EXPECT_EQ(window.start_ns, 1'000'000u);
  EXPECT_EQ(window.end_ns, 2'000'000u);
  const OverviewShape brushed =
      ParsedOverview({{"start", "1000"}, {"end", "2000"}, {"traceStartMin", "1500000"}, {"traceStartMax", "1600000"}})
          .shape;
  EXPECT_EQ(brushed.start_ns, 1'500'000u);
  EXPECT_EQ(brushed.end_ns, 1'600'000u);
}

}  // namespace
}  // namespace spoor::query
