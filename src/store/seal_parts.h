// Making several blocks out of a live one that is too much for one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "block/block.h"
#include "block/page_cache.h"
#include "model/rollup.h"
#include "store/live.h"

namespace spoor {

struct SealPartsQuestion {
  FileSystem& files;
  const std::string& blocks_folder;
  const std::string& set_aside_folder;
  PageCache& cache;
  const Live& live;  // takes in nothing more
  std::function<uint64_t()> take_block_id;
  uint32_t traces_max = UINT32_MAX;  // of a block, where that is less than its format allows
};

struct SealedPart {
  std::shared_ptr<Block> block;
  Rollup alone;  // what was counted of it by itself
};

// Divides the batches of `live` in halves until each half goes into a block; together the blocks have its range of log
// records. A batch that no block holds by itself is written to FOLDER/<its sequence>.wal, as a segment of the log with
// one record, and is in no answer from then on: that is logged and counted. After an error blocks may be there; the
// same call again makes others, which replace them at the next start. REQUIRES that `live` is not empty.
Result<std::vector<SealedPart>> SealInParts(const SealPartsQuestion& question);

}  // namespace spoor
