#include <algorithm>
#include <bit>

#include "base/check.h"
#include "plan/evaluate.h"

namespace spoor {

Selection::Selection(uint32_t rows, bool value)
    : rows_(rows), words_((size_t{rows} + 63) / 64, value ? ~uint64_t{0} : 0) {
  if (value && rows % 64 != 0) words_.back() = (uint64_t{1} << (rows % 64)) - 1;
}

namespace {

// Bits [begin, end) of a word.
constexpr uint64_t Mask(uint32_t begin, uint32_t end) {
  return (end == 64 ? ~uint64_t{0} : (uint64_t{1} << end) - 1) & ~((uint64_t{1} << begin) - 1);
}

// Calls `visit(word, mask)` for the bits [begin, end) until it says true; whether it did.
bool VisitRange(uint32_t begin, uint32_t end, auto visit) {
  while (begin < end) {
    const uint32_t word = begin >> 6, until = std::min(end, (word + 1) << 6);
    if (visit(word, Mask(begin & 63, until - (word << 6)))) return true;
    begin = until;
  }
  return false;
}

}  // namespace

void Selection::SetRange(uint32_t begin, uint32_t end) {
  SPOOR_CHECK(end <= rows_);
  VisitRange(begin, end, [&](uint32_t word, uint64_t mask) {
    words_[word] |= mask;
    return false;
  });
}

bool Selection::AnyIn(uint32_t begin, uint32_t end) const {
  SPOOR_CHECK(end <= rows_);
  return VisitRange(begin, end, [&](uint32_t word, uint64_t mask) { return (words_[word] & mask) != 0; });
}

void Selection::And(const Selection& other) {
  SPOOR_CHECK(other.rows_ == rows_);
  for (size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
}

void Selection::Or(const Selection& other) {
  SPOOR_CHECK(other.rows_ == rows_);
  for (size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
}

void Selection::Invert() {
  for (uint64_t& word : words_) word = ~word;
  if (rows_ % 64 != 0) words_.back() &= (uint64_t{1} << (rows_ % 64)) - 1;
}

bool Selection::Any() const {
  for (const uint64_t word : words_) {
    if (word != 0) return true;
  }
  return false;
}

uint32_t Selection::Count() const {
  uint32_t count = 0;
  for (const uint64_t word : words_) count += static_cast<uint32_t>(std::popcount(word));
  return count;
}

std::vector<uint32_t> Selection::Rows() const {
  std::vector<uint32_t> rows;
  rows.reserve(Count());
  for (size_t i = 0; i < words_.size(); ++i) {
    for (uint64_t word = words_[i]; word != 0; word &= word - 1) {
      rows.push_back(static_cast<uint32_t>(i * 64 + static_cast<size_t>(std::countr_zero(word))));
    }
  }
  return rows;
}

}  // namespace spoor
