// The contract of GetOverview: the numbers of everything that matches.
#include "plan/contract/trace_store_contract.h"

namespace spoor::contract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Cells = std::vector<Overview::Cell>;
using Quantiles = std::vector<std::optional<uint64_t>>;

TEST_P(TraceStoreContract, TellsNothingOfNothing) {
  const Overview overview = GetOverview({}, {.columns = 2, .rows = 2, .points = 5});
  EXPECT_EQ(overview.trace_count, 0u);
  EXPECT_THAT(overview.cells, IsEmpty());
  EXPECT_THAT(overview.points, IsEmpty());
  EXPECT_THAT(overview.root_services, IsEmpty());
  EXPECT_EQ(overview.column_p50_ns, Quantiles(2));
  EXPECT_EQ(overview.p50_ns, std::nullopt);
}

// Trace n begins at kStartNs + 100 n and takes 1, 10, 100, 1000 ns; 3 has an error, 4 no root. Traces 2 and 4 come in
// parts.
std::vector<std::vector<SentSpan>> FourTraces() {
  const auto root = [](uint64_t n, uint64_t duration, const char* service) {
    return SentSpan{.trace = NumberedTrace(n),
                    .start_ns = kStartNs + 100 * n,
                    .duration_ns = duration,
                    .resource = {.service = service}};
  };
  SentSpan second_of_2 = root(2, 10, "b");
  second_of_2.id = 2;
  second_of_2.parent = 1;
  SentSpan of_3 = root(3, 100, "b");
  of_3.status = kError;
  SentSpan of_4 = root(4, 1, "b"), more_of_4 = root(4, 1'000, "c");
  of_4.parent = more_of_4.parent = 9;
  more_of_4.id = 2;
  return {{root(1, 1, "a"), root(2, 1, "a"), of_4}, {second_of_2, of_3, more_of_4}};
}

TEST_P(TraceStoreContract, CutsTimeIntoColumnsAndDurationsIntoRows) {
  for (const auto& batch : FourTraces()) Send(batch);
  const Overview overview = GetOverview({}, {.columns = 3, .rows = 2, .points = 10});
  EXPECT_EQ(overview.trace_count, 4u);
  EXPECT_EQ(overview.start_ns, kStartNs + 100);
  EXPECT_EQ(overview.end_ns, kStartNs + 400);
  EXPECT_EQ(overview.duration_min_ns, 1u);
  EXPECT_EQ(overview.duration_max_ns, 1'000u);
  EXPECT_EQ(overview.cells, (Cells{{0, 0, 1, 0}, {1, 0, 1, 0}, {2, 1, 2, 1}}));
  EXPECT_EQ(overview.column_p50_ns, (Quantiles{1, 10, 100}));
  EXPECT_EQ(overview.column_p99_ns, (Quantiles{1, 10, 1'000}));
  EXPECT_EQ(overview.p50_ns, 10u);
  EXPECT_EQ(overview.p99_ns, 1'000u);
  EXPECT_EQ(overview.error_count, 1u);
  EXPECT_EQ(overview.slow_count, 0u);
  EXPECT_EQ(overview.root_missing_count, 1u);
  // The earliest orphan of 4 is the one that ends last.
  EXPECT_EQ(overview.root_services, (std::vector<Overview::RootService>{{"a", 2}, {"b", 1}, {"c", 1}}));
  ASSERT_EQ(overview.points.size(), 4u);
  EXPECT_EQ(overview.points[0], (Overview::Point{kStartNs + 400, 1'000, 2, 0, NumberedTrace(4), "c"}));
  EXPECT_EQ(overview.points[1], (Overview::Point{kStartNs + 300, 100, 1, 1, NumberedTrace(3), "b"}));
  EXPECT_EQ(overview.points[3], (Overview::Point{kStartNs + 100, 1, 1, 0, NumberedTrace(1), "a"}));
}

TEST_P(TraceStoreContract, OverlooksEverythingThatMatchesWhateverTheListOfItShows) {
  for (const auto& batch : FourTraces()) Send(batch);
  const OverviewShape shape{.columns = 4, .rows = 3, .points = 2};
  const Overview all = GetOverview({}, shape);
  EXPECT_EQ(GetOverview({.limit = 0, .order = TraceOrder::kLongest}, shape), all);
  EXPECT_EQ(GetOverview({.limit = 1, .after = TraceRank{}}, shape), all);
  EXPECT_EQ(all.points.size(), 2u);
  const Overview some = GetOverview({.filter = Is(Intrinsic::kServiceName, "b")}, shape);
  EXPECT_EQ(some.trace_count, 3u);
  EXPECT_EQ(some.duration_min_ns, 10u);
  EXPECT_EQ(GetOverview({.start_min_ns = kStartNs + 300}, shape).trace_count, 2u);
  EXPECT_EQ(GetOverview({.conditions = {.with_errors = true}}, shape).trace_count, 1u);
  EXPECT_EQ(GetOverview({.conditions = {.root_service = "a"}}, shape).trace_count, 2u);
}

TEST_P(TraceStoreContract, PutsTracesOutsideTheTimeThatIsCutIntoTheOutermostColumns) {
  for (const auto& batch : FourTraces()) Send(batch);
  const Overview overview =
      GetOverview({}, {.columns = 2, .rows = 1, .start_ns = kStartNs + 200, .end_ns = kStartNs + 300});
  EXPECT_EQ(overview.start_ns, kStartNs + 200);
  EXPECT_EQ(overview.end_ns, kStartNs + 300);
  EXPECT_EQ(overview.cells, (Cells{{0, 0, 2, 0}, {1, 0, 2, 1}}));
}

TEST_P(TraceStoreContract, ShowsErrorsThenTheLongestWhereThereAreMoreTracesThanPoints) {
  std::vector<SentSpan> spans;
  for (uint64_t i = 1; i <= 9; ++i) {
    spans.push_back({.trace = NumberedTrace(i), .start_ns = kStartNs + i, .duration_ns = 100 + i * 3 % 7});
  }
  spans[4].status = kError;
  Send({spans.begin(), spans.begin() + 5});
  Send({spans.begin() + 5, spans.end()});
  std::vector<uint64_t> shown;
  for (const auto& point : GetOverview({}, {.columns = 1, .rows = 1, .points = 3}).points)
    shown.push_back(point.id.low);
  EXPECT_THAT(shown, ElementsAre(9, 5, 2)) << "5 has the error, 9 and 2 the highest durations";
}

TEST_P(TraceStoreContract, OverlooksTimesAndDurationsAtTheirEnds) {
  Send({{.trace = NumberedTrace(1), .start_ns = 0, .duration_ns = 0},
        {.trace = NumberedTrace(2), .start_ns = 0, .end_ns = UINT64_MAX},
        {.trace = NumberedTrace(3), .start_ns = UINT64_MAX, .end_ns = UINT64_MAX}});
  const Overview overview = GetOverview({}, {.columns = 2, .rows = 2});
  EXPECT_EQ(overview.start_ns, 0u);
  EXPECT_EQ(overview.end_ns, UINT64_MAX);
  EXPECT_EQ(overview.duration_min_ns, 0u);
  EXPECT_EQ(overview.duration_max_ns, UINT64_MAX);
  EXPECT_EQ(overview.cells, (Cells{{0, 0, 1, 0}, {0, 1, 1, 0}, {1, 0, 1, 0}}));
  EXPECT_EQ(overview.p50_ns, 0u);
}

}  // namespace
}  // namespace spoor::contract
