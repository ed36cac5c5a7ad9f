#include "store/compaction_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace spoor {
namespace {

constexpr uint64_t kHourNs = 3'600'000'000'000;
constexpr uint64_t kNowNs = 1000 * kHourNs;

// Blocks behind one another, all of now.
std::vector<CompactionCandidate> Blocks(const std::vector<uint64_t>& spans) {
  std::vector<CompactionCandidate> blocks;
  for (const uint64_t count : spans) {
    const uint64_t id = blocks.size() + 1;
    blocks.push_back({.id = id, .follows = id > 1, .arrival_max_ns = kNowNs, .spans = count, .may_merge = true});
  }
  return blocks;
}

CompactionRules Rules(CompactionReach reach = CompactionReach::kWorthwhile) {
  return {.limits = {.spans_max = 1000, .traces_max = 500, .file_bytes_max = 10'000, .inputs_max = 8},
          .partition_ns = 24 * kHourNs,
          .now_ns = kNowNs,
          .reach = reach};
}

using Found = std::optional<CompactionRange>;

TEST(CompactionPlan, WaitsForFourBlocksOfASize) {
  EXPECT_EQ(PlanCompaction(Blocks({}), Rules()), std::nullopt);
  EXPECT_EQ(PlanCompaction(Blocks({10, 10, 10}), Rules()), std::nullopt);
  EXPECT_EQ(PlanCompaction(Blocks({10, 10, 10, 10}), Rules()), (Found({0, 4})));
  EXPECT_EQ(PlanCompaction(Blocks({200, 210, 190, 205, 201}), Rules()), (Found({0, 4}))) << "as many as fit";
}

TEST(CompactionPlan, DoesNotRewriteALargeBlockForAFewSmallOnes) {
  EXPECT_EQ(PlanCompaction(Blocks({800, 10, 10, 10}), Rules()), std::nullopt);
  EXPECT_EQ(PlanCompaction(Blocks({800, 10, 10, 10, 10}), Rules()), (Found({1, 5})));
  EXPECT_EQ(PlanCompaction(Blocks({800, 10, 10, 10}), Rules(CompactionReach::kNotFull)), (Found({0, 4})))
      << "but if it is asked for";
}

TEST(CompactionPlan, LeavesFullBlocksUntilTheirPartitionIsOver) {
  CompactionRules rules = Rules();
  rules.limits.full_spans = 100;
  auto blocks = Blocks({100, 100, 100, 100});
  EXPECT_EQ(PlanCompaction(blocks, rules), std::nullopt);
  rules.reach = CompactionReach::kNotFull;
  EXPECT_EQ(PlanCompaction(blocks, rules), std::nullopt);
  blocks[1].spans = blocks[2].spans = 99;
  EXPECT_EQ(PlanCompaction(blocks, rules), (Found({1, 3})));
  blocks[2].file_bytes = rules.limits.full_bytes = 5000;
  EXPECT_EQ(PlanCompaction(blocks, rules), std::nullopt) << "full of bytes";
  rules.reach = CompactionReach::kEverything;
  EXPECT_EQ(PlanCompaction(blocks, rules), (Found({0, 4})));
  rules.reach = CompactionReach::kWorthwhile;
  rules.now_ns += 24 * kHourNs;
  EXPECT_EQ(PlanCompaction(blocks, rules), (Found({0, 4})));
}

TEST(CompactionPlan, LeavesGapsOfTheLogAndWhatMayNotBeMergedAlone) {
  auto blocks = Blocks({10, 10, 10, 10, 10});
  blocks[2].may_merge = false;
  EXPECT_EQ(PlanCompaction(blocks, Rules()), std::nullopt);
  EXPECT_EQ(PlanCompaction(blocks, Rules(CompactionReach::kNotFull)), (Found({0, 2})));
  blocks = Blocks({10, 10, 10, 10});
  blocks[2].follows = false;  // who knows what was in front of it
  EXPECT_EQ(PlanCompaction(blocks, Rules()), std::nullopt);
}

TEST(CompactionPlan, KeepsWithinEveryLimit) {
  auto blocks = Blocks({300, 300, 300, 300});
  EXPECT_EQ(PlanCompaction(blocks, Rules()), std::nullopt) << "three of four are no four";
  EXPECT_EQ(PlanCompaction(blocks, Rules(CompactionReach::kNotFull)), (Found({0, 3})));
  blocks = Blocks({10, 10, 10, 10});
  for (auto& block : blocks) block.traces = 200;
  EXPECT_EQ(PlanCompaction(blocks, Rules(CompactionReach::kNotFull)), (Found({0, 2})));
  for (auto& block : blocks) block.traces = 0, block.file_bytes = 3000;
  EXPECT_EQ(PlanCompaction(blocks, Rules(CompactionReach::kNotFull)), (Found({0, 3})));
  for (auto& block : blocks) block.file_bytes = 0, block.rollup_rows = 30'000;
  EXPECT_EQ(PlanCompaction(blocks, Rules(CompactionReach::kNotFull)), (Found({0, 2})));
  EXPECT_EQ(PlanCompaction(Blocks(std::vector<uint64_t>(20, 1)), Rules()), (Found({0, 8})));
}

TEST(CompactionPlan, KeepsTimePartitionsApartAndFinishesThoseThatAreOver) {
  auto blocks = Blocks({10, 10, 10, 10});
  blocks[0].arrival_max_ns -= 24 * kHourNs;
  blocks[1].arrival_max_ns -= 24 * kHourNs;
  EXPECT_EQ(PlanCompaction(blocks, Rules()), (Found({0, 2}))) << "no more blocks of that day will come";
  blocks.erase(blocks.begin());
  EXPECT_EQ(PlanCompaction(blocks, Rules()), std::nullopt);
  EXPECT_EQ(PlanCompaction(blocks, Rules(CompactionReach::kNotFull)), (Found({1, 3})));
}

TEST(CompactionPlan, MakesPartitionsShortWhereSpansAreKeptForAShortTime) {
  const CompactionLimits limits;
  EXPECT_EQ(PartitionNs(limits, std::chrono::hours(0)), 24 * kHourNs);
  EXPECT_EQ(PartitionNs(limits, std::chrono::hours(24 * 365)), 24 * kHourNs);
  EXPECT_EQ(PartitionNs(limits, std::chrono::hours(8)), kHourNs);
  EXPECT_EQ(PartitionNs(limits, std::chrono::seconds(10)), kHourNs / 60);
}

// Whatever arrives: no span is rewritten more often than its block's size can double, and few blocks are left.
TEST(CompactionPlan, RewritesASpanNoOftenerThanItsBlockCanDouble) {
  std::mt19937_64 random(1);
  for (int run = 0; run < 50; ++run) {
    std::vector<CompactionCandidate> blocks;
    std::vector<int> rewrites;  // by block: of its spans, at most
    for (int step = 0; step < 200; ++step) {
      const uint64_t spans = 1 + random() % (random() % 2 == 0 ? 5 : 250);
      blocks.push_back({.follows = true, .arrival_max_ns = kNowNs, .spans = spans, .may_merge = true});
      rewrites.push_back(0);
      while (const auto range = PlanCompaction(blocks, Rules())) {
        CompactionCandidate merged = blocks[range->begin];
        merged.spans = 0;
        for (size_t i = range->begin; i < range->end; ++i) merged.spans += blocks[i].spans;
        const auto begin = static_cast<ptrdiff_t>(range->begin), end = static_cast<ptrdiff_t>(range->end);
        const int most = 1 + *std::max_element(rewrites.begin() + begin, rewrites.begin() + end);
        ASSERT_LE(merged.spans, 1000u);
        ASSERT_LE(uint64_t{1} << most, merged.spans) << "each rewrite doubled it";
        blocks.erase(blocks.begin() + begin + 1, blocks.begin() + end);
        rewrites.erase(rewrites.begin() + begin + 1, rewrites.begin() + end);
        blocks[range->begin] = merged;
        rewrites[range->begin] = most;
      }
    }
    EXPECT_LT(blocks.size(), 70u);
  }
}

}  // namespace
}  // namespace spoor
