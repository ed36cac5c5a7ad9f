// The end of a block file: the list of its sections, and what the block says of itself.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "block/block_info.h"
#include "block/block_layout.h"
#include "block/byte_writer.h"

namespace spoor {

struct SectionEntry {
  block_layout::Section type = block_layout::Section::kInfo;
  uint32_t flags = 0;
  uint64_t offset = 0;
  uint64_t bytes = 0;
  uint32_t checksum = 0;
};

// The first bytes of the file.
void EncodeHead(ByteWriter& out);

// The footer and the tail behind it.
void EncodeFooter(std::span<const SectionEntry> sections, ByteWriter& out);

// Reads and checks head, tail and footer of `file`, which has `file_bytes` bytes. kCorrupt where they are no block's,
// kUnsupported where they are of a newer version or name a section that is required and unknown.
Result<std::vector<SectionEntry>> ReadFooter(const File& file, uint64_t file_bytes);

void EncodeInfo(const BlockInfo& info, ByteWriter& out);
// All but file_bytes.
Result<BlockInfo> DecodeInfo(std::span<const std::byte> bytes);

}  // namespace spoor
