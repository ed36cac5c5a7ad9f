#include "block/radix_sort.h"

#include <array>
#include <utility>

namespace spoor {

void RadixSort(std::vector<uint32_t>& numbers, int bits, std::vector<uint32_t>& spare) {
  constexpr int kDigitBits = 11;
  spare.resize(numbers.size());
  for (int shift = 0; shift < bits; shift += kDigitBits) {
    std::array<uint32_t, 1u << kDigitBits> begin{};
    const auto digit = [&](uint32_t number) { return number >> shift & (begin.size() - 1); };
    for (const uint32_t number : numbers) ++begin[digit(number)];
    uint32_t sum = 0;
    for (uint32_t& count : begin) sum += std::exchange(count, sum);
    for (const uint32_t number : numbers) spare[begin[digit(number)]++] = number;
    numbers.swap(spare);
  }
}

}  // namespace spoor
