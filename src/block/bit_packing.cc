#include "block/bit_packing.h"

#include <algorithm>
#include <cstring>

namespace spoor {
namespace {

constexpr uint64_t Mask(int width) { return width == 64 ? ~uint64_t{0} : (uint64_t{1} << width) - 1; }

}  // namespace

// Touches no byte behind `packed`.
uint64_t BitsAt(std::span<const std::byte> packed, size_t bit, int width) {
  if (width == 0) return 0;
  size_t byte = bit >> 3;
  int shift = static_cast<int>(bit & 7);
  uint64_t low = 0;
  std::memcpy(&low, packed.data() + byte, std::min<size_t>(8, packed.size() - byte));
  uint64_t value = low >> shift;
  if (shift + width > 64) value |= std::to_integer<uint64_t>(packed[byte + 8]) << (64 - shift);
  return value & Mask(width);
}

void PackBits(std::span<const uint64_t> values, uint64_t base, int width, std::byte* out) {
  if (width == 0) return;
  uint64_t pending = 0;
  int bits = 0;
  for (uint64_t value : values) {
    value -= base;
    pending |= value << bits;
    if (bits + width >= 64) {
      std::memcpy(out, &pending, 8);
      out += 8;
      int taken = 64 - bits;
      pending = taken == 64 ? 0 : value >> taken;
      bits = bits + width - 64;
    } else {
      bits += width;
    }
  }
  std::memcpy(out, &pending, static_cast<size_t>(bits + 7) / 8);
}

void UnpackBits(std::span<const std::byte> packed, size_t begin, uint64_t base, int width, std::span<uint64_t> out) {
  if (width == 0) {
    for (uint64_t& value : out) value = base;
    return;
  }
  size_t bit = begin * static_cast<size_t>(width);
  size_t i = 0;
  if (width <= 57) {
    // One unaligned load holds the whole value, as long as eight bytes are left.
    const uint64_t mask = Mask(width);
    for (; i < out.size() && (bit >> 3) + 8 <= packed.size(); ++i, bit += static_cast<size_t>(width)) {
      uint64_t word;
      std::memcpy(&word, packed.data() + (bit >> 3), 8);
      out[i] = ((word >> (bit & 7)) & mask) + base;
    }
  }
  for (; i < out.size(); ++i, bit += static_cast<size_t>(width)) out[i] = BitsAt(packed, bit, width) + base;
}

}  // namespace spoor
