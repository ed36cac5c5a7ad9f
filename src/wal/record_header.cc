#include "wal/record_header.h"

#include "base/crc32c.h"

namespace spoor {
namespace {

uint32_t HeaderCrc(const WalRecordHeader& header) {
  return Crc32c(std::as_bytes(std::span(&header, 1)).first(offsetof(WalRecordHeader, header_crc)));
}

}  // namespace

WalRecordHeader MakeWalHeader(uint64_t sequence, uint64_t arrival_ns, std::span<const std::byte> body) {
  WalRecordHeader header;
  header.body_crc = Crc32c(body);
  header.sequence = sequence;
  header.arrival_ns = arrival_ns;
  header.body_bytes = body.size();
  header.header_crc = HeaderCrc(header);
  return header;
}

bool IsWalHeader(const WalRecordHeader& header) {
  return header.marker == kWalMarker && header.header_crc == HeaderCrc(header);
}

}  // namespace spoor
