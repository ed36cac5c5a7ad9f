#include "base/clock.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

TEST(Clock, TheMachinesClockMovesForward) {
  const int64_t before = SystemClock().SteadyNanos();
  EXPECT_GE(SystemClock().SteadyNanos(), before);
  EXPECT_GT(SystemClock().WallNanos(), 1'700'000'000'000'000'000);
}

TEST(Clock, AManualClockStandsUntilItIsMoved) {
  ManualClock clock(1000);
  EXPECT_EQ(clock.WallNanos(), 1000);
  clock.Advance(5);
  EXPECT_EQ(clock.WallNanos(), 1005);
  EXPECT_EQ(clock.SteadyNanos(), 5);
  clock.SetWall(10);
  EXPECT_EQ(clock.WallNanos(), 10);
  EXPECT_EQ(clock.SteadyNanos(), 5);
}

}  // namespace
}  // namespace spoor
