// Bit packing: numbers of `width` bits one behind the other, the first in the lowest bits of the first byte.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace spoor {

// How many bits `value` needs: 0 for 0, 64 at most.
constexpr int BitWidth(uint64_t value) { return 64 - std::countl_zero(value); }

constexpr size_t PackedBytes(size_t count, int width) { return (count * static_cast<size_t>(width) + 7) / 8; }

// Writes PackedBytes() bytes to `out`. Every value, less `base`, has at most `width` bits (0 to 64).
void PackBits(std::span<const uint64_t> values, uint64_t base, int width, std::byte* out);

// Values `begin` .. `begin + out.size()` of `packed`, plus `base`. `packed` holds at least that many.
void UnpackBits(std::span<const std::byte> packed, size_t begin, uint64_t base, int width, std::span<uint64_t> out);

}  // namespace spoor
