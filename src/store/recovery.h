// Recovery: what a store finds on the disk when it starts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "block/page_cache.h"
#include "store/damage_log.h"
#include "store/retry_digests.h"
#include "store/store_options.h"
#include "store/view.h"

namespace spoor {

struct StoreFolders {
  std::string store;
  std::string wal;
  std::string blocks;
  std::string rollups;
};
StoreFolders FoldersOf(const StoreOptions& options);

// Creates the folders that are missing and makes their names durable.
Status CreateFolders(FileSystem& files, const StoreFolders& folders);

struct Recovered {
  View view;                       // all but the youngest of its live blocks wait to be sealed
  std::vector<uint64_t> replaced;  // blocks that are not in it, as others have replaced them, and are to be removed
  RetryDigests digests;            // of the records in the youngest live block
  uint64_t next_sequence = 1;
  uint64_t next_block_id = 1;
  uint64_t replayed_spans = 0;
};

// Opens the blocks, leaving those that cannot be read where they are, removes temporary files that a crash
// left, and replays what the log holds beyond the blocks. Damage is reported and passed
// over. An error only where a folder cannot be read at all. Blocks and log records get numbers from those of `next` on.
struct NextNumbers {
  uint64_t block_id = 1;
  uint64_t sequence = 1;
};
Result<Recovered> Recover(const StoreOptions& options, const StoreFolders& folders, PageCache& cache, DamageLog& damage,
                          NextNumbers next);

}  // namespace spoor
