// PageWriter: a block's pages, one behind the other, then what the block says of all of them: their list and the text
// filter.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "block/block_appender.h"
#include "block/page_encoder.h"

namespace spoor {

// One thread's at a time. Everything it is made of must outlive it; `input` is as PageEncoder wants it.
class PageWriter {
 public:
  PageWriter(BlockAppender& appender, const PageInput& input, const SpanOrder& order, const AssembledTraces& traces)
      : appender_(appender), encoder_(input, order, traces) {}

  // The row that the next page begins with.
  uint32_t next_row() const { return page_begin_.back(); }
  // Appends the next page. REQUIRES that the encoder may look at its rows (PageEncoder::Encode).
  Status WriteNext();
  // Appends what is said of all pages.
  Status Finish();

  // The first row of each page, and the number of rows.
  std::span<const uint32_t> page_begin() const { return page_begin_; }
  uint64_t start_max_ns() const { return start_max_ns_; }

 private:
  Status AppendFilterGroup();

  BlockAppender& appender_;
  PageEncoder encoder_;
  std::vector<PageEntry> pages_;
  std::vector<uint32_t> page_begin_{0};
  uint64_t start_max_ns_ = 0;
  ByteWriter directory_, strips_, buckets_;
};

}  // namespace spoor
