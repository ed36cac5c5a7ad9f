// CRC32C (Castagnoli, reflected polynomial 0x82F63B78): the checksum of everything on disk. RFC 3720, appendix B.4.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace spoor {

// The checksum of `bytes`: 0xE3069283 for "123456789". Given the checksum of what stands before as `before`, that of
// both together. Uses the processor's instruction where there is one.
uint32_t Crc32c(std::span<const std::byte> bytes, uint32_t before = 0);

// The same by table, on any processor.
uint32_t Crc32cByTable(std::span<const std::byte> bytes, uint32_t before = 0);

}  // namespace spoor
