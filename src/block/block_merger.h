// Makes one block out of several, page by page.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "base/file_system.h"
#include "base/result.h"
#include "block/block_info.h"

namespace spoor {

struct BlockMerge {
  uint64_t id = 0;
  // Of the blocks, in the order of their arrival: equal spans of several are kept once, those of the first.
  std::span<const std::string> paths;
  // Of decoded pages that may be in memory at a time. What else is: 100 bytes a trace of the inputs and of the output,
  // 12 bytes a span, 4 bytes a string of the inputs' dictionaries, and the traces that stand in several inputs, some
  // ten thousand spans of them at a time.
  size_t page_bytes_max = size_t{32} << 20;
  // Told how many bytes were read and written since it was called the last time. False ends the merge with kCancelled.
  std::function<bool(uint64_t read_bytes, uint64_t written_bytes)> on_progress;
};

// Writes FOLDER/<id>.block.tmp with all spans of the blocks, and syncs it. Traces that stood in several of them are
// whole there. It exists for nobody until PublishMerged. On an error the temporary file is removed where possible, and
// nothing else has changed: kTooLarge where pages that belong together do not fit into memory, kCorrupt where an input
// is damaged. Thread-safe.
Result<BlockInfo> MergeBlocks(FileSystem& files, const std::string& folder, const BlockMerge& merge);

// Renames what MergeBlocks wrote into place and syncs the folder.
Status PublishMerged(FileSystem& files, const std::string& folder, uint64_t id);
// Removes it instead.
void DiscardMerged(FileSystem& files, const std::string& folder, uint64_t id);

}  // namespace spoor
