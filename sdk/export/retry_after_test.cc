#include "export/retry_after.h"

#include <gtest/gtest.h>

namespace spoor::trace {
namespace {

using std::chrono::seconds;
using std::chrono::system_clock;

const system_clock::time_point kNow = system_clock::from_time_t(784111777);  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(RetryAfter, IsANumberOfSeconds) {
  EXPECT_EQ(ReadRetryAfter("120", kNow), seconds(120));
  EXPECT_EQ(ReadRetryAfter(" 0 ", kNow), seconds(0));
}

TEST(RetryAfter, OrADate) {
  EXPECT_EQ(ReadRetryAfter("Sun, 06 Nov 1994 08:49:37 GMT", kNow), seconds(0));
  EXPECT_EQ(ReadRetryAfter("Sun, 06 Nov 1994 08:50:00 GMT", kNow), seconds(23));
  EXPECT_EQ(ReadRetryAfter("Mon, 07 Nov 1994 08:49:37 GMT", kNow), seconds(86'400));
  EXPECT_EQ(ReadRetryAfter("Sat, 05 Nov 1994 08:49:37 GMT", kNow), seconds(0)) << "has passed";
}

TEST(RetryAfter, IsNothingWhereItIsNeither) {
  for (const char* text : {"", "soon", "-1", "+1", "1.5", "99999999999999999999", "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(ReadRetryAfter(text, kNow), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace spoor::trace
