// Making a block out of a live one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/file_system.h"
#include "base/result.h"
#include "block/block.h"
#include "block/page_cache.h"
#include "model/rollup_builder.h"
#include "store/live.h"

namespace spoor {

// Writes what `live` holds, which takes in nothing more, as block `block_id` of `folder` and opens it. After an error
// the block may be there or not; the same call again puts it right. REQUIRES that `live` is not empty. Counts the spans
// in `rollup`, where that is given. kTooLarge where one block (of at most `traces_max` traces) cannot hold it: then it
// is to be divided (store/seal_parts.h).
Result<std::shared_ptr<Block>> SealLive(FileSystem& files, const std::string& folder, PageCache& cache,
                                        const Live& live, uint64_t block_id, RollupBuilder* rollup = nullptr,
                                        uint32_t traces_max = UINT32_MAX);

// Opens block `block_id`, which was just written, and reads back what every question begins with. On an error it is
// removed: left in place, the next start would take it for all there is of its spans.
Result<std::shared_ptr<Block>> OpenWritten(FileSystem& files, const std::string& folder, PageCache& cache,
                                           uint64_t block_id);

// "<id, 20 digits>.block"
std::string BlockFileName(uint64_t block_id);

}  // namespace spoor
