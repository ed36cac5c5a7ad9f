// Makes the immutable block file out of live batches. docs/formats/block.md gives the layout.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/file_system.h"
#include "base/result.h"
#include "block/block_info.h"
#include "model/rollup_builder.h"
#include "model/span_batch.h"

namespace spoor {

struct BlockInput {
  uint64_t id = 0;
  std::span<const std::shared_ptr<const SpanBatch>> batches;  // in order of arrival; at least one span in all
  uint64_t arrival_min_ns = 0;
  uint64_t arrival_max_ns = 0;
  uint64_t wal_first_sequence = 0;
  uint64_t wal_last_sequence = 0;
  uint32_t traces_max = UINT32_MAX;  // where that is less than the format allows
  RollupBuilder* rollup = nullptr;   // where to count the block's spans and calls, if anywhere; also before an error
};

// Merges the batches' dictionaries, sorts the spans (trace's first start, trace id, span start, span id, arrival),
// leaves out spans that are equal to another, writes FOLDER/<id>.block.tmp, syncs it, renames it into place and syncs
// the folder. Only then does the block exist. On an error the temporary file is removed where possible, and nothing
// else has changed. Thread-safe; holds about one column of the block in memory beyond the batches and the merged
// dictionary.
Result<BlockInfo> WriteBlock(FileSystem& files, const std::string& folder, const BlockInput& input);

}  // namespace spoor
