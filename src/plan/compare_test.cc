#include "plan/compare.h"

#include <gtest/gtest.h>

#include <cmath>

#include "plan/every_comparison.h"

namespace spoor {
namespace {

TEST(Compare, NumbersAreComparedWithoutRounding) {
  const uint64_t values[] = {0, 1, 2, 3, (uint64_t{1} << 53) + 1, INT64_MAX, UINT64_MAX - 1, UINT64_MAX};
  const Literal literals[] = {int64_t{0}, int64_t{-1}, int64_t{2},   int64_t{INT64_MAX},
                              INT64_MIN,  0.0,         0.5,          2.0,
                              2.5,        -0.5,        -0.0,         0x1p53,
                              0x1p63,     0x1p64,      1e300,        -1e300,
                              HUGE_VAL,   -HUGE_VAL,   std::nan(""), 0x1.fffffffffffffp63};
  for (const uint64_t value : values) {
    for (const Literal& literal : literals) {
      for (const CompareOp op : kEveryCompareOp) {
        const auto* integer = std::get_if<int64_t>(&literal);
        const long double wide = integer ? static_cast<long double>(*integer) : std::get<double>(literal);
        EXPECT_EQ(RangeOf(op, literal).Has(value), Holds(static_cast<long double>(value), op, wide))
            << value << " " << static_cast<int>(op) << " " << static_cast<double>(wide);
      }
    }
  }
}

TEST(Compare, TextAndTruthMatchNoNumber) {
  for (const CompareOp op : kEveryCompareOp) {
    EXPECT_TRUE(RangeOf(op, std::string("1")).IsNone());
    EXPECT_TRUE(RangeOf(op, true).IsNone());
  }
}

TEST(Compare, TextIsComparedByteByByte) {
  EXPECT_TRUE(CompareText("a", CompareOp::kLess, "b"));
  EXPECT_TRUE(CompareText("Z", CompareOp::kLess, "a"));
  EXPECT_TRUE(CompareText("a", CompareOp::kLess, "aa"));
  EXPECT_TRUE(CompareText("\xff", CompareOp::kGreater, "a"));
  EXPECT_TRUE(CompareText("a", CompareOp::kLessEqual, "a"));
  EXPECT_TRUE(CompareText("", CompareOp::kNotEqual, "a"));
  EXPECT_FALSE(CompareText("a", CompareOp::kGreater, "a"));
}

}  // namespace
}  // namespace spoor
