#include "app/challenge_check.h"

#include <gtest/gtest.h>

namespace spoor {
namespace {

TEST(ChallengeCheck, ReachesItsOwnServerWhereverThatListens) {
  EXPECT_EQ(ReachableAddress("0.0.0.0:16686"), "127.0.0.1:16686");
  EXPECT_EQ(ReachableAddress("[::]:80"), "[::1]:80");
  EXPECT_EQ(ReachableAddress("192.0.2.7:16686"), "192.0.2.7:16686");
  EXPECT_EQ(ReachableAddress("[2001:db8::1]:80"), "[2001:db8::1]:80");
}

}  // namespace
}  // namespace spoor
