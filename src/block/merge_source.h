// MergeSource: a block that is read from front to back to be merged with others.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/result.h"
#include "block/block_file.h"
#include "block/block_info.h"
#include "block/block_sections.h"
#include "block/page_batch.h"
#include "block/page_reader.h"

namespace spoor {

// One thread's at a time. Holds the block's tables; its pages are read when they are asked for, past the page cache
// that questions share: what is read once must not drive out what is read often.
class MergeSource {
 public:
  // `cache` is the merge's own, and outlives it.
  static Result<std::unique_ptr<MergeSource>> Open(FileSystem& files, const std::string& path, PageCache& cache);

  const BlockInfo& info() const { return info_; }
  const BlockTables& tables() const { return *context_.tables; }
  const TraceTable& traces() const { return *context_.traces; }
  const std::vector<BlockOperation>& operations() const { return operations_; }

  uint32_t page_count() const { return static_cast<uint32_t>(pages_.size()); }
  uint32_t page_begin(uint32_t page) const { return page_begin_[page]; }
  uint32_t PageOfRow(uint32_t row) const;
  Result<PageReader> OpenPage(uint32_t page) const;
  Result<std::shared_ptr<const PageBatch>> ReadPage(uint32_t page, const RawTargets& raw) const;

  // Everything of the spans [begin, end), as Block::ReadRows.
  Result<std::shared_ptr<const SpanBatch>> ReadRows(uint32_t begin, uint32_t end) const;
  // The strings of a chunk of the dictionary.
  Result<std::shared_ptr<const TextColumn>> Chunk(uint32_t chunk) const {
    return sections_.Chunk(tables().dictionary, chunk);
  }

 private:
  MergeSource(std::unique_ptr<BlockFile> file, std::vector<SectionEntry> sections)
      : file_(std::move(file)), sections_(*file_, std::move(sections)) {}
  Status Load();

  std::unique_ptr<BlockFile> file_;
  BlockSections sections_;
  BlockInfo info_;
  PageContext context_;
  std::vector<PageEntry> pages_;
  std::vector<uint32_t> page_begin_{0};
  std::vector<BlockOperation> operations_;
};

}  // namespace spoor
