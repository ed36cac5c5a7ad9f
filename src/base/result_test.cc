#include "base/result.h"

#include <gtest/gtest.h>

#include <memory>

namespace spoor {
namespace {

Result<int> Half(int number) {
  if (number % 2 != 0) return Invalid(std::to_string(number) + " is odd");
  return number / 2;
}

Result<int> Quarter(int number) {
  ASSIGN_OR_RETURN(const int half, Half(number));
  ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}

Status OnlyEven(int number) {
  RETURN_IF_ERROR(Half(number));
  return {};
}

TEST(Result, CarriesAValueOrAnErrorOutwards) {
  EXPECT_EQ(*Quarter(8), 2);
  const Result<int> failed = Quarter(6);
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().code, Code::kInvalid);
  EXPECT_EQ(failed.error().message, "3 is odd");
  EXPECT_EQ(failed.error().Within("quarter").message, "quarter: 3 is odd");
  EXPECT_TRUE(OnlyEven(2));
  EXPECT_FALSE(OnlyEven(3));
}

TEST(Result, HoldsWhatCanOnlyBeMoved) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = *std::move(result);
  EXPECT_EQ(*taken, 7);
}

TEST(ResultDeathTest, ReadingTheSideThatIsNotThereEndsTheProcess) {
  EXPECT_DEATH(static_cast<void>(*Half(1)), "check failed");
  EXPECT_DEATH(static_cast<void>(Half(2).error()), "check failed");
  EXPECT_DEATH(OnlyEven(1).value(), "check failed");
}

TEST(Result, NamesEveryCode) {
  EXPECT_EQ(CodeName(Code::kTooLarge), "too_large");
  EXPECT_EQ(CodeName(Code::kUnsupported), "unsupported");
}

}  // namespace
}  // namespace spoor
