#include "base/memory_budget.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <thread>
#include <vector>

namespace spoor {
namespace {

TEST(MemoryBudget, RefusesWhatWouldPassItAndLeavesTheReservationAsItWas) {
  MemoryBudget budget(100);
  MemoryReservation first = budget.Reserve();
  MemoryReservation second = budget.Reserve();
  EXPECT_TRUE(first.Resize(60));
  EXPECT_FALSE(second.Resize(41));
  EXPECT_EQ(second.bytes(), 0u);
  EXPECT_TRUE(second.Resize(40));
  EXPECT_EQ(budget.used_bytes(), 100u);
  EXPECT_FALSE(first.Resize(std::numeric_limits<size_t>::max()));
  EXPECT_EQ(first.bytes(), 60u);
}

TEST(MemoryBudget, TakesBackWhatIsShrunkMovedOverOrDestroyed) {
  MemoryBudget budget(100);
  {
    MemoryReservation first = budget.Reserve();
    EXPECT_TRUE(first.Resize(50));
    EXPECT_TRUE(first.Resize(20));
    EXPECT_EQ(budget.used_bytes(), 20u);
    MemoryReservation second = budget.Reserve();
    EXPECT_TRUE(second.Resize(30));
    second = std::move(first);
    EXPECT_EQ(budget.used_bytes(), 20u);
    EXPECT_EQ(second.bytes(), 20u);
    MemoryReservation third = std::move(second);
    EXPECT_EQ(third.bytes(), 20u);
  }
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST(MemoryBudget, NeverPassesItsLimitUnderContention) {
  MemoryBudget budget(1000);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&budget] {
      for (int n = 0; n < 2000; ++n) {
        MemoryReservation reservation = budget.Reserve();
        if (reservation.Resize(400)) {
          EXPECT_LE(budget.used_bytes(), 1000u);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget.used_bytes(), 0u);
}

TEST(MemoryReservation, WithoutABudgetHoldsNothing) {
  MemoryReservation none;
  EXPECT_TRUE(none.Resize(0));
  EXPECT_FALSE(none.Resize(1));
}

}  // namespace
}  // namespace spoor
