#include "store/retention.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace spoor {
namespace {

using ::testing::ElementsAre;

// A block of which only the footer matters.
class FooterOnly final : public Block {
 public:
  FooterOnly(uint64_t id, uint64_t arrival_max_ns, uint64_t file_bytes) {
    info_.id = id;
    info_.arrival_max_ns = arrival_max_ns;
    info_.file_bytes = file_bytes;
  }
  const BlockInfo& info() const override { return info_; }
  const std::string& path() const override { return path_; }
  const std::vector<BlockOperation>& operations() const override { return operations_; }
  bool MayHoldTrace(TraceId) const override { return false; }
  Result<std::optional<uint32_t>> FindTrace(TraceId) override { return std::optional<uint32_t>(); }
  Result<TraceColumns> Traces() override { return TraceColumns{}; }
  Result<TraceSummary> Summary(uint32_t) override { return TraceSummary{}; }
  uint32_t page_count() const override { return 0; }
  uint32_t page_begin(uint32_t) const override { return 0; }
  bool PageOverlaps(uint32_t, uint64_t, uint64_t) const override { return false; }
  Result<std::unique_ptr<SpanColumns>> Page(uint32_t) override { return NotFound("no page"); }
  Result<bool> MayHoldText(std::string_view) override { return false; }
  Result<std::shared_ptr<const SpanBatch>> ReadRows(uint32_t, uint32_t) override { return NotFound("no row"); }
  Result<std::vector<uint32_t>> ParentRows(uint32_t) override { return NotFound("no page"); }

 private:
  BlockInfo info_;
  std::string path_;
  std::vector<BlockOperation> operations_;
};

class RetentionTest : public ::testing::Test {
 protected:
  void Add(uint64_t id, uint64_t arrival_max_ns, uint64_t file_bytes) {
    blocks_.push_back(std::make_shared<FooterOnly>(id, arrival_max_ns, file_bytes));
  }
  std::vector<uint64_t> Expired(const RetentionRules& rules, uint64_t now_ns, uint64_t other_bytes = 0) {
    std::vector<uint64_t> ids;
    for (const ExpiredBlock& one : FindExpired(blocks_, other_bytes, rules, now_ns))
      ids.push_back(one.block->info().id);
    return ids;
  }

  std::vector<std::shared_ptr<Block>> blocks_;
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

}  // namespace
}  // namespace spoor
