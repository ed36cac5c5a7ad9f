#include "store/seal.h"

#include <fmt/format.h>

#include "block/block_writer.h"

namespace spoor {

std::string BlockFileName(uint64_t block_id) { return fmt::format("{:020}.block", block_id); }

Result<std::shared_ptr<Block>> SealLive(FileSystem& files, const std::string& folder, PageCache& cache,
                                        const Live& live, uint64_t block_id) {
  const Batches batches = live.Snapshot();
  const Live::Extent extent = live.extent();
  const BlockInput input{
      .id = block_id,
      .batches = batches,
      .arrival_min_ns = extent.arrival_min_ns,
      .arrival_max_ns = extent.arrival_max_ns,
      .wal_first_sequence = live.first_sequence(),
      .wal_last_sequence = live.last_sequence(),
  };
  ASSIGN_OR_RETURN(const BlockInfo info, WriteBlock(files, folder, input));
  return Block::Open(files, folder + "/" + BlockFileName(info.id), cache);
}

}  // namespace spoor
