// Bit packing: numbers of `width` bits one behind the other, the first in the lowest bits of the first byte.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace spoor {

// How many bits `value` needs: 0 for 0, 64 at most.
constexpr int BitWidth(uint64_t value) { return 64 - std::countl_zero(value); }

// How many bits tell a number of `width` bits, once its width is known: the highest is 1.
constexpr size_t BitsBelowHighest(int width) { return width < 2 ? 0 : static_cast<size_t>(width) - 1; }

constexpr size_t PackedBytes(size_t count, int width) { return (count * static_cast<size_t>(width) + 7) / 8; }

// Writes PackedBytes() bytes to `out`. Every value, less `base`, has at most `width` bits (0 to 64).
void PackBits(std::span<const uint64_t> values, uint64_t base, int width, std::byte* out);

// Writes numbers of any widths, one behind the other, to bytes that have room for them all.
class BitWriter {
 public:
  explicit BitWriter(std::byte* out) : out_(out) {}

  // The lowest `width` bits (0 to 63) of `value`.
  void Put(uint64_t value, int width) {
    value &= (uint64_t{1} << width) - 1;
    pending_ |= value << bits_;
    if (bits_ + width < 64) {
      bits_ += width;
      return;
    }
    std::memcpy(out_, &pending_, 8);
    out_ += 8;
    const int taken = 64 - bits_;
    pending_ = taken == 64 ? 0 : value >> taken;
    bits_ = width - taken;
  }
  // Writes what is pending. The last call.
  void Finish() {
    if (bits_ > 0) std::memcpy(out_, &pending_, static_cast<size_t>(bits_ + 7) / 8);
  }

 private:
  std::byte* out_;
  uint64_t pending_ = 0;
  int bits_ = 0;  // of pending_, below 64
};

// The `width` bits (0 to 64) from bit `bit` of `packed` on, which holds them.
uint64_t BitsAt(std::span<const std::byte> packed, size_t bit, int width);

// Values `begin` .. `begin + out.size()` of `packed`, plus `base`. `packed` holds at least that many.
void UnpackBits(std::span<const std::byte> packed, size_t begin, uint64_t base, int width, std::span<uint64_t> out);

}  // namespace spoor
