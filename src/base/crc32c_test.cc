#include "base/crc32c.h"

#include <gtest/gtest.h>

#include <random>
#include <string_view>
#include <vector>

namespace spoor {
namespace {

std::span<const std::byte> Bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

uint32_t BitByBit(std::span<const std::byte> bytes) {
  uint32_t crc = ~0u;
  for (std::byte byte : bytes) {
    crc ^= static_cast<uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78u : 0);
  }
  return ~crc;
}

std::vector<std::byte> RandomBytes(size_t size) {
  std::mt19937 random(7);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) byte = static_cast<std::byte>(random());
  return bytes;
}

TEST(Crc32c, GivesThePublishedChecksums) {
  std::vector<std::byte> zeros(32);
  std::vector<std::byte> ones(32, std::byte{0xFF});
  std::vector<std::byte> ascending(32);
  for (int i = 0; i < 32; ++i) ascending[i] = static_cast<std::byte>(i);
  for (auto sum : {&Crc32c, &Crc32cByTable}) {
    EXPECT_EQ(sum(Bytes(""), 0), 0u);
    EXPECT_EQ(sum(Bytes("123456789"), 0), 0xE3069283u);
    EXPECT_EQ(sum(zeros, 0), 0x8A9136AAu);
    EXPECT_EQ(sum(ones, 0), 0x62A8AB43u);
    EXPECT_EQ(sum(ascending, 0), 0x46DD794Eu);
  }
}

TEST(Crc32c, IsTheSameByEveryWayAtEveryLengthAndAlignment) {
  std::vector<std::byte> bytes = RandomBytes(60'000);
  std::vector<size_t> sizes;
  for (size_t size = 0; size < 900; ++size) sizes.push_back(size);
  for (size_t size : {3 * 4096 - 1, 3 * 4096, 3 * 4096 + 1, 3 * 4096 + 3 * 256 + 7, 6 * 4096 + 5, 50'000}) {
    sizes.push_back(size);
  }
  for (size_t offset = 0; offset < 8; ++offset) {
    for (size_t size : sizes) {
      std::span<const std::byte> part = std::span(bytes).subspan(offset, size);
      uint32_t expected = BitByBit(part);
      ASSERT_EQ(Crc32c(part), expected) << size << " bytes at " << offset;
      ASSERT_EQ(Crc32cByTable(part), expected) << size << " bytes at " << offset;
    }
  }
}

TEST(Crc32c, ContinuesFromTheChecksumOfWhatStandsBefore) {
  std::vector<std::byte> bytes = RandomBytes(20'000);
  std::span<const std::byte> all(bytes);
  for (size_t cut : {0, 1, 7, 8, 768, 9'999, 12'288, 20'000}) {
    EXPECT_EQ(Crc32c(all.subspan(cut), Crc32c(all.first(cut))), Crc32c(all)) << "cut at " << cut;
    EXPECT_EQ(Crc32cByTable(all.subspan(cut), Crc32cByTable(all.first(cut))), Crc32c(all)) << "cut at " << cut;
  }
}

}  // namespace
}  // namespace spoor
