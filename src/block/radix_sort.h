// Sorting many 32-bit numbers without comparing them.
#pragma once

#include <cstdint>
#include <vector>

namespace spoor {

// Sorts numbers of which at most the lowest `bits` are set, by each digit in turn, the lowest first. `spare` is memory
// that callers keep for the next time. Linear.
void RadixSort(std::vector<uint32_t>& numbers, int bits, std::vector<uint32_t>& spare);

}  // namespace spoor
