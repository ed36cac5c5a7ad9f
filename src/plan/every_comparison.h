// What each comparison means, in plain operators: what tests hold answers against.
#pragma once

#include "plan/filter.h"

namespace spoor {

inline constexpr CompareOp kEveryCompareOp[] = {CompareOp::kEqual,     CompareOp::kNotEqual, CompareOp::kLess,
                                                CompareOp::kLessEqual, CompareOp::kGreater,  CompareOp::kGreaterEqual};

template <class T>
bool Holds(const T& value, CompareOp op, const T& literal) {
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

}  // namespace spoor
