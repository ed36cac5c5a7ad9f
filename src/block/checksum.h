// Whether bytes are the ones that were written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/result.h"

namespace spoor {

// kCorrupt, with both sums, where the CRC32C of `bytes` is not `expected`.
Status VerifyChecksum(std::span<const std::byte> bytes, uint32_t expected);

// For fuzzers only, which would never get past a checksum: from now on, every one is right.
void BelieveAllChecksums();

}  // namespace spoor
