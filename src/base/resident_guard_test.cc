#include "base/resident_guard.h"

#include <gtest/gtest.h>

#include "base/memory_budget.h"

namespace spoor {
namespace {

struct FakeProcess {
  size_t resident_bytes = 0;
  size_t unused_bytes = 0;  // what trimming gives back
  int looks = 0;
  int trims = 0;

  ResidentGuard Guard(size_t max) {
    return ResidentGuard(
        max, [this] { return ++looks, resident_bytes; },
        [this] { ++trims, resident_bytes -= unused_bytes, unused_bytes = 0; });
  }
};

constexpr size_t kStep = ResidentGuard::kLookEveryBytes;

TEST(ResidentGuard, LooksOnlyOnceForEveryFewMegabytes) {
  FakeProcess process{.resident_bytes = 100};
  ResidentGuard guard = process.Guard(1000);
  for (size_t grown = 0; grown < 3 * kStep; grown += kStep / 64) EXPECT_TRUE(guard.MayGrow(kStep / 64));
  EXPECT_EQ(process.looks, 3);
  EXPECT_EQ(process.trims, 0);
}

TEST(ResidentGuard, RefusesUntilThereIsRoomAgain) {
  FakeProcess process{.resident_bytes = 1001};
  ResidentGuard guard = process.Guard(1000);
  EXPECT_FALSE(guard.MayGrow(kStep));
  EXPECT_FALSE(guard.MayGrow(1)) << "once it is full, each asks anew";
  EXPECT_EQ(process.trims, 1) << "not each time";
  process.resident_bytes = 1000;
  EXPECT_TRUE(guard.MayGrow(1));
}

TEST(ResidentGuard, GivesBackWhatIsNotUsedBeforeItRefuses) {
  FakeProcess process{.resident_bytes = 1500, .unused_bytes = 600};
  ResidentGuard guard = process.Guard(1000);
  EXPECT_TRUE(guard.MayGrow(kStep));
  EXPECT_EQ(process.trims, 1);
}

TEST(ResidentGuard, KeepsABudgetFromGrowingAndLetsItShrink) {
  FakeProcess process{.resident_bytes = 0};
  ResidentGuard guard = process.Guard(1000);
  MemoryBudget budget(100 * kStep, &guard);
  MemoryReservation reservation = budget.Reserve();
  EXPECT_TRUE(reservation.Resize(2 * kStep));
  process.resident_bytes = 2000;
  EXPECT_FALSE(reservation.Resize(4 * kStep));
  EXPECT_EQ(budget.used_bytes(), 2 * kStep);
  EXPECT_TRUE(reservation.Resize(kStep));
  EXPECT_EQ(budget.used_bytes(), kStep);
}

}  // namespace
}  // namespace spoor
