#include "store/live.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_spans.h"

namespace spoor {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

std::vector<uint32_t> AllRows(const SpanBatch& batch) {
  std::vector<uint32_t> rows(batch.span_count());
  for (uint32_t row = 0; row < rows.size(); ++row) rows[row] = row;
  return rows;
}

class LiveTest : public ::testing::Test {
 protected:
  void Add(const std::vector<TestSpan>& spans, uint64_t arrival_ns = 100) {
    live_.Append(MakeTestBatch(spans), {}, arrival_ns, 1 + live_.batch_count());
  }
  std::vector<TraceId> Traces() {
    std::vector<std::vector<uint32_t>> rows;
    for (const auto& batch : live_.Snapshot()) rows.push_back(AllRows(*batch));
    std::vector<TraceId> ids;
    for (const Live::Candidate& candidate : live_.TracesOf(rows)) ids.push_back(candidate.id);
    return ids;
  }

  Live live_{7};
};

TEST_F(LiveTest, FindsTheBatchesOfATraceWhetherIndexedOrNot) {
  Add({{.trace = 1, .id = 1}, {.trace = 2, .id = 2}});
  Add({{.trace = 2, .id = 3}});
  EXPECT_THAT(Traces(), ElementsAre(TestTraceId(1), TestTraceId(2)));  // indexes both
  Add({{.trace = 3, .id = 4}, {.trace = 2, .id = 5}, {.trace = 2, .id = 6}});
  const Batches all = live_.Snapshot();
  EXPECT_THAT(live_.BatchesOf(TestTraceId(1)), ElementsAre(all[0]));
  EXPECT_THAT(live_.BatchesOf(TestTraceId(2)), ElementsAre(all[0], all[1], all[2]));
  EXPECT_THAT(live_.BatchesOf(TestTraceId(4)), ElementsAre());
  Traces();
  EXPECT_THAT(live_.BatchesOf(TestTraceId(2)), ElementsAre(all[0], all[1], all[2]));
}

TEST_F(LiveTest, DoesNotTakeTracesForEachOtherThatShareHalfAnId) {
  live_.Append(MakeTestBatch({{.trace = 1}}), {}, 1, 1);
  EXPECT_TRUE(live_.BatchesOf({0, TestTraceId(1).low}).empty());
}

TEST_F(LiveTest, TellsATraceOnceWithTheEarliestStartOfItsRows) {
  Add({{.trace = 1, .start_ns = 50}, {.trace = 1, .start_ns = 30}});
  Add({{.trace = 1, .start_ns = 40}});
  const std::vector<std::vector<uint32_t>> rows{{0}, {0}};
  const auto candidates = live_.TracesOf(rows);
  ASSERT_EQ(candidates.size(), 1u);
  EXPECT_EQ(candidates[0].start_ns, 30u);
}

TEST_F(LiveTest, GroupsRowsByTraceInOrderOfArrival) {
  Add({{.trace = 1, .id = 1}, {.trace = 2, .id = 2}, {.trace = 1, .id = 3}});
  Add({{.trace = 2, .id = 4}, {.trace = 1, .id = 5}});
  const Live::Grouped grouped = live_.Group();
  ASSERT_THAT(grouped.groups.ids, ElementsAre(TestTraceId(1), TestTraceId(2)));
  std::vector<std::vector<SpanId>> ids(2);
  for (size_t t = 0; t < 2; ++t) {
    for (uint32_t i = grouped.groups.begin[t]; i < grouped.groups.begin[t + 1]; ++i) {
      const RowRef ref = grouped.groups.rows[i];
      ids[t].push_back(grouped.batches[ref.batch]->span_id[ref.row]);
    }
  }
  EXPECT_THAT(ids[0], ElementsAre(1, 3, 5));
  EXPECT_THAT(ids[1], ElementsAre(2, 4));
}

TEST_F(LiveTest, KnowsServicesByFirstSightAndTheirOperations) {
  Add({{.service = "b", .name = "x"}, {.service = "a", .name = "y", .kind = 2}, {.service = ""}});
  EXPECT_THAT(live_.Services(), ElementsAre("b", "a"));
  Add({{.service = "c"}, {.service = "b", .name = "x"}, {.service = "b", .name = "x", .kind = 3}});
  EXPECT_THAT(live_.Services(), ElementsAre("b", "a", "c"));
  EXPECT_THAT(live_.ResourceServices(), ElementsAre("b", "a", "c"));
  EXPECT_THAT(live_.Operations("b"), UnorderedElementsAre(Operation{"x", 1}, Operation{"x", 3}));
  EXPECT_THAT(live_.Operations("a"), UnorderedElementsAre(Operation{"y", 2}));
  EXPECT_THAT(live_.Operations("nowhere"), ElementsAre());
}

TEST_F(LiveTest, IsDueByRowsBytesShapesOrAgeAndNeverWhenEmpty) {
  const LiveLimits none{.bytes = SIZE_MAX, .rows = UINT32_MAX, .shapes = UINT32_MAX, .age = std::chrono::hours(1)};
  EXPECT_FALSE(live_.IsDue({.bytes = 0, .rows = 0, .shapes = 0}, UINT64_MAX));
  Add({{.id = 1}, {.id = 2}}, 1'000);
  EXPECT_FALSE(live_.IsDue(none, 2'000));
  LiveLimits limits = none;
  limits.rows = 2;
  EXPECT_TRUE(live_.IsDue(limits, 2'000));
  limits = none;
  limits.bytes = live_.extent().bytes;
  EXPECT_TRUE(live_.IsDue(limits, 2'000));
  limits = none;
  limits.shapes = 1;
  EXPECT_TRUE(live_.IsDue(limits, 2'000));
  const uint64_t hour_ns = 3'600'000'000'000;
  EXPECT_TRUE(live_.IsDue(none, 1'000 + hour_ns));
  EXPECT_FALSE(live_.IsDue(none, 1'000 + hour_ns - 1));
  EXPECT_FALSE(live_.IsDue(none, 0)) << "the clock went back";
}

TEST_F(LiveTest, GivesMemoryBackWhenItGoes) {
  MemoryBudget budget(1'000);
  auto live = std::make_unique<Live>(1);
  MemoryReservation memory = budget.Reserve();
  ASSERT_TRUE(memory.Resize(600));
  live->Append(MakeTestBatch({{}}), std::move(memory), 1, 1);
  EXPECT_EQ(budget.used_bytes(), 600u);
  live.reset();
  EXPECT_EQ(budget.used_bytes(), 0u);
}

}  // namespace
}  // namespace spoor
