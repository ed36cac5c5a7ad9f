#include "plan/value_text.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace spoor {
namespace {

std::string TextOfDouble(double value) {
  std::string out;
  AppendValueText(out, ValueType::kDouble, DoubleToCell(value), {});
  return out;
}
std::string TextOf(ValueType type, uint64_t cell, std::string_view bytes = {}) {
  std::string out;
  AppendValueText(out, type, cell, bytes);
  return out;
}

// An AnyValue: ["x", 1, -2.5, true, <bytes 0102>, {"k": empty}].
constexpr std::string_view kArray(
    "\x2a\x26"
    "\x0a\x03\x0a\x01x"
    "\x0a\x02\x18\x01"
    "\x0a\x09\x21\x00\x00\x00\x00\x00\x00\x04\xc0"
    "\x0a\x02\x10\x01"
    "\x0a\x04\x3a\x02\x01\x02"
    "\x0a\x06\x32\x04\x0a\x02\x0a\x00",
    40);

TEST(ValueText, WritesEachType) {
  EXPECT_EQ(TextOf(ValueType::kEmpty, 0), "");
  EXPECT_EQ(TextOf(ValueType::kString, 7, "as \"it\" is"), "as \"it\" is");
  EXPECT_EQ(TextOf(ValueType::kBool, 1), "true");
  EXPECT_EQ(TextOf(ValueType::kBool, 0), "false");
  EXPECT_EQ(TextOf(ValueType::kInt, static_cast<uint64_t>(INT64_MIN)), "-9223372036854775808");
  EXPECT_EQ(TextOf(ValueType::kBytes, 0, std::string_view("\x00\xff", 2)), "AP8=");
}

TEST(ValueText, WritesDoublesAsGoAndJavaScriptDo) {
  EXPECT_EQ(TextOfDouble(1.5), "1.5");
  EXPECT_EQ(TextOfDouble(0.0), "0");
  EXPECT_EQ(TextOfDouble(-0.0), "-0");
  EXPECT_EQ(TextOfDouble(100), "100");
  EXPECT_EQ(TextOfDouble(0.1 + 0.2), "0.30000000000000004");
  EXPECT_EQ(TextOfDouble(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(TextOfDouble(-9007199254740994.0), "-9007199254740994");
  EXPECT_EQ(TextOfDouble(9007199254740991.0), "9007199254740991");
  EXPECT_EQ(TextOfDouble(1e20), "100000000000000000000");
  EXPECT_EQ(TextOfDouble(1e21), "1e+21");
  EXPECT_EQ(TextOfDouble(-1.5e300), "-1.5e+300");
  EXPECT_EQ(TextOfDouble(0.000001), "0.000001");
  EXPECT_EQ(TextOfDouble(1e-7), "1e-7");
  EXPECT_EQ(TextOfDouble(5e-324), "5e-324");
  EXPECT_EQ(TextOfDouble(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(TextOfDouble(HUGE_VAL), "Infinity");
  EXPECT_EQ(TextOfDouble(-HUGE_VAL), "-Infinity");
}

TEST(ValueText, WritesNestedValuesAsJson) {
  EXPECT_EQ(TextOf(ValueType::kArray, 0, kArray), R"(["x",1,-2.5,true,"AQI=",{"":null}])");
  EXPECT_EQ(TextOf(ValueType::kArray, 0, "\x2a\xff garbage"), "null");
}

TEST(ValueText, MatchesEveryTypeThatReadsTheSame) {
  const ValueText text("500");
  EXPECT_TRUE(text.MatchesBytes(ValueType::kString, "500"));
  EXPECT_TRUE(text.MatchesCell(ValueType::kInt, 500));
  EXPECT_TRUE(text.MatchesCell(ValueType::kDouble, DoubleToCell(500)));
  EXPECT_FALSE(text.MatchesCell(ValueType::kInt, 501));
  EXPECT_FALSE(text.MatchesCell(ValueType::kBool, 1));
  EXPECT_FALSE(text.MatchesCell(ValueType::kEmpty, 0));
  EXPECT_FALSE(text.MatchesBytes(ValueType::kString, "5000"));
}

TEST(ValueText, MatchesDoublesInAnySpellingAndIntegersInOne) {
  for (const char* spelling : {"1.5", "1.50", "15e-1", "0.15E+1"}) {
    EXPECT_TRUE(ValueText(spelling).MatchesCell(ValueType::kDouble, DoubleToCell(1.5))) << spelling;
  }
  for (const char* spelling : {"+Inf", "Inf", "Infinity", "+Infinity"}) {
    EXPECT_TRUE(ValueText(spelling).MatchesCell(ValueType::kDouble, DoubleToCell(HUGE_VAL))) << spelling;
  }
  EXPECT_TRUE(ValueText("-Inf").MatchesCell(ValueType::kDouble, DoubleToCell(-HUGE_VAL)));
  EXPECT_TRUE(ValueText("NaN").MatchesCell(ValueType::kDouble, DoubleToCell(std::nan(""))));
  for (const char* other : {"1.5x", " 1.5", "nan", "inf", "0x1p1", "", "1e999"}) {
    EXPECT_FALSE(ValueText(other).MatchesCell(ValueType::kDouble, DoubleToCell(1.5))) << other;
    EXPECT_FALSE(ValueText(other).MatchesCell(ValueType::kDouble, DoubleToCell(std::nan("")))) << other;
  }
  EXPECT_FALSE(ValueText("0500").MatchesCell(ValueType::kInt, 500));
  EXPECT_FALSE(ValueText("-0").MatchesCell(ValueType::kInt, 0));
  EXPECT_TRUE(ValueText("-1").MatchesCell(ValueType::kInt, UINT64_MAX));
}

TEST(ValueText, MatchesBytesAndNestedValues) {
  EXPECT_TRUE(ValueText("AQI=").MatchesBytes(ValueType::kBytes, "\x01\x02"));
  EXPECT_FALSE(ValueText("AQI").MatchesBytes(ValueType::kBytes, "\x01\x02"));
  EXPECT_TRUE(ValueText(R"(["x",1,-2.5,true,"AQI=",{"":null}])").MatchesBytes(ValueType::kArray, kArray));
  EXPECT_FALSE(ValueText(R"(["x"])").MatchesBytes(ValueType::kArray, kArray));
  EXPECT_TRUE(ValueText("").MatchesCell(ValueType::kEmpty, 0));
}

TEST(ValueText, KnowsWhatOnlyAStringCanBe) {
  EXPECT_FALSE(ValueText("no such value").MayBeOtherThanString());
  for (const char* text : {"true", "12", "1.5", "NaN", "AQI=", "[1]", "{}", ""}) {
    EXPECT_TRUE(ValueText(text).MayBeOtherThanString()) << text;
  }
}

}  // namespace
}  // namespace spoor
