// What stands before each body in a segment. docs/formats/wal.md gives the layout; all numbers are little-endian.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace spoor {

static_assert(std::endian::native == std::endian::little, "headers are read and written as they lie in memory");

inline constexpr uint16_t kWalVersion = 0;

// Begins and ends with bytes that no UTF-8 text holds.
inline constexpr std::array<unsigned char, 8> kWalMarker = {0xF5, 'S', 'P', 'O', 'O', 'R', 'W', 0xFF};

struct WalRecordHeader {
  std::array<unsigned char, 8> marker = kWalMarker;
  uint16_t version = kWalVersion;
  uint16_t flags = 0;
  uint32_t body_crc = 0;
  uint64_t sequence = 0;
  uint64_t arrival_ns = 0;
  uint64_t body_bytes = 0;
  uint32_t reserved = 0;
  uint32_t header_crc = 0;  // of all bytes before
};
static_assert(sizeof(WalRecordHeader) == 48);
static_assert(std::has_unique_object_representations_v<WalRecordHeader>, "no byte is padding");

// Bodies are followed by zeros up to the next multiple of this, so records that follow each other stay aligned.
inline constexpr size_t kWalAlignment = 8;
inline constexpr size_t WalPadding(uint64_t body_bytes) { return (kWalAlignment - body_bytes) % kWalAlignment; }

// The header of `body`, complete.
WalRecordHeader MakeWalHeader(uint64_t sequence, uint64_t arrival_ns, std::span<const std::byte> body);

// Whether marker and checksum are right. The version may be any.
bool IsWalHeader(const WalRecordHeader& header);

}  // namespace spoor
