// A segment of arbitrary bytes, replayed. Besides raw bytes the input can ask for records whose checksums are right, so
// that what lies behind the checksums is reached too.
//
// Input: pieces of {kind, length (two bytes), bytes}; kind modulo 5:
//   0  the bytes as they are
//   1  a good record with the bytes as its body; the kind's high bits are its sequence
//   2  the same with a wrong checksum of the body
//   3  a good header whose length is wrong, then the bytes
//   4  begin another segment
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/check.h"
#include "base/crc32c.h"
#include "base/fault_file_system.h"
#include "wal/record_header.h"
#include "wal/wal.h"

namespace spoor {
namespace {

std::span<const std::byte> Bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

void AppendRecord(std::string& segment, WalRecordHeader header, std::string_view body) {
  std::span<const std::byte> bytes = std::as_bytes(std::span(&header, 1));
  header.header_crc = Crc32c(bytes.first(offsetof(WalRecordHeader, header_crc)));
  segment.append(reinterpret_cast<const char*>(&header), sizeof header);
  segment += body;
  segment.append(WalPadding(body.size()), '\0');
}

std::vector<std::string> MakeSegments(std::string_view input) {
  std::vector<std::string> segments(1);
  while (input.size() >= 3) {
    auto kind = static_cast<uint8_t>(input[0]);
    size_t length = static_cast<uint8_t>(input[1]) | static_cast<size_t>(static_cast<uint8_t>(input[2])) << 8;
    input.remove_prefix(3);
    std::string_view bytes = input.substr(0, length);
    input.remove_prefix(bytes.size());
    WalRecordHeader header = MakeWalHeader(kind / 5, 0, Bytes(bytes));
    switch (kind % 5) {
      case 0: segments.back() += bytes; break;
      case 1: AppendRecord(segments.back(), header, bytes); break;
      case 2:
        header.body_crc ^= 1;
        AppendRecord(segments.back(), header, bytes);
        break;
      case 3:
        header.body_bytes += 1 + length * 997;
        AppendRecord(segments.back(), header, bytes);
        break;
      default: segments.emplace_back(bytes); break;
    }
  }
  segments.back() += input;
  return segments;
}

struct Outcome {
  std::vector<std::pair<uint64_t, uint64_t>> records;  // sequence, bytes of the body
  std::vector<uint64_t> damage;                        // offsets
  bool operator==(const Outcome&) const = default;
};

// Fails where the bytes of records and damage are not all the bytes. False for a log of another version.
bool Replay(FileSystem& disk, uint64_t bytes, Outcome& outcome) {
  Result<WalReplay> replay = ReplayWal(disk, "/wal", 0, [&](WalRecord record) {
    outcome.records.emplace_back(record.sequence, record.body_bytes);
    bytes -= sizeof(WalRecordHeader) + record.body_bytes;
    return Status();
  });
  if (!replay) {
    SPOOR_CHECK(replay.error().code == Code::kUnsupported);
    return false;
  }
  for (const WalDamage& damage : replay->damage) {
    outcome.damage.push_back(damage.offset);
    bytes -= damage.bytes;
  }
  bytes -= replay->refused_bytes;
  // What is left is padding, which the end of a segment may have cut off.
  SPOOR_CHECK(bytes <= outcome.records.size() * (kWalAlignment - 1));
  for (const auto& [sequence, body_bytes] : outcome.records) SPOOR_CHECK(replay->next_sequence >= sequence);
  return true;
}

void ReplayTwice(std::string_view input) {
  std::vector<std::string> segments = MakeSegments(input);
  FaultFileSystem disk;
  uint64_t bytes = 0;
  for (size_t i = 0; i < segments.size(); ++i) {
    bytes += segments[i].size();
    disk.Plant(fmt::format("/wal/{:020}.wal", i * 3), segments[i]);
  }
  Outcome first;
  if (!Replay(disk, bytes, first)) return;
  Outcome second;  // now the torn tail is set aside
  SPOOR_CHECK(Replay(disk, bytes, second));
  SPOOR_CHECK(first == second);
  for (size_t i = 0; i < segments.size(); ++i) {
    SPOOR_CHECK(disk.Contents(fmt::format("/wal/{:020}.wal", i * 3)) == segments[i]);
  }
}

}  // namespace
}  // namespace spoor

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  spoor::ReplayTwice({reinterpret_cast<const char*>(data), size});
  return 0;
}
