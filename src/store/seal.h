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
// in `rollup`, where that is given.
Result<std::shared_ptr<Block>> SealLive(FileSystem& files, const std::string& folder, PageCache& cache,
                                        const Live& live, uint64_t block_id, RollupBuilder* rollup = nullptr);

// "<id, 20 digits>.block"
std::string BlockFileName(uint64_t block_id);

}  // namespace spoor
