#include "store/seal.h"

#include <fmt/format.h>

#include "block/block_writer.h"

namespace spoor {

std::string BlockFileName(uint64_t block_id) { return fmt::format("{:020}.block", block_id); }

namespace {

// The only other copy of these spans, a log or other blocks, goes once this has succeeded: so what every question
// begins with is read back first, the tables, the dictionary and the heads of all pages.
Status ReadBack(Block& block) {
  RETURN_IF_ERROR(block.Traces());
  RETURN_IF_ERROR(block.FindText(""));
  for (uint32_t page = 0; page < block.page_count(); ++page) {
    ASSIGN_OR_RETURN(const auto columns, block.Page(page));
    if (page > 0) continue;
    static_cast<void>(columns->String(0));
    RETURN_IF_ERROR(columns->status());
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<Block>> SealLive(FileSystem& files, const std::string& folder, PageCache& cache,
                                        const Live& live, uint64_t block_id, RollupBuilder* rollup,
                                        uint32_t traces_max) {
  const Batches batches = live.Snapshot();
  const Live::Extent extent = live.extent();
  const BlockInput input{
      .id = block_id,
      .batches = batches,
      .arrival_min_ns = extent.arrival_min_ns,
      .arrival_max_ns = extent.arrival_max_ns,
      .wal_first_sequence = live.first_sequence(),
      .wal_last_sequence = live.last_sequence(),
      .traces_max = traces_max,
      .rollup = rollup,
  };
  ASSIGN_OR_RETURN(const BlockInfo info, WriteBlock(files, folder, input));
  return OpenWritten(files, folder, cache, info.id);
}

Result<std::shared_ptr<Block>> OpenWritten(FileSystem& files, const std::string& folder, PageCache& cache,
                                           uint64_t block_id) {
  const std::string path = folder + "/" + BlockFileName(block_id);
  const auto read = [&]() -> Result<std::shared_ptr<Block>> {
    ASSIGN_OR_RETURN(std::shared_ptr<Block> block, Block::Open(files, path, cache));
    RETURN_IF_ERROR(ReadBack(*block));
    return block;
  };
  auto block = read();
  if (block) return block;
  RETURN_IF_ERROR(files.Remove(path));
  RETURN_IF_ERROR(files.SyncFolder(folder));
  return std::move(block).error().Within("reading back what was written");
}

}  // namespace spoor
