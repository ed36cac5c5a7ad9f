// What comparing with a literal means, for one value: shared by the evaluator and whoever checks it.
#pragma once

#include <cstdint>
#include <string_view>

#include "plan/filter.h"

namespace spoor {

// The unsigned numbers that stand in `op` to a literal: [low, high], or all others where `outside`. Every comparison of
// a column with a number is one of these. Text and truth values match nothing.
struct NumberRange {
  uint64_t low = 1;
  uint64_t high = 0;  // below low: none
  bool outside = false;

  bool IsNone() const { return low > high && !outside; }
  bool Has(uint64_t value) const { return (value >= low && value <= high) != outside; }
};
NumberRange RangeOf(CompareOp op, const Literal& literal);

// Whether `text` stands in `op` to `literal`, byte by byte.
bool CompareText(std::string_view text, CompareOp op, std::string_view literal);

}  // namespace spoor
