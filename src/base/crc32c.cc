#include "base/crc32c.h"

#include <array>
#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

static_assert(std::endian::native == std::endian::little, "words are read from bytes as they lie");

namespace spoor {
namespace {

constexpr uint32_t kPolynomial = 0x82F63B78;

// A linear map of checksums, as the images of the 32 single bits.
using BitMap = std::array<uint32_t, 32>;

constexpr uint32_t Apply(const BitMap& map, uint32_t value) {
  uint32_t sum = 0;
  for (int bit = 0; value != 0; ++bit, value >>= 1) {
    if ((value & 1) != 0) sum ^= map[bit];
  }
  return sum;
}

// What `2^doublings` zero bytes do to a checksum.
constexpr BitMap ZeroBytes(int doublings) {
  BitMap map{};
  map[0] = kPolynomial;  // one zero bit
  for (int bit = 1; bit < 32; ++bit) map[bit] = uint32_t{1} << (bit - 1);
  for (int i = 0; i < doublings + 3; ++i) {
    BitMap squared{};
    for (int bit = 0; bit < 32; ++bit) squared[bit] = Apply(map, map[bit]);
    map = squared;
  }
  return map;
}

using ByteTables = std::array<std::array<uint32_t, 256>, 8>;

// Table t: what a byte becomes when t more bytes of zero have followed it.
constexpr ByteTables MakeByteTables() {
  ByteTables tables{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? kPolynomial : 0);
    tables[0][byte] = crc;
  }
  for (int t = 1; t < 8; ++t) {
    for (int byte = 0; byte < 256; ++byte) {
      uint32_t crc = tables[t - 1][byte];
      tables[t][byte] = (crc >> 8) ^ tables[0][crc & 0xFF];
    }
  }
  return tables;
}
constexpr ByteTables kByteTables = MakeByteTables();

uint64_t LoadWord(const std::byte* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

#if defined(__x86_64__)

using ShiftTables = std::array<std::array<uint32_t, 256>, 4>;

// ZeroBytes, a byte of the checksum at a time.
constexpr ShiftTables MakeShiftTables(int doublings) {
  BitMap map = ZeroBytes(doublings);
  ShiftTables tables{};
  for (uint32_t part = 0; part < 4; ++part) {
    for (uint32_t byte = 0; byte < 256; ++byte) tables[part][byte] = Apply(map, byte << (8 * part));
  }
  return tables;
}

// The instruction takes a word each cycle but answers after three, so three stretches are summed side by side and put
// together by shifting the earlier ones over the length of the later: long stretches for long bytes, short for the
// rest.
constexpr int kLongDoublings = 12;
constexpr int kShortDoublings = 8;
constexpr ShiftTables kLongShift = MakeShiftTables(kLongDoublings);
constexpr ShiftTables kShortShift = MakeShiftTables(kShortDoublings);

uint32_t Shift(const ShiftTables& tables, uint32_t crc) {
  return tables[0][crc & 0xFF] ^ tables[1][(crc >> 8) & 0xFF] ^ tables[2][(crc >> 16) & 0xFF] ^ tables[3][crc >> 24];
}

template <int kDoublings>
__attribute__((target("sse4.2"))) uint32_t ThreeStretches(const ShiftTables& shift, const std::byte* at, uint64_t crc) {
  constexpr size_t kStretch = size_t{1} << kDoublings;
  uint64_t first = crc;
  uint64_t second = 0;
  uint64_t third = 0;
  for (const std::byte* end = at + kStretch; at != end; at += 8) {
    first = _mm_crc32_u64(first, LoadWord(at));
    second = _mm_crc32_u64(second, LoadWord(at + kStretch));
    third = _mm_crc32_u64(third, LoadWord(at + 2 * kStretch));
  }
  uint32_t both = Shift(shift, static_cast<uint32_t>(first)) ^ static_cast<uint32_t>(second);
  return Shift(shift, both) ^ static_cast<uint32_t>(third);
}

__attribute__((target("sse4.2"))) uint32_t Crc32cByInstruction(std::span<const std::byte> bytes, uint32_t before) {
  const std::byte* at = bytes.data();
  const std::byte* end = at + bytes.size();
  uint64_t crc = static_cast<uint32_t>(~before);
  for (; static_cast<size_t>(end - at) >= size_t{3} << kLongDoublings; at += size_t{3} << kLongDoublings) {
    crc = ThreeStretches<kLongDoublings>(kLongShift, at, crc);
  }
  for (; static_cast<size_t>(end - at) >= size_t{3} << kShortDoublings; at += size_t{3} << kShortDoublings) {
    crc = ThreeStretches<kShortDoublings>(kShortShift, at, crc);
  }
  for (; end - at >= 8; at += 8) crc = _mm_crc32_u64(crc, LoadWord(at));
  auto rest = static_cast<uint32_t>(crc);
  for (; at != end; ++at) rest = _mm_crc32_u8(rest, static_cast<uint8_t>(*at));
  return ~rest;
}

#endif

}  // namespace

uint32_t Crc32cByTable(std::span<const std::byte> bytes, uint32_t before) {
  const std::byte* at = bytes.data();
  const std::byte* end = at + bytes.size();
  uint32_t crc = ~before;
  for (; end - at >= 8; at += 8) {
    uint64_t word = LoadWord(at) ^ crc;
    crc = 0;
    for (int i = 0; i < 8; ++i) crc ^= kByteTables[7 - i][(word >> (8 * i)) & 0xFF];
  }
  for (; at != end; ++at) crc = (crc >> 8) ^ kByteTables[0][(crc ^ static_cast<uint8_t>(*at)) & 0xFF];
  return ~crc;
}

uint32_t Crc32c(std::span<const std::byte> bytes, uint32_t before) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2");
  if (has_instruction) return Crc32cByInstruction(bytes, before);
#endif
  return Crc32cByTable(bytes, before);
}

}  // namespace spoor
