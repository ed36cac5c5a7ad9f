#include "block/radix_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace spoor {
namespace {

TEST(RadixSort, SortsNumbersOfEveryWidthAndAnyCount) {
  std::mt19937 random(1);
  std::vector<uint32_t> spare;
  for (int bits = 1; bits <= 32; ++bits) {
    for (const size_t count : {0, 1, 2, 1000}) {
      std::vector<uint32_t> numbers(count);
      for (uint32_t& number : numbers) number = static_cast<uint32_t>(random() >> (32 - bits));
      std::vector<uint32_t> expected = numbers;
      std::ranges::sort(expected);
      RadixSort(numbers, bits, spare);
      ASSERT_EQ(numbers, expected);
    }
  }
}

}  // namespace
}  // namespace spoor
