#include "plan/compare.h"

#include <cmath>
#include <limits>

namespace spoor {
namespace {

constexpr uint64_t kMax = std::numeric_limits<uint64_t>::max();
constexpr NumberRange kNone{1, 0, false};
constexpr NumberRange kAll{0, kMax, false};

// `floor` and `ceiling` are the literal rounded down and up to whole numbers within [0, 2^64); they differ where the
// literal is not whole.
NumberRange Between(CompareOp op, uint64_t floor, uint64_t ceiling) {
  const bool whole = floor == ceiling;
  switch (op) {
    case CompareOp::kEqual: return whole ? NumberRange{floor, floor, false} : kNone;
    case CompareOp::kNotEqual: return whole ? NumberRange{floor, floor, true} : kAll;
    case CompareOp::kLess: return ceiling == 0 ? kNone : NumberRange{0, ceiling - 1, false};
    case CompareOp::kLessEqual: return {0, floor, false};
    case CompareOp::kGreater: return floor == kMax ? kNone : NumberRange{floor + 1, kMax, false};
    case CompareOp::kGreaterEqual: return {ceiling, kMax, false};
  }
  return kNone;
}

NumberRange AllBelow(CompareOp op) {  // the literal is above every value
  const bool yes = op == CompareOp::kLess || op == CompareOp::kLessEqual || op == CompareOp::kNotEqual;
  return yes ? kAll : kNone;
}

NumberRange AllAbove(CompareOp op) {  // the literal is below every value
  const bool yes = op == CompareOp::kGreater || op == CompareOp::kGreaterEqual || op == CompareOp::kNotEqual;
  return yes ? kAll : kNone;
}

NumberRange RangeOfDouble(CompareOp op, double literal) {
  if (std::isnan(literal)) return op == CompareOp::kNotEqual ? kAll : kNone;
  if (literal < 0) return AllAbove(op);
  if (literal >= 0x1p64) return AllBelow(op);
  const auto floor = static_cast<uint64_t>(std::floor(literal));
  return Between(op, floor, static_cast<double>(floor) == literal ? floor : floor + 1);
}

}  // namespace

NumberRange RangeOf(CompareOp op, const Literal& literal) {
  if (const auto* number = std::get_if<int64_t>(&literal)) {
    if (*number < 0) return AllAbove(op);
    return Between(op, static_cast<uint64_t>(*number), static_cast<uint64_t>(*number));
  }
  if (const auto* number = std::get_if<double>(&literal)) return RangeOfDouble(op, *number);
  return kNone;
}

bool CompareText(std::string_view text, CompareOp op, std::string_view literal) {
  const int order = text.compare(literal);
  switch (op) {
    case CompareOp::kEqual: return order == 0;
    case CompareOp::kNotEqual: return order != 0;
    case CompareOp::kLess: return order < 0;
    case CompareOp::kLessEqual: return order <= 0;
    case CompareOp::kGreater: return order > 0;
    case CompareOp::kGreaterEqual: return order >= 0;
  }
  return false;
}

}  // namespace spoor
