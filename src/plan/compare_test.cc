#include "plan/compare.h"

#include <gtest/gtest.h>

#include <cmath>

namespace spoor {
namespace {

constexpr CompareOp kOps[] = {CompareOp::kEqual,     CompareOp::kNotEqual, CompareOp::kLess,
                              CompareOp::kLessEqual, CompareOp::kGreater,  CompareOp::kGreaterEqual};

bool Holds(long double value, CompareOp op, long double literal) {
  switch (op) {
    case CompareOp::kEqual: return value == literal;
    case CompareOp::kNotEqual: return value != literal;
    case CompareOp::kLess: return value < literal;
    case CompareOp::kLessEqual: return value <= literal;
    case CompareOp::kGreater: return value > literal;
    case CompareOp::kGreaterEqual: return value >= literal;
  }
  return false;
}

TEST(Compare, NumbersAreComparedWithoutRounding) {
  const uint64_t values[] = {0, 1, 2, 3, (uint64_t{1} << 53) + 1, INT64_MAX, UINT64_MAX - 1, UINT64_MAX};
  const Literal literals[] = {int64_t{0}, int64_t{-1}, int64_t{2},   int64_t{INT64_MAX},
                              INT64_MIN,  0.0,         0.5,          2.0,
                              2.5,        -0.5,        -0.0,         0x1p53,
                              0x1p63,     0x1p64,      1e300,        -1e300,
                              HUGE_VAL,   -HUGE_VAL,   std::nan(""), 0x1.fffffffffffffp63};
  for (const uint64_t value : values) {
    for (const Literal& literal : literals) {
      for (const CompareOp op : kOps) {
        const auto* integer = std::get_if<int64_t>(&literal);
        const long double wide = integer ? static_cast<long double>(*integer) : std::get<double>(literal);
        EXPECT_EQ(RangeOf(op, literal).Has(value), Holds(value, op, wide))
            << value << " " << static_cast<int>(op) << " " << static_cast<double>(wide);
      }
    }
  }
}

TEST(Compare, TextAndTruthMatchNoNumber) {
  for (const CompareOp op : kOps) {
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
