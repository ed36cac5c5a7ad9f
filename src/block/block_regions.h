// What stands where in a block's file, byte by byte: for those who want to look at it, or to check it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "block/block_info.h"

namespace spoor {

// A run of bytes with one meaning (docs/formats/block.md).
struct BlockRegion {
  uint64_t offset = 0;
  uint64_t bytes = 0;
  std::optional<uint32_t> checksum;  // that it must have
  std::string what;                  // "page 3/duration: 8192 numbers, planes, 12 to 9000"
  bool is_inner = false;             // of a page: told below its directory
};

struct BlockRegions {
  uint64_t file_bytes = 0;
  BlockInfo info;                    // where it can be read
  std::vector<BlockRegion> regions;  // by offset
  std::vector<Error> problems;       // why regions are missing here, if they are; with file and offset
};

// Everything that the footer leads to. kCorrupt or kUnsupported where there is no footer that can be read. Damaged
// parts are listed where others lead to them; what they lead to is missing.
Result<BlockRegions> ListBlockRegions(FileSystem& files, const std::string& path);

// Reads a region. kCorrupt, with file and offset, where its checksum is another.
Status CheckBlockRegion(const File& file, const BlockRegion& region);

}  // namespace spoor
