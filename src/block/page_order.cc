#include "block/page_order.h"

#include <algorithm>
#include <array>
#include <utility>

namespace spoor {
namespace {

constexpr int kDigitBits = 8;

}  // namespace

// Sorts by each digit of the code in turn, the lowest first; every step keeps the order of equals.
std::vector<uint32_t> OrderByName(std::span<const uint32_t> names) {
  std::vector<uint32_t> order(names.size());
  for (uint32_t row = 0; row < order.size(); ++row) order[row] = row;
  if (names.empty()) return order;
  const uint32_t max = *std::ranges::max_element(names);
  std::vector<uint32_t> next(names.size());
  for (int shift = 0; shift < 32 && (max >> shift) != 0; shift += kDigitBits) {
    std::array<uint32_t, 1u << kDigitBits> begin{};
    const auto digit = [&](uint32_t row) { return names[row] >> shift & (begin.size() - 1); };
    for (uint32_t row = 0; row < names.size(); ++row) ++begin[digit(row)];
    uint32_t sum = 0;
    for (uint32_t& count : begin) sum += std::exchange(count, sum);
    for (const uint32_t row : order) next[begin[digit(row)]++] = row;
    order.swap(next);
  }
  return order;
}

}  // namespace spoor
