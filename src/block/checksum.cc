#include "block/checksum.h"

#include <fmt/format.h>

#include <atomic>

#include "base/crc32c.h"

namespace spoor {
namespace {

std::atomic<bool> believe_all{false};

}  // namespace

Status VerifyChecksum(std::span<const std::byte> bytes, uint32_t expected) {
  const uint32_t found = Crc32c(bytes);
  if (found == expected || believe_all.load(std::memory_order_relaxed)) return {};
  return Corrupt(fmt::format("checksum is {:08x}, expected {:08x}", found, expected));
}

void BelieveAllChecksums() { believe_all = true; }

}  // namespace spoor
