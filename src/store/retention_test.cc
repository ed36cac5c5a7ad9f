#include "store/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spoor {
namespace {

using ::testing::ElementsAre;

class RetentionTest : public ::testing::Test {
 protected:
  void Add(uint64_t id, uint64_t arrival_max_ns, uint64_t file_bytes) {
    blocks_.push_back({.id = id, .arrival_max_ns = arrival_max_ns, .file_bytes = file_bytes});
  }
  std::vector<uint64_t> Expired(const RetentionRules& rules, uint64_t now_ns, uint64_t other_bytes = 0) {
    std::vector<uint64_t> ids;
    for (const ExpiredBlock& one : FindExpired(blocks_, other_bytes, rules, now_ns)) ids.push_back(one.block.id);
    return ids;
  }

  std::vector<RetainedBlock> blocks_;
};

TEST_F(RetentionTest, KeepsEverythingWithoutRules) {
  Add(1, 10, 1000);
  EXPECT_THAT(Expired({}, UINT64_MAX, UINT64_MAX / 2), ElementsAre());
}

TEST_F(RetentionTest, RemovesWhatArrivedLongerAgoThanTheAge) {
  Add(1, 100, 1);
  Add(2, 200, 1);
  Add(3, 300, 1);
  const RetentionRules rules{.age = std::chrono::nanoseconds(100)};
  EXPECT_THAT(Expired(rules, 300), ElementsAre(1));  // exactly at the age is kept
  EXPECT_THAT(Expired(rules, 301), ElementsAre(1, 2));
  EXPECT_THAT(Expired(rules, 50), ElementsAre()) << "the clock went back";
}

TEST_F(RetentionTest, RemovesTheOldestUntilTheRestFits) {
  Add(1, 100, 40);
  Add(2, 200, 40);
  Add(3, 300, 40);
  EXPECT_THAT(Expired({.disk_bytes_max = 120}, 300), ElementsAre());
  EXPECT_THAT(Expired({.disk_bytes_max = 119}, 300), ElementsAre(1));
  EXPECT_THAT(Expired({.disk_bytes_max = 120}, 300, 41), ElementsAre(1, 2)) << "the log counts, too";
}

TEST_F(RetentionTest, GoesByArrivalNotById) {
  Add(1, 300, 40);
  Add(2, 100, 40);
  EXPECT_THAT(Expired({.disk_bytes_max = 50}, 300), ElementsAre(2));
}

TEST_F(RetentionTest, TellsAgeFromSpace) {
  Add(1, 100, 40);
  Add(2, 300, 40);
  Add(3, 300, 40);
  const auto expired = FindExpired(blocks_, 0, {.age = std::chrono::nanoseconds(100), .disk_bytes_max = 40}, 300);
  ASSERT_EQ(expired.size(), 2u);
  EXPECT_TRUE(expired[0].by_age);
  EXPECT_FALSE(expired[1].by_age);
}

TEST_F(RetentionTest, WaitsForCountsThatAreNotWrittenButNotForEverAndNotForSpace) {
  Add(1, 100, 40);
  Add(2, 110, 40);
  blocks_.front().is_unsettled = true;
  const RetentionRules rules{.age = std::chrono::nanoseconds(100)};
  EXPECT_THAT(Expired(rules, 220), ElementsAre(2));
  EXPECT_THAT(Expired(rules, 300), ElementsAre(2)) << "twice the age";
  EXPECT_THAT(Expired(rules, 301), ElementsAre(1, 2));
  EXPECT_THAT(Expired({.age = std::chrono::nanoseconds(100), .disk_bytes_max = 50}, 205), ElementsAre(1));
}

TEST_F(RetentionTest, TakesBlocksThatCannotBeReadForAsOldAsWhatIsKnownOfThem) {
  View view;
  for (const uint64_t id : {2, 5}) view.unreadable.push_back({.id = id, .file_bytes = 7, .reason = "damaged"});
  const auto blocks = BlocksToRetain(
      view, [](uint64_t id) { return id == 2 ? std::optional<uint64_t>(100) : std::optional<uint64_t>(); });
  ASSERT_EQ(blocks.size(), 2u);
  EXPECT_EQ(blocks[0].arrival_max_ns, 100u) << "its rollup says so";
  EXPECT_EQ(blocks[1].arrival_max_ns, UINT64_MAX) << "nobody knows";
  EXPECT_TRUE(blocks[0].is_unreadable);
  const auto expired = FindExpired(blocks, 0, {.age = std::chrono::nanoseconds(10)}, 200);
  ASSERT_EQ(expired.size(), 1u);
  EXPECT_EQ(expired[0].block.id, 2u);
  EXPECT_EQ(FindExpired(blocks, 0, {.disk_bytes_max = 6}, 200).size(), 2u) << "space goes by number where it must";
}

}  // namespace
}  // namespace spoor
