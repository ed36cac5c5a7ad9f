// The one evaluator: a filter over columns, a bit a span.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "model/span_columns.h"
#include "plan/filter.h"

namespace spoor {

// A bit a row; bits beyond the rows are zero.
class Selection {
 public:
  explicit Selection(uint32_t rows, bool value = false);

  uint32_t size() const { return rows_; }
  bool Has(uint32_t row) const { return (words_[row >> 6] >> (row & 63)) & 1; }
  void Set(uint32_t row) { words_[row >> 6] |= uint64_t{1} << (row & 63); }
  void SetRange(uint32_t begin, uint32_t end);
  void And(const Selection& other);
  void Or(const Selection& other);
  void Invert();
  bool Any() const;
  bool AnyIn(uint32_t begin, uint32_t end) const;
  uint32_t Count() const;
  // Rows that are set, ascending.
  std::vector<uint32_t> Rows() const;

  std::vector<uint64_t>& words() { return words_; }
  const std::vector<uint64_t>& words() const { return words_; }

 private:
  uint32_t rows_;
  std::vector<uint64_t> words_;
};

// The spans that fulfil `filter` and start within [start_min_ns, start_max_ns]. Touches the columns that decide,
// cheapest first, and none once nothing is left.
Result<Selection> Evaluate(const Filter& filter, uint64_t start_min_ns, uint64_t start_max_ns, SpanColumns& columns);
// The same of the spans of `live` only.
Result<Selection> Evaluate(const Filter& filter, uint64_t start_min_ns, uint64_t start_max_ns, SpanColumns& columns,
                           Selection live);

}  // namespace spoor
