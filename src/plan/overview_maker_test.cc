#include "plan/overview_maker.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "plan/naive_overview.h"
#include "plan/random_spans.h"

namespace spoor {
namespace {

TraceSummary MakeSummary(uint64_t number, uint64_t start_ns, uint64_t duration_ns, uint32_t errors = 0) {
  return {.id = {1, number},
          .root_service = "shop",
          .start_ns = start_ns,
          .end_ns = start_ns + duration_ns,
          .span_count = 1,
          .error_count = errors};
}

Overview MakeOf(const std::vector<TraceSummary>& traces, const OverviewShape& shape) {
  OverviewMatches matches;
  for (const TraceSummary& trace : traces) {
    const auto root = std::ranges::find(matches.root_services, trace.root_service) - matches.root_services.begin();
    if (root == std::ssize(matches.root_services)) matches.root_services.push_back(trace.root_service);
    matches.id_low.push_back(trace.id.low);
    matches.reference.push_back(matches.size());
    matches.start_ns.push_back(trace.start_ns);
    matches.duration_ns.push_back(trace.duration_ns());
    matches.root_and_flags.push_back(static_cast<uint32_t>(root) << 2 | (trace.root_missing ? 2 : 0) |
                                     (trace.error_count > 0 ? 1 : 0));
  }
  const auto details = [&](uint64_t reference) {
    const TraceSummary& trace = traces[reference];
    return PointDetails{trace.id, trace.span_count, trace.error_count};
  };
  auto overview = MakeOverview(matches, shape, {}, details);
  EXPECT_TRUE(overview);
  return *overview;
}

TEST(OverviewMaker, TellsNothingOfNothing) {
  const Overview overview = MakeOf({}, {.columns = 2, .rows = 2, .points = 5});
  EXPECT_EQ(overview.trace_count, 0u);
  EXPECT_TRUE(overview.cells.empty() && overview.points.empty() && overview.root_services.empty());
  EXPECT_EQ(overview.column_p50_ns, (std::vector<std::optional<uint64_t>>(2)));
  EXPECT_FALSE(overview.p50_ns || overview.p99_ns);
}

TEST(OverviewMaker, CutsTimeIntoEqualPartsAndDurationsIntoEqualRatios) {
  const Overview overview =
      MakeOf({MakeSummary(1, 100, 1), MakeSummary(2, 149, 9), MakeSummary(3, 150, 10, 1), MakeSummary(4, 200, 100)},
             {.columns = 2, .rows = 2});
  EXPECT_EQ(overview.start_ns, 100u);
  EXPECT_EQ(overview.end_ns, 200u);
  EXPECT_EQ(overview.cells, (std::vector<Overview::Cell>{{0, 0, 2, 0}, {1, 1, 2, 1}}));
  EXPECT_EQ(overview.column_p50_ns, (std::vector<std::optional<uint64_t>>{1, 10}));
  EXPECT_EQ(overview.column_p99_ns, (std::vector<std::optional<uint64_t>>{9, 100}));
  EXPECT_EQ(overview.error_count, 1u);
}

TEST(OverviewMaker, TakesExactQuantiles) {
  std::vector<TraceSummary> traces;
  for (uint64_t i = 700; i > 0; --i) traces.push_back(MakeSummary(i, 5, i));
  const Overview overview = MakeOf(traces, {.columns = 1, .rows = 1});
  EXPECT_EQ(overview.p50_ns, 350u);
  EXPECT_EQ(overview.p99_ns, 693u);
  EXPECT_EQ(overview.slow_count, 7u);
}

TEST(OverviewMaker, PutsWhatBeginsBeforeTheWindowIntoItsFirstColumn) {
  const Overview overview =
      MakeOf({MakeSummary(1, 5, 1), MakeSummary(2, 999, 1)}, {.columns = 3, .rows = 1, .start_ns = 10, .end_ns = 40});
  EXPECT_EQ(overview.cells, (std::vector<Overview::Cell>{{0, 0, 1, 0}, {2, 0, 1, 0}}));
}

TEST(OverviewMaker, ShowsErrorsThenTheLongestOfEveryCell) {
  const std::vector<TraceSummary> traces{MakeSummary(1, 0, 10), MakeSummary(2, 0, 12), MakeSummary(3, 0, 11, 1),
                                         MakeSummary(4, 100, 10), MakeSummary(5, 100, 12)};
  const Overview overview = MakeOf(traces, {.columns = 2, .rows = 1, .points = 3});
  std::vector<uint64_t> shown;
  for (const Overview::Point& point : overview.points) shown.push_back(point.id.low);
  EXPECT_EQ(shown, (std::vector<uint64_t>{5, 2, 3}));
}

TEST(OverviewMaker, StaysExactWhereTimesFillAllBits) {
  const std::vector<TraceSummary> traces{MakeSummary(1, 0, 0), MakeSummary(2, UINT64_MAX / 2, 5),
                                         MakeSummary(3, UINT64_MAX, 0)};
  const OverviewShape shape{.columns = 500, .rows = 200, .points = 2};
  EXPECT_EQ(MakeOf(traces, shape), NaiveOverview(traces, shape));
}

TEST(OverviewMaker, AgreesWithTheNaiveOne) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    std::vector<TraceSummary> traces(random() % 120);
    for (TraceSummary& trace : traces) {
      const uint64_t duration_ns = random() >> (random() % 64 | 4);
      trace = MakeSummary(random(), random() % 50, duration_ns, static_cast<uint32_t>(random() % 3));
      trace.root_service = std::string(1, static_cast<char>('a' + random() % 4));
      trace.root_missing = random() % 3 == 0;
    }
    const OverviewShape shape{static_cast<uint32_t>(1 + random() % 12), static_cast<uint32_t>(1 + random() % 12),
                              static_cast<uint32_t>(random() % 150)};
    ASSERT_EQ(MakeOf(traces, shape), NaiveOverview(traces, shape)) << "seed " << seed;
  }
}

TEST(OverviewMaker, StopsWhenNobodyWaits) {
  const QueryContext gone{.cancelled = std::make_shared<std::atomic<bool>>(true)};
  const auto overview = MakeOverview({}, {}, gone, [](uint64_t) { return PointDetails{}; });
  ASSERT_FALSE(overview);
  EXPECT_EQ(overview.error().code, Code::kCancelled);
}

}  // namespace
}  // namespace spoor
