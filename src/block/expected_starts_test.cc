#include "block/expected_starts.h"

#include <gtest/gtest.h>

#include <random>

namespace spoor {
namespace {

constexpr uint32_t kNone = ExpectedStarts::kNone;

TEST(ExpectedStarts, TellNothingOfChildrenThatFollowOneAnother) {
  ExpectedStarts expected(4);
  EXPECT_EQ(expected.Distance(0, kNone, 1000, 1000, 900), 0u);
  EXPECT_EQ(expected.Distance(1, 0, 1000, 1000, 300), 0u);   // starts with its parent
  EXPECT_EQ(expected.Distance(2, 0, 1000, 1300, 400), 0u);   // when the one before has ended
  EXPECT_EQ(expected.Distance(3, 0, 1300, 1310, 20), 779u);  // 390 before it: beside it
}

TEST(ExpectedStarts, GiveBackEveryStartWhateverTimesThereAre) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 100; ++round) {
    constexpr uint32_t kRows = 50;
    ExpectedStarts writer(kRows), reader(kRows);
    uint64_t before_ns = random() >> (round % 64);
    for (uint32_t row = 0; row < kRows; ++row) {
      const uint32_t parent = row == 0 || random() % 4 == 0 ? kNone : static_cast<uint32_t>(random() % row);
      const uint64_t start_ns = before_ns + (random() >> (random() % 64));
      const uint64_t duration_ns = random() >> (random() % 64);
      const uint64_t distance = writer.Distance(row, parent, before_ns, start_ns, duration_ns);
      ASSERT_EQ(reader.Start(row, parent, before_ns, distance, duration_ns), start_ns);
      before_ns = start_ns;
    }
  }
}

}  // namespace
}  // namespace spoor
