#include "query/jaeger/go_duration.h"

#include <gtest/gtest.h>

namespace spoor::jaeger {
namespace {

std::string Read(std::string_view text) {
  const auto ns = ParseGoDuration(text);
  return ns ? std::to_string(*ns) : ns.error().message;
}

TEST(GoDuration, ReadsEveryUnit) {
  EXPECT_EQ(Read("7ns"), "7");
  EXPECT_EQ(Read("7us"), "7000");
  EXPECT_EQ(Read("7\u00b5s"), "7000");
  EXPECT_EQ(Read("7\u03bcs"), "7000");
  EXPECT_EQ(Read("7ms"), "7000000");
  EXPECT_EQ(Read("7s"), "7000000000");
  EXPECT_EQ(Read("7m"), "420000000000");
  EXPECT_EQ(Read("7h"), "25200000000000");
}

TEST(GoDuration, ReadsCompoundsFractionsAndSigns) {
  EXPECT_EQ(Read("1h2m3.5s"), "3723500000000");
  EXPECT_EQ(Read(".5s"), "500000000");
  EXPECT_EQ(Read("1.s"), "1000000000");
  EXPECT_EQ(Read("+1ns"), "1");
  EXPECT_EQ(Read("-1.5us"), "-1500");
  EXPECT_EQ(Read("0"), "0");
  EXPECT_EQ(Read("-0"), "0");
  EXPECT_EQ(Read("1.9999ns"), "1");
  EXPECT_EQ(Read("0.3333333333333333333333333h"), "1200000000000");
  EXPECT_EQ(Read("9223372036854775807ns"), "9223372036854775807");
  EXPECT_EQ(Read("1." + std::string(1000, '0') + "9s"), "1000000000");
}

TEST(GoDuration, RefusesWhatGoRefuses) {
  EXPECT_EQ(Read(""), "time: invalid duration \"\"");
  EXPECT_EQ(Read("-"), "time: invalid duration \"-\"");
  EXPECT_EQ(Read("s"), "time: invalid duration \"s\"");
  EXPECT_EQ(Read(".s"), "time: invalid duration \".s\"");
  EXPECT_EQ(Read("1"), "time: missing unit in duration \"1\"");
  EXPECT_EQ(Read("1.5"), "time: missing unit in duration \"1.5\"");
  EXPECT_EQ(Read("1d"), "time: unknown unit \"d\" in duration \"1d\"");
  EXPECT_EQ(Read("1s "), "time: unknown unit \"s \" in duration \"1s \"");
  EXPECT_EQ(Read("9223372036854775808ns"), "time: invalid duration \"9223372036854775808ns\"");
  EXPECT_EQ(Read("3000000h"), "time: invalid duration \"3000000h\"");
  EXPECT_EQ(Read(std::string(100'000, '9') + "h").substr(0, 24), "time: invalid duration \"");
}

TEST(GoDuration, LooksBackDaysAndWeeks) {
  EXPECT_EQ(*ParseLookback("2d"), 172'800'000'000'000);
  EXPECT_EQ(*ParseLookback("1w1h"), 608'400'000'000'000);
  EXPECT_FALSE(ParseLookback("2y"));
}

}  // namespace
}  // namespace spoor::jaeger
